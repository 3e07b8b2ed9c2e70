"""Exercise ``interactions``."""
