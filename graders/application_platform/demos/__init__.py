"""What a lesson measures or works out before the learner's eyes; nothing here judges."""
