"""Where triples live: embedded, on disk or behind an endpoint, asked in SPARQL."""
