"""The web face: pages for people, SPARQL and REST for programs, over one read-only graph."""
