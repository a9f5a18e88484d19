"""Build and judge classifiers from labelled posts."""
