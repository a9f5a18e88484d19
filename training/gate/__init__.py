"""May a bundle be released: every limit of one readable file, held against what is measured."""
