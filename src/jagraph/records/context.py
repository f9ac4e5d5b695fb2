"""Reads the JSON-LD context: which keys exist, what each means, which values are references."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jagraph.core.bounded_reader import FaultyError, read_text
from jagraph.core.errors import OutsideError
from jagraph.core.strict_json import each_once

_DEEPEST = 8
ANY_URI = "http://www.w3.org/2001/XMLSchema#anyURI"


@dataclass(frozen=True)
class Key:
    """What the context says of one key: its property, datatype, container and id namespace."""

    name: str
    predicate: str
    datatype: str = ""
    container: str = ""
    base: str = ""

    @property
    def is_reference(self) -> bool:
        """Whether a value is the id of another record or of a concept."""
        return bool(self.base) and not self.container


@dataclass(frozen=True)
class Context:
    """The context as JSON, as it goes into a document, and its keys by name."""

    document: dict[str, Any]
    keys: dict[str, Key]

    def by_predicate(self) -> dict[str, Key]:
        """Return the keys by the IRI of their property."""
        return {key.predicate: key for key in self.keys.values()}


def read_context(path: Path) -> Context:
    """Read ``context.jsonld``.

    Raises OutsideError when the file is missing or is not a JSON-LD context.
    """
    try:
        definitions = json.loads(read_text(path), object_pairs_hook=each_once)["@context"]
        _require_own(definitions, 0)
        keys = dict(_keys(definitions))
    except OSError as reason:
        raise unreadable(path, reason.strerror or str(reason)) from reason
    except KeyError as reason:
        raise unreadable(path, f"{reason} is missing") from reason
    except (ValueError, TypeError, AttributeError, RecursionError, FaultyError) as reason:
        raise unreadable(path, str(reason)) from reason
    return Context(document=definitions, keys=keys)


def unreadable(path: Path, why: str) -> OutsideError:
    """Return the error that says why the context in ``path`` cannot be used."""
    return OutsideError(
        "unreadable-context",
        f"the JSON-LD context cannot be read: {why}",
        where=str(path),
        remedy="restore the file from the repository",
    )


def _keys(definitions: Any) -> Iterator[tuple[str, Key]]:
    """Yield the keys that ``definitions`` have; fails as Python does where they are no context."""
    prefixes = {
        name: value
        for name, value in definitions.items()
        if isinstance(value, str) and value.endswith(("#", "/")) and not name.startswith("@")
    }

    def expand(name: str) -> str:
        prefix, colon, rest = name.partition(":")
        return prefixes[prefix] + rest if colon and prefix in prefixes else name

    for name, value in definitions.items():
        if not isinstance(value, dict):
            continue
        datatype = value.get("@type", "")
        scope = value.get("@context", {})
        yield (
            name,
            Key(
                name=name,
                predicate=expand(value["@id"]),
                datatype="" if datatype.startswith("@") else expand(datatype),
                container=value.get("@container", ""),
                base=scope.get("@vocab" if datatype == "@vocab" else "@base", ""),
            ),
        )


def _require_own(definitions: Any, depth: int) -> None:
    """Raise ValueError for a context that is elsewhere, or nested without end."""
    if not isinstance(definitions, dict):
        raise ValueError(f"a context is written out here, and not named: {definitions!r:.80}")
    if "@import" in definitions:
        raise ValueError("a context cannot import another one")
    if depth > _DEEPEST:
        raise ValueError(f"more than {_DEEPEST} contexts within one another")
    for value in definitions.values():
        if isinstance(value, dict) and "@context" in value:
            _require_own(value["@context"], depth + 1)
