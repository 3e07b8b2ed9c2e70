"""What a learner wrote, read: a manifest, a drawing; and the cell or file that it stood in."""
