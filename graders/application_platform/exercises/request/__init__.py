"""Exercise ``request``: everything of it."""
