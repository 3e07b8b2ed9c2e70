"""Documents as kubectl and the API server read them, and single values: quantities, schedules, references."""
