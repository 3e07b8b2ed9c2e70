"""Exercises whose answer is an order of steps: every interleaving is explored, and the shortest bad one is shown."""
