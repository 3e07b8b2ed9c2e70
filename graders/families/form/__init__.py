"""The family ``form``: closed forms, whose fields take a value of one type and nothing else.

``fields.py`` is the table of types, ``reading.py`` reads a form, ``criteria.py`` turns a rule's result for each field into
findings. An exercise supplies its fields and its rules.
"""
