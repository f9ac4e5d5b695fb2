"""Where facts come from, beside the records."""
