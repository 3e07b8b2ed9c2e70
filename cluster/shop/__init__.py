"""The shop: the application that learners deploy and draw, and its releases."""
