"""The report on a bundle: figures with intervals, plots, and one page that holds them all."""
