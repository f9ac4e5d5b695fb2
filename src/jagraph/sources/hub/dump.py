"""One entry of a dump of the Hub: a model's metadata as the Hub's API gives it, as JSON.

The keys are those of ``GET /api/models`` with ``full`` and ``cardData``. The card comes before the
Hub's tags, but for the names of base models: the tags have them as the Hub resolved them, also
where a repository was renamed since the card was written. A value that cannot be used is a
complaint; where it would have named a base model or a licence, one that is not known stands in its
place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeGuard

from jagraph.core.strict_json import each_once

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)?")
_LONGEST_ID = 200
_ADDRESS = re.compile(r"(https?://(www\.)?(huggingface\.co|hf\.co)/|hf://|(huggingface|hf)\.co/)")
_INSIDE = re.compile(r"/(tree|blob|resolve|raw|commit|discussions)/.*|[?#].*|@[A-Za-z0-9._/-]+")
_NOT_MODELS = ("datasets/", "spaces/", "collections/", "papers/", "docs/")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([T ].*)?", re.ASCII)
_MOST_DOWNLOADS = 2**63 - 1  # what a column of SQLite holds
# what a terminal obeys: control characters, and those that turn the direction of writing
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RELATIONS = {
    "finetune": "fineTunedFrom",
    "adapter": "adapterOf",
    "merge": "mergedFrom",
    "quantized": "quantizedFrom",
}
OPEN = "derivedFrom"
# no repository is called so: ids begin with a letter or a digit
UNIDENTIFIED = "_unidentified"
UNREADABLE = "?"


@dataclass(frozen=True, order=True)
class Parent:
    """A base model: ``relation`` is one of RELATIONS' values, or OPEN where none is stated.

    ``id`` is UNIDENTIFIED where the card names one that cannot be told. ``inferred`` tells that
    only the Hub's own tag has the relation.
    """

    id: str
    relation: str
    inferred: bool = False


@dataclass(frozen=True)
class Entry:
    """What one entry says of one repository; "" and () where it says nothing.

    ``license`` is the tag, several tags joined by a blank, or "other", the name and the address of
    the text joined by tabs; UNREADABLE stands for one that cannot be read. ``complaints`` are the
    parts that could not be used, ``line`` is where the dump has the entry, 0 for nowhere.
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
    line: int = 0


def read_entry(data: bytes) -> Entry:
    """Return what ``data`` says; raises ValueError with the reason when it is no model's entry.

    A text that is no Unicode (half of a surrogate pair) is such a reason.
    """
    try:
        document = json.loads(data, object_pairs_hook=each_once)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as reason:
        raise ValueError(f"not JSON: {reason}") from reason
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    name = document.get("id", document.get("modelId"))
    if not _is_id(name):
        raise ValueError(f"no repository id but {_shown(name)}")
    card = document.get("cardData") or {}
    if not isinstance(card, dict):
        raise ValueError("cardData is not an object")
    read = _Reader(card)
    tags = list(read.texts(document.get("tags"), "tags"))
    entry = Entry(
        name,
        tuple(read.parents(tags)),
        read.license(tags),
        tuple(read.datasets()),
        tuple(sorted(read.languages())),
        read.text(document.get("pipeline_tag"), "pipeline_tag"),
        read.day(document.get("createdAt"), "createdAt"),
        read.count(document.get("downloads"), "downloads"),
        tuple(dict.fromkeys(read.complaints)),
    )
    f"{entry.license}{entry.task}".encode()  # the fields of any text; UnicodeEncodeError
    return entry


