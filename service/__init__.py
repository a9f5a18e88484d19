"""The service: a JSON API for platforms and a page for people, on top of `classifier`."""
