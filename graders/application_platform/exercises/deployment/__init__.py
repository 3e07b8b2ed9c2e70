"""Exercise ``deployment``."""
