"""Judge in a subprocess, within bounds of time and memory."""
