"""Exercise ``request``."""
