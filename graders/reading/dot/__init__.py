"""Read a drawing in DOT: Graphviz within bounds, common mistakes, and the nodes and arrows."""
