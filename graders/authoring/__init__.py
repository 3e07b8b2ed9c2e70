"""What an author of exercises works with: ``workbook verify``, ``workbook new exercise`` and ``workbook new lesson``."""
