"""Exercise ``boundaries``: everything of it."""
