"""Exercises whose answer is a manifest: the API server's verdict, and the mistakes behind a refusal."""
