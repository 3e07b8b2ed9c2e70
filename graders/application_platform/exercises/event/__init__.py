"""Exercise ``event``."""
