"""The ``workbook`` command: one module a subcommand."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The workbook's own folder."""
