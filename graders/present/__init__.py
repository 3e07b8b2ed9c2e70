"""Reports as a card, in the terminal, and as JSON; and figures."""
