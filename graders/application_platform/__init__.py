"""The lesson "Application Platform": its content, and nothing but content."""
