"""The console: what an operator sees and orders over HTTP, and the addresses that others call."""
