"""The web face: pages for people, SPARQL and REST for programs."""
