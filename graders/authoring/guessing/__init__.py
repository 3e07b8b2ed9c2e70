"""Answers without knowledge and their scores: constants, boilerplate, printed forms and tables, and guesses.

``printed.py`` reads the texts that a notebook prints, ``strategies.py`` makes answers from them, and ``earned.py`` judges the
answers. The same notebook always gives the same figures.
"""
