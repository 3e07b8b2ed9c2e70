"""The recording of an API server: its schema, Go's names in its refusals, and the fields that it ignores."""
