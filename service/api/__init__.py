"""Routes for platforms: parse, delegate, answer."""
