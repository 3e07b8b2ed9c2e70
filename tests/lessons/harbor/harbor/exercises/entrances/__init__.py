"""The exercise ``entrances``."""
