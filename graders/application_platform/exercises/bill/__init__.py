"""Exercise ``bill``."""
