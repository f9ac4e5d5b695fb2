"""From YAML files to JSON-LD documents and back, with the place of every value."""
