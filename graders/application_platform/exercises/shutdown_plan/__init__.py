"""Exercise ``shutdown-plan``."""
