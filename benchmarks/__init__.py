"""Measurements: each module prints a distribution or a ratio from one run.

``python -m benchmarks.judging``, ``python -m benchmarks.first_check``, ``python -m benchmarks.autograding``
"""
