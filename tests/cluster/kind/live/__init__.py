"""Tests that need a real cluster. `workbook cluster up` starts it."""
