"""The graders: from a learner's answer to a report and its views."""
