"""Measurements and computations for the notebooks; this package judges nothing."""