class _Reader:
    """Reads the parts of one entry; ``complaints`` has what could not be used."""

    def __init__(self, card: dict[str, Any]) -> None:
        self._card = card
        self.complaints: list[str] = []

    def parents(self, tags: list[str]) -> list[Parent]:
        """Return the base models, by the names the Hub's tags have."""
        tagged = self._tagged(tags)
        named: dict[str, str] = {}
        lost = 0
        for item in _listed(self._card.get("base_model")):
            name = _base(item)
            if name:
                named.setdefault(name.lower(), name)
            else:
                lost += 1
                self.complaints.append(f"base_model {_shown(item)} is no repository id")
        untagged = {key: name for key, name in named.items() if key not in tagged}
        fresh = [key for key in tagged if key not in named]
        for key in list(untagged):  # the owner was renamed
            if same := next((new for new in fresh if _tail(new) == _tail(key)), None):
                fresh.remove(same)
                del untagged[key]
        # a tag that the card does not have is what one of its names became
        if tagged and len(untagged) + lost <= len(fresh):
            untagged, lost = {}, 0
        stated = self._relation() if named or lost else None
        parents = {
            Parent(name, stated or relation, stated is None and relation != OPEN)
            for name, relation in tagged.values()
        }
        parents |= {Parent(name, stated or OPEN) for name in untagged.values()}
        if lost:
            parents.add(Parent(UNIDENTIFIED, stated or OPEN))
        return sorted(parents)

    def _tagged(self, tags: list[str]) -> dict[str, tuple[str, str]]:
        """Return id and relation of each base model the tags name, by the folded id."""
        found: dict[str, tuple[str, str]] = {}
        for tag in tags:
            kind, _, rest = tag.partition(":")
            if kind != "base_model":
                continue
            word, _, base = rest.rpartition(":")
            if not _is_id(base):
                self.complaints.append(f"tag {_shown(tag)} names no repository")
                continue
            relation = RELATIONS.get(word, OPEN)
            if word and relation == OPEN:
                self.complaints.append(f"tag {_shown(tag)} has none of the Hub's four relations")
            if relation != OPEN or base.lower() not in found:
                found[base.lower()] = (base, relation)
        return found

    def _relation(self) -> str | None:
        """Return the relation that the card states for all its base models."""
        relation = self._card.get("base_model_relation")
        stated = RELATIONS.get(relation.strip().lower()) if isinstance(relation, str) else None
        if relation is not None and stated is None:
            self.complaints.append(
                f"base_model_relation {_shown(relation)} is none of the Hub's four"
            )
        return stated

    def license(self, tags: list[str]) -> str:
        """Return the licence in the form of Entry."""
        items = list(_listed(self._card.get("license")))
        stated = {self._plain(item, "license").lower() for item in items if isinstance(item, str)}
        unread = [item for item in items if not isinstance(item, str)]
        self.complaints += [f"license {_shown(item)} is no text" for item in unread]
        if not stated:
            named = [tag[8:] for tag in tags if tag.startswith("license:")]
            stated = {self._plain(tag, "license").lower() for tag in named}
            unread = [] if stated else unread
        stated -= {"", "unknown", "none"}
        if stated == {"other"} and not unread:
            keys = ("license_name", "license_link")
            return "\t".join(("other", *(self.text(self._card.get(key), key) for key in keys)))
        if unread:
            stated.add(UNREADABLE)
        return " ".join(sorted(text.replace(" ", "-") for text in stated))

    def datasets(self) -> Iterable[str]:
        """Return the ids of the datasets that the card names."""
        datasets: dict[str, str] = {}
        for item in _listed(self._card.get("datasets")):
            name = _address(item).removeprefix("datasets/") if isinstance(item, str) else ""
            if _is_id(name):
                datasets.setdefault(name.lower(), name)
            else:
                self.complaints.append(f"dataset {_shown(item)} is no repository id")
        return datasets.values()

    def languages(self) -> set[str]:
        """Return the tags (BCP 47) of the languages, in small letters."""
        languages = set()
        for text in self.texts(self._card.get("language"), "language"):
            if _LANGUAGE.fullmatch(text):
                languages.add(text.lower())
            else:
                self.complaints.append(f"language {_shown(text)} is no language tag")
        return languages

    def texts(self, value: object, what: str) -> Iterator[str]:
        """Yield the texts of a value that is a text or a list of them."""
        for item in _listed(value):
            if isinstance(item, str):
                yield item
            else:
                self.complaints.append(f"{what} {_shown(item)} is no text")

    def text(self, value: object, what: str) -> str:
        """Return a text on one line, "" for any other value."""
        if isinstance(value, str):
            return self._plain(value, what)
        if value is not None:
            self.complaints.append(f"{what} {_shown(value)} is no text")
        return ""

    def day(self, value: object, what: str) -> str:
        """Return the day of a point in time (ISO 8601), "" for any other value."""
        match = _DAY.fullmatch(value) if isinstance(value, str) else None
        try:
            return date.fromisoformat(match[1]).isoformat() if match else self._no_day(value, what)
        except ValueError:  # there is no such day
            return self._no_day(value, what)

    def _no_day(self, value: object, what: str) -> str:
        if value is not None:
            self.complaints.append(f"{what} {_shown(value)} is no day")
        return ""

    def count(self, value: object, what: str) -> int | None:
        """Return a number of things, None for any other value."""
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_DOWNLOADS:
            return value
        if value is not None:
            self.complaints.append(f"{what} {_shown(value)} is no count")
        return None

    def _plain(self, value: str, what: str) -> str:
        text, removed = _CONTROL.subn("", value)
        if removed:
            self.complaints.append(f"{what} {_shown(value)} has control characters, left out")
        return " ".join(text.split())


def _listed(value: object) -> Iterable[object]:
    """Return the things of a list, or the one thing; nothing for null and the empty text."""
    items = value if isinstance(value, list) else [value]
    return (item for item in items if item is not None and item != "")


def _base(value: object) -> str:
    """Return the id of the model that a text or a mapping names, "" where that cannot be told."""
    if isinstance(value, dict):
        texts = [value.get(key) for key in ("repo_id", "id", "repo_url", "url", "name")]
        owned = {_base(text) for text in texts if isinstance(text, str) and "/" in text}
        return owned.pop() if len(owned) == 1 else ""
    if not isinstance(value, str):
        return ""
    name = _address(value)
    return name if _is_id(name) and not name.startswith(_NOT_MODELS) else ""


def _address(name: str) -> str:
    """Return what an address on the Hub names, without revision or file."""
    text = name.strip()
    text = text.removeprefix(match[0]) if (match := _ADDRESS.match(text)) else text
    return _INSIDE.sub("", text).rstrip("/")


def _tail(name: str) -> str:
    return name.rpartition("/")[2]


def _shown(value: object) -> str:
    """Return a value as a complaint shows it: on one line, printable, at most 80 characters."""
    return repr(value)[:80] if not isinstance(value, str) else repr(value[:80])


def _is_id(name: object) -> TypeGuard[str]:
    return isinstance(name, str) and len(name) <= _LONGEST_ID and _ID.fullmatch(name) is not None
