"""The worlds' contract: recorded runs of a real cluster, and the simulated runs compared with them."""
