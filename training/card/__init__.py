"""The card of a model and the datasheet of its posts, written by every training run from its own figures."""
