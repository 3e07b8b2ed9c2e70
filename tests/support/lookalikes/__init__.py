"""A class of generated answers that resemble one another, and copies of them. The same seed gives the same class."""
