"""Closed forms: fields that take a value of one type, and nothing else.

``fields.py`` is the table of types, ``reading.py`` reads a form with them, ``judging.py`` makes findings of what a rule says of
each field. No exercise is named here: an exercise brings its fields and its rules.
"""
