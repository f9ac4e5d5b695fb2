"""Which project a folder belongs to."""

import os


def nearest(folder: str) -> str | None:
    """Return ``folder`` or the nearest one around it that has a context, None where none has."""
    while not os.path.isfile(os.path.join(folder, "ontology", "context.jsonld")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder
