"""The criteria of a good guest, each a test named by its id, on a scripted local server and a clock set by hand."""
