"""The graders: from a learner's answer to a report, and to whoever reads it."""
