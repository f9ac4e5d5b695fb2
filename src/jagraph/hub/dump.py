"""One line of a dump of the Hub: a model's metadata as the Hub's API gives it, as JSON.

The keys are those of ``GET /api/models`` with ``full`` and ``cardData``; what a card says comes
before what the Hub put into the tags.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)?")
_LONGEST_ID = 200
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOST_DOWNLOADS = 2**63 - 1  # what a column of SQLite holds
RELATIONS = {
    "finetune": "fineTunedFrom",
    "adapter": "adapterOf",
    "merge": "mergedFrom",
    "quantized": "quantizedFrom",
}
OPEN = "derivedFrom"


@dataclass(frozen=True, order=True)
class Parent:
    """A base model: ``relation`` is one of RELATIONS' values, or OPEN where none is stated.

    ``inferred`` tells that only the Hub's own tag has the relation.
    """

    id: str
    relation: str
    inferred: bool = False


@dataclass(frozen=True)
class Entry:
    """What one line says of one repository; "" and () where it says nothing.

    ``license`` is the tag, several tags joined by a blank, or "other", the name and the address of
    the text joined by tabs. ``complaints`` are the parts that could not be used.
    """

    id: str
    parents: tuple[Parent, ...] = ()
    license: str = ""
    datasets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    task: str = ""
    created: str = ""
    downloads: int | None = None
    complaints: tuple[str, ...] = ()


def read_entry(line: bytes) -> Entry:
    """Return what ``line`` says; raises ValueError with the reason when it is no model's entry.

    A text that is no Unicode (half of a surrogate pair) is such a reason.
    """
    try:
        given = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as reason:
        raise ValueError(f"not JSON: {reason}") from reason
    if not isinstance(given, dict):
        raise ValueError("not a JSON object")
    name = given.get("id", given.get("modelId"))
    if not _is_id(name):
        raise ValueError(f"no repository id but {str(name)[:80]!r}")
    card = given.get("cardData") or {}
    if not isinstance(card, dict):
        raise ValueError("cardData is not an object")
    tags = list(_texts(given.get("tags")))
    complaints: list[str] = []
    created = _DAY.match(str(given.get("createdAt", "")))
    task = given.get("pipeline_tag")
    entry = Entry(
        name,
        tuple(_parents(card, tags, complaints)),
        _license(card, tags),
        tuple(_ids(card.get("datasets"), "dataset", complaints)),
        tuple(sorted({t.lower() for t in _texts(card.get("language")) if _LANGUAGE.fullmatch(t)})),
        _plain(task) if isinstance(task, str) else "",
        created[0] if created else "",
        _count(given.get("downloads")),
        tuple(complaints),
    )
    f"{entry.license}{entry.task}".encode()  # the fields of any text; UnicodeEncodeError
    return entry


def _parents(card: dict[str, Any], tags: list[str], complaints: list[str]) -> list[Parent]:
    """Return the base models: the card's, with the tag's relation where the card has none."""
    tagged: dict[str, str] = {}
    for tag in tags:
        kind, _, rest = tag.partition(":")
        relation, _, base = rest.partition(":")
        if kind == "base_model" and relation in RELATIONS and _is_id(base):
            tagged[base] = RELATIONS[relation]
        elif kind == "base_model" and _is_id(rest):
            tagged.setdefault(rest, OPEN)
    bases = list(_ids(card.get("base_model"), "base_model", complaints))
    said = card.get("base_model_relation")
    stated = RELATIONS.get(said.strip().lower()) if isinstance(said, str) else None
    if said is not None and stated is None:
        complaints.append(f"base_model_relation {str(said)[:80]!r} is none of the Hub's four")
    found = set()
    for base in bases or tagged:
        known = tagged.get(base, OPEN)
        if stated and bases:
            found.add(Parent(base, stated))
        else:
            found.add(Parent(base, known, known != OPEN))
    return sorted(found)


def _license(card: dict[str, Any], tags: list[str]) -> str:
    stated = [_plain(text).lower() for text in _texts(card.get("license"))]
    if not stated:
        stated = [_plain(tag[8:]).lower() for tag in tags if tag.startswith("license:")]
    stated = sorted({text for text in stated if text and text not in ("unknown", "none")})
    if stated == ["other"]:
        name, link = card.get("license_name"), card.get("license_link")
        return "\t".join(
            ["other", *(_plain(part) if isinstance(part, str) else "" for part in (name, link))]
        )
    return " ".join(text.replace(" ", "-") for text in stated)


def _ids(given: object, what: str, complaints: list[str]) -> Iterator[str]:
    for text in dict.fromkeys(_texts(given)):
        name = text.strip().removeprefix("https://huggingface.co/").removeprefix("datasets/")
        name = name.rstrip("/")
        if _is_id(name):
            yield name
        else:
            complaints.append(f"{what} {text[:80]!r} is no repository id")


def _texts(given: object) -> Iterator[str]:
    """Yield the texts of a value that is a text or a list of them."""
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, str):
            yield item


def _count(given: object) -> int | None:
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= _MOST_DOWNLOADS:
        return given
    return None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _is_id(name: object) -> TypeGuard[str]:
    return isinstance(name, str) and len(name) <= _LONGEST_ID and _ID.fullmatch(name) is not None
