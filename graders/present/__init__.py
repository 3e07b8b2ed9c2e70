"""A report, shown: as a card, in the terminal, as JSON; and the pictures that go with it."""
