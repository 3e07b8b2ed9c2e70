"""Figures that any lesson may use, as SVG from templates that escape: bars, stepped lines."""
