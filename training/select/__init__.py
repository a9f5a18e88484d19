"""Which posts to label next."""
