"""Exercise ``daily-report``: everything of it."""
