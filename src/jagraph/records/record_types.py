"""The folders of ``data/``: what their records are, and where their ids live."""

from __future__ import annotations

import re
from typing import NamedTuple

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")


class Kind(NamedTuple):
    """One folder of ``data/``: the class of its records and the namespace of their ids."""

    folder: str
    class_name: str
    namespace: str


KINDS = (
    Kind("models", "ModelFamily", "family"),
    Kind("base-models", "ModelFamily", "family"),
    Kind("datasets", "Dataset", "dataset"),
    Kind("developers", "Developer", "developer"),
    Kind("licenses", "License", "license"),
    Kind("benchmarks", "Benchmark", "benchmark"),
    Kind("architectures", "Architecture", "architecture"),
    Kind("sections", "Section", "section"),
    Kind("footnotes", "Footnote", "footnote"),
    Kind("editions", "Edition", "edition"),
)


def is_id(text: str) -> bool:
    """Tell whether ``text`` may be the id of a record or a concept."""
    return _ID.fullmatch(text) is not None
