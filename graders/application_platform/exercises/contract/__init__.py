"""Exercise ``contract``: everything of it."""
