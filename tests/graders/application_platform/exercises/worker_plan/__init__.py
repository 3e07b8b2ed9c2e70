"""Plans and all states that they can lead to."""
