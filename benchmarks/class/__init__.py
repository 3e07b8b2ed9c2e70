"""A generated class, graded by ``workbook grade``: ``python -m benchmarks.class`` and ``python -m benchmarks.class.ladder``."""
