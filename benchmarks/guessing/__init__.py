"""The points of answers without knowledge: ``python -m benchmarks.guessing``."""
