"""Exercise ``kinds``."""
