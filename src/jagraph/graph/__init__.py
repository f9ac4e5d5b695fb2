"""Records become a graph: built, checked, cached, exported."""
