"""Exercise ``kinds``: everything of it."""
