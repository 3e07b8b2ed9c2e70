"""Plans, explored to the end."""
