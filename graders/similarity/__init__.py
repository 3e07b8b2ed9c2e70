"""Pairs of submissions that share what right answers don't: ``workbook alike``. A hint for a person, and never a proof."""
