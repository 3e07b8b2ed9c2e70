"""The exercise ``gate``."""
