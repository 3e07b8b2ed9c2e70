"""What answers without knowledge earn: ``python -m benchmarks.guessing``."""
