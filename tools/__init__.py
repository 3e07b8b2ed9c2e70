"""Tools for the repository itself: the set-up, and the renewal of its recordings."""
