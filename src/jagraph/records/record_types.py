"""The folders of ``data/``: what their records are, and where their ids live."""

from __future__ import annotations

from jagraph.core.frozen import frozen


@frozen
class Kind:
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


_IN_IDS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


def is_id(text: str) -> bool:
    """Tell whether ``text`` may be the id of a record or a concept."""
    return text[:1].isalnum() and not set(text) - _IN_IDS
