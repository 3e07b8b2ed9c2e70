"""What a drawing means: which part each node plays, and what becomes of an order when the drawing is the wiring."""
