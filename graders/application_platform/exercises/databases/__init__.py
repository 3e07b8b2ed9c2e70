"""Exercise ``databases``."""
