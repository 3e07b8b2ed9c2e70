"""A real cluster as a world: kind on this machine, or any cluster that is named explicitly. Its results are the reference."""
