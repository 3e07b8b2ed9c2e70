"""Answers without knowledge: constants, boilerplate, printed forms and tables, and guesses, and what they earn.

Every answer is made of what the notebook prints (``printed.py``); the strategies are in ``strategies.py``, and ``earned.py``
judges them. The same notebook always gives the same figures.
"""
