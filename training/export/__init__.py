"""A bundle as a scikit-learn pipeline, for notebooks."""
