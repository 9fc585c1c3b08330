"""Text: markup to plain text, clean, split into sentences, counted as each platform counts."""
