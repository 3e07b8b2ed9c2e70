"""Exercise ``contract``."""
