"""Pictures of lineages and charts of the whole list."""
