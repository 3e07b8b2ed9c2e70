"""Exercise ``hello``."""
