"""Exercise ``databases``: everything of it."""
