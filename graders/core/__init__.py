"""What the engine may ask of an exercise, the report that comes of an answer, and the lessons that are installed."""
