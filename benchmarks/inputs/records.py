"""Records: each value that is written is a triple, or the file has a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple
from unicodedata import normalize

import yaml
from benchmarks.inputs import odd, process
from benchmarks.inputs.judging import Check, LossError
from benchmarks.inputs.plain import composed

from jagraph.core.project import find_project
from jagraph.graph.build import read
from jagraph.records.context import Context, read_context

_DATA = Path(__file__).parents[2] / "tests/tiny/data"
_ORIGINALS = sorted(_DATA.glob("*/*.yaml"))
# a file whose name begins with a dot belongs to an editor
_NAMES = ("x.YAML", "x.yml", ".yaml", "-x.yaml", "Ü.yaml", "a b.yaml", "\udce9.yaml", "x/y.yaml")
_VALIDATED = 0.01  # by the whole command, which takes a second


class Record(NamedTuple):
    """A file below data/, and whether the whole command is to look at it."""

    path: str
    content: bytes
    validated: bool


def make(chance: Random) -> Record:
    """Return a record of the frozen project with some damage, seldom under an odd name."""
    source = chance.choice(_ORIGINALS)
    folder, name = source.parent.name, source.name
    if chance.random() < 0.03:
        name = chance.choice(_NAMES)
    elif chance.random() < 0.03:
        folder = odd.misspelt(chance, folder)
    content = source.read_bytes()
    if chance.random() < 0.65:
        content = odd.yaml_changed(chance, content.decode()).encode()
    if chance.random() < 0.45:
        content = odd.damaged(chance, content)
    return Record(f"{folder}/{name}", content, chance.random() < _VALIDATED)


@contextmanager
def opened(folder: Path) -> Iterator[Check]:
    """Give what reads a project of one record."""
    data = folder / "data"
    data.mkdir()
    project = find_project(folder)
    context = read_context(project.context)

    def check(given: Record) -> None:
        path = data / given.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(given.content)
        try:
            if given.validated:
                process.told(["validate", "--project", str(folder)], folder)
                return
            asserted = read(project)
            if asserted.issues:
                return
            found = Counter((one.predicate.value, _value(one.object)) for one in asserted.triples)
            root = composed(given.content.decode("utf-8-sig"))
            if lost := Counter(_written(root, context)) - found:
                raise LossError(f"no triples of {list(lost)[:5]}, and no finding")
        finally:
            path.unlink()

    yield check


def _value(term: object) -> str:
    return str(getattr(term, "value", term))


def _written(mapping: yaml.Node, context: Context) -> Iterator[tuple[str, str]]:
    """Yield property and text of each scalar value below ``mapping``, as triples have them."""
    for name, value in mapping.value:
        key = context.keys.get(name.value)
        if key is None:
            yield "a key that is not known", name.value
            continue
        pairs = value.value if isinstance(value, yaml.MappingNode) else []
        if key.container == "@id":
            for identifier, inner in pairs:
                yield key.predicate, key.base + identifier.value
                yield from _written(inner, context)
            continue
        values = [text for _, text in pairs] if key.container == "@language" else [value]
        for one in values:
            for item in one.value if isinstance(one, yaml.SequenceNode) else [one]:
                if isinstance(item, yaml.ScalarNode):
                    base = key.base if key.is_reference else ""
                    yield key.predicate, base + normalize("NFC", item.value)
                else:
                    yield from _written(item, context)
