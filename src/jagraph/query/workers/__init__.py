"""SPARQL in processes of its own, so that no query can harm a server or another query."""
