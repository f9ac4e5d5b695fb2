"""What a reader sees, built without HTTP: cards, tables, comparisons, in three languages."""
