"""The whole Hub beside the curated records: importing its metadata, and asking it at that size."""
