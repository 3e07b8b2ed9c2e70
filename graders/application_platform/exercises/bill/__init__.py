"""Exercise ``bill``: everything of it."""
