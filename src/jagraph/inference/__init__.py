"""What follows from what is stated: SPARQL rules, and the same by arrays for millions."""
