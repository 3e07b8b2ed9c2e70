"""The family ``decision``: items with a choice for each, alone or with the reason for it."""
