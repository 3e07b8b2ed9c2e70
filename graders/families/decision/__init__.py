"""Exercises made of items: a choice for each, alone or with the reason that decides it."""
