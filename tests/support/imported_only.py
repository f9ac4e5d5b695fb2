"""The saved queries that need a store which import-hub wrote."""

from __future__ import annotations

# these need a store that import-hub wrote: tests/sources/test_hub.py has their answers
ONLY_IMPORTED = {"hub-differences", "hub-popular"}
