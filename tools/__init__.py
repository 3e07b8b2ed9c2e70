"""What works on the repository itself: setting it up, and renewing what is recorded in it."""
