"""Exercise ``interactions``: everything of it."""
