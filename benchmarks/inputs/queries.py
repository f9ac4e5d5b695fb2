"""Saved queries: one is refused, or its header means what is written, and the body is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph as ox
from benchmarks.inputs import odd
from benchmarks.inputs.judging import Check, LossError
from benchmarks.inputs.plain import composed, plain

from jagraph.core.project import Folders, Project, find_project
from jagraph.query import result_formats
from jagraph.query.binding import bound
from jagraph.query.catalogue import SavedQuery, find_query
from jagraph.store.admission import admit_file
from jagraph.store.base import EmbeddedStore

_ROOT = Path(__file__).parents[2]
_ORIGINALS = sorted(_ROOT.glob("queries/*.rq"))
_MARK = "#+"
_WORDS = {"title": "titles", "description": "descriptions", "columns": "own_columns"}
_SIGNS = ("{", "}", "(", ")", ".", ";", "?x", "SELECT", "UNION", "OPTIONAL", "SERVICE <http://x>")
_MORE = (
    "# ",
    "'''",
    '"',
    "<",
    "||",
    "!",
    "^",
    "LIMIT -1",
    "VALUES ?m {}",
    "BIND(1/0 AS ?y)",
    "\\u0",
)


def make(chance: Random) -> bytes:
    """Return a shipped query with a damage to its header, its body, or its bytes."""
    lines = chance.choice(_ORIGINALS).read_text(encoding="utf-8").splitlines()
    header = "\n".join(line.removeprefix(_MARK) for line in lines if line.startswith(_MARK))
    body = "\n".join(line for line in lines if not line.startswith(_MARK))
    where = chance.random()
    if where < 0.5:
        header = odd.yaml_changed(chance, header)
    elif where < 0.8:
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(body) + 1)
            body = (
                body[:at] + chance.choice(_SIGNS + _MORE) + body[at + chance.choice((0, 0, 1, 9)) :]
            )
    marked = "".join(f"{_MARK} {line}\n" for line in header.split("\n"))
    content = f"{marked}{body}\n".encode()
    return odd.damaged(chance, content) if where >= 0.8 or chance.random() < 0.1 else content


@contextmanager
def opened(folder: Path) -> Iterator[Check]:
    """Give what reads a query, and runs it where there is nothing to find."""
    project = Project(Folders(**vars(find_project(_ROOT).folders) | {"queries": str(folder)}))
    path = folder / "asked.rq"
    nothing = EmbeddedStore(ox.Store())

    def check(given: bytes) -> None:
        path.write_bytes(given)
        saved = find_query(project, path.stem)
        _same(given, saved)
        text = bound(saved, {}, nothing)
        admit_file(text, path)
        found = nothing.select(text)
        for form in result_formats.FORMATS:
            result_formats.render(found, form, width=80)

    yield check


def _same(given: bytes, saved: SavedQuery) -> None:
    """Raise LossError when ``saved`` is not what the header of the file says."""
    lines = re.split("\r\n?|\n", given.decode("utf-8-sig"))  # as SPARQL ends a comment
    header = "\n".join(line.removeprefix(_MARK) for line in lines if line.startswith(_MARK))
    written = plain(composed(header))
    read: dict[str, Any] = {name: getattr(saved, kept) for name, kept in _WORDS.items()}
    read |= {"tags": list(saved.tags), "example": dict(saved.example)}
    read |= {
        "featured": str(saved.featured),
        "parameters": {one.name: one for one in saved.parameters},
    }
    for key, value in written.items():
        if key not in read:
            raise LossError(f"there is no {key!r}, and the header is taken")
        if key in ("title", "description"):
            value = value if isinstance(value, dict) else {"en": value}
        elif key == "columns":
            value = {
                name: one if isinstance(one, dict) else {"en": one} for name, one in value.items()
            }
        elif key == "parameters":
            for name, about in value.items():
                _same_parameter(name, about, read[key].get(name))
            continue
        elif key == "featured":
            value = str(int(value))
        if value != read[key]:
            raise LossError(f"{key!r} is {value!r}, and {read[key]!r} is read")


def _same_parameter(name: str, about: dict[str, Any], read: Any) -> None:
    if read is None:
        raise LossError(f"the parameter {name!r} is not read")
    known = {"kind": read.kind, "variable": read.variable, "pick": read.pick, "help": read.helps}
    known["choices"] = {value: dict(words) for value, words in read.choices.items()}
    for key, value in about.items():
        if key == "help":
            value = value if isinstance(value, dict) else {"en": value}
        elif key == "choices":
            value = {
                one: said if isinstance(said, dict) else {"en": said} for one, said in value.items()
            }
        if known.get(key) != value:
            raise LossError(f"{key!r} of {name!r} is {value!r}, and {known.get(key)!r} is read")
