"""The shop: the application that learners deploy and draw, and the releases that it comes in."""
