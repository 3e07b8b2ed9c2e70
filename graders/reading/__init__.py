"""Read what a learner wrote: choices, drawings, and the notebook cell or file that holds an answer."""
