"""A drawing in DOT: the real Graphviz behind bounds, what people write by mistake, and the nodes and arrows."""
