"""The worlds' contract: what ran on a real cluster, written down, and the simulated one held to it."""
