"""Bills of materials: what is in one, and the two standards it is written in."""
