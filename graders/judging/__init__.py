"""Judging in a process that can be ended: within bounds of time and memory."""
