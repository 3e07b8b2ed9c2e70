"""Exercise ``diagram``: everything of it."""
