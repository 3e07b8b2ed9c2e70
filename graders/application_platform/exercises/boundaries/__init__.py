"""Exercise ``boundaries``."""
