"""Exercise ``daily-report``."""
