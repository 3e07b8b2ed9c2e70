"""Exercise ``diagram``."""
