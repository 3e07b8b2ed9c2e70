"""Documents as kubectl and the API server read them, and values by themselves: quantities, schedules, references."""
