"""Figures for any lesson, as SVG from templates that escape: bars, stepped lines."""
