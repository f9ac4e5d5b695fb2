"""What this is about: lineage, verdicts on use, policies, bills of materials."""
