"""Exercise ``worker-plan``."""
