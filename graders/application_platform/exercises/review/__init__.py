"""Exercise ``review``."""
