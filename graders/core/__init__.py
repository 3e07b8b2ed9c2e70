"""The engine's view of an exercise, the report on an answer, and the installed lessons."""
