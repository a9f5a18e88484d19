"""The compiled loops. Each has a slow, obvious twin in the tests; callers use the plain modules above them."""
