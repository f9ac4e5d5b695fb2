"""Reads the records: YAML files to JSON-LD documents in which every value keeps its position.

What cannot be read is refused here, so that nothing is lost without a word on the way to RDF:
duplicate and unknown keys, ids and URLs the JSON-LD parser would drop, empty values, aliases.
The loader is YAML 1.1's base schema: every scalar is text, the context gives the datatype.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

from jagraph.core.bounded_reader import Fault, FaultyError, read_text
from jagraph.core.errors import suggestion
from jagraph.core.findings import Issue
from jagraph.core.namespaces import iri
from jagraph.core.position import Position
from jagraph.core.positioned_yaml import compose, faults
from jagraph.core.project import Project
from jagraph.records.context import ANY_URI, Context, Key
from jagraph.records.record_types import KINDS, Kind, is_id
from jagraph.records.source_map import SourceMap

Document = dict[str, Any]
_NOT_IN_URI = re.compile(r"[\s<>\"{}|\\^`]")
_LONGEST = 20_000  # characters of one value; the longest of the list has some hundred
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass
class Records:
    """All records as JSON-LD documents, with their positions and what could not be read."""

    documents: list[Document] = field(default_factory=list)
    source: SourceMap = field(default_factory=SourceMap)
    issues: list[Issue] = field(default_factory=list)


def read_records(project: Project, context: Context) -> Records:
    """Read every record of ``project``; what cannot be read is in ``issues`` of the result."""
    records = Records()
    folders = {kind.folder: kind for kind in KINDS}
    for path in project.records():
        place = Position(project.relative(path), 1, 1)
        kind = folders.get(path.parent.name)
        if kind is None:
            names = ", ".join(sorted(folders))
            records.issues.append(
                Issue(
                    place,
                    "unknown-folder",
                    f"{path.parent.name} is not a kind of record",
                    f"the folders of data/ are {names}",
                )
            )
        elif not is_id(path.stem):
            records.issues.append(
                Issue(
                    place,
                    "bad-id",
                    f"the file name {path.stem!r} cannot be an id",
                    "use small letters, digits, '.', '_' and '-', and begin with a letter or digit",
                )
            )
        else:
            _Reader(records, context, place.file).read(path, kind)
    records.issues += [unread(path, project) for path in project.unread()]
    return records


def read_record(path: Path) -> str:
    """Return the text of the record in ``path``; raises FaultyError when it has none."""
    try:
        return read_text(path)
    except OSError as reason:
        fault = Fault(
            "unreadable-file",
            f"the file cannot be read: {reason.strerror}",
            "records are plain files; a hidden file is no record",
        )
        raise FaultyError(fault) from reason


def unread(path: Path, project: Project) -> Issue:
    """Return the issue of a file that looks like one that is read."""
    is_record = path.is_relative_to(project.data)
    place = "data/KIND/ID.yaml" if is_record else f"{path.parent.name}/NAME.rq"
    return Issue(
        Position(project.relative(path), 1, 1),
        "unread-file",
        f"this file is not read; one that is read is {place}",
        "rename it, the ending in small letters, or take it out of the folder",
    )


class _Reader:
    """Reads one file into ``records``."""

    def __init__(self, records: Records, context: Context, file: Path) -> None:
        self._records = records
        self._context = context
        self._file = file

    def read(self, path: Path, kind: Kind) -> None:
        try:
            text = read_record(path)
            root = compose(text)
        except FaultyError as wrong:
            self._refuse_all([wrong.fault])
            return
        if root is not None and (found := list(faults(root, text))):
            self._refuse_all(found)
            return
        if not isinstance(root, yaml.MappingNode):
            self._refuse(
                Position(self._file, 1, 1),
                "not-a-record",
                "a record is a mapping of keys to values",
                "see data/README.md",
            )
            return
        node = iri(kind.namespace, path.stem)
        document = self._mapping(root, node)
        self._records.documents.append({**document, "type": kind.class_name})

    def _mapping(self, mapping: yaml.MappingNode, node: str) -> Document:
        """Return the JSON-LD of ``mapping``, which describes ``node``."""
        source = self._records.source
        if node in source.nodes:
            self._refuse(
                self._at(mapping),
                "duplicate-id",
                f"{node.rpartition('/')[2]!r} is described twice, first at {source.nodes[node]}",
                "give one of them another id",
            )
            return {"id": node}
        source.nodes[node] = self._at(mapping)
        document: Document = {"id": node}
        for key, value in self._entries(mapping):
            if key.container == "@id":
                document[key.name] = self._named_nodes(key, value, node)
            elif key.container == "@language":
                document[key.name] = self._languages(key, value, node)
            else:
                document[key.name] = list(self._values(key, value, node))
        return document

    def _entries(self, mapping: yaml.MappingNode) -> Iterator[tuple[Key, yaml.Node]]:
        """Yield the known keys of ``mapping``, each once."""
        seen: set[str] = set()
        for name, value in mapping.value:
            text = name.value if isinstance(name, yaml.ScalarNode) else ""
            if text in seen:
                self._refuse(
                    self._at(name),
                    "duplicate-key",
                    f"{text!r} is given twice",
                    "keep one, or write its values as one list",
                )
            elif text not in self._context.keys:
                self._refuse(
                    self._at(name),
                    "unknown-key",
                    f"there is no key {text!r}",
                    suggestion(
                        text,
                        list(self._context.keys),
                        "the keys are those of ontology/context.jsonld",
                    ),
                )
            else:
                yield self._context.keys[text], value
            seen.add(text)

    def _named_nodes(self, key: Key, value: yaml.Node, node: str) -> Document:
        """Read a mapping from ids to nodes (the models of a family)."""
        if not isinstance(value, yaml.MappingNode):
            self._refuse(
                self._at(value),
                "wrong-type",
                f"{key.name!r} maps ids to descriptions",
                f"write {key.name}: {{some-id: {{…}}}}",
            )
            return {}
        nodes: Document = {}
        for name, inner in value.value:
            identifier = name.value if isinstance(name, yaml.ScalarNode) else ""
            if not self._is_reference(key, identifier, self._at(name)):
                continue
            if identifier in nodes:
                self._refuse(
                    self._at(name),
                    "duplicate-key",
                    f"{identifier!r} is given twice",
                    "keep one of them",
                )
                continue
            places = self._records.source.values.setdefault((node, key.predicate), [])
            places.append((identifier, self._at(name)))
            if not isinstance(inner, yaml.MappingNode):
                self._refuse(
                    self._at(inner),
                    "wrong-type",
                    f"{identifier!r} needs a description",
                    "write {name: …}",
                )
                continue
            nodes[identifier] = self._mapping(inner, key.base + identifier)
            del nodes[identifier]["id"]
        return nodes

    def _languages(self, key: Key, value: yaml.Node, node: str) -> dict[str, str]:
        """Read a mapping from language tags to text."""
        if not isinstance(value, yaml.MappingNode):
            self._refuse(
                self._at(value),
                "wrong-type",
                f"{key.name!r} maps languages to text",
                f"write {key.name}: {{ja: …}}",
            )
            return {}
        texts: dict[str, str] = {}
        for tag, text in value.value:
            if tag.value not in ("en", "ja", "fr"):
                self._refuse(
                    self._at(tag),
                    "unknown-language",
                    f"no language {tag.value!r} here",
                    "the languages are en, ja and fr",
                )
            elif tag.value in texts:
                self._refuse(
                    self._at(tag),
                    "duplicate-key",
                    f"{tag.value!r} is given twice",
                    "keep one of them",
                )
            else:
                for read in self._values(key, text, node):
                    texts[tag.value] = read
        return texts

    def _values(self, key: Key, value: yaml.Node, node: str) -> Iterator[Any]:
        """Yield what stands at ``key``: text, references, or inner nodes, one by one."""
        items = value.value if isinstance(value, yaml.SequenceNode) else [value]
        places = self._records.source.values.setdefault((node, key.predicate), [])
        for number, item in enumerate(items, start=1):
            position = self._at(item)
            if isinstance(item, yaml.SequenceNode):
                self._refuse(
                    position,
                    "wrong-type",
                    f"a list within a list at {key.name!r}",
                    "write one flat list",
                )
            elif isinstance(item, yaml.MappingNode):
                name = f"{node}{'.' if '#' in node else '#'}{key.name}.{number}"
                places.append((name, position))
                if key.is_reference or key.datatype:
                    self._refuse(
                        position,
                        "wrong-type",
                        f"{key.name!r} does not take a mapping",
                        "write a plain value",
                    )
                else:
                    yield self._mapping(item, name)
            else:
                text = normalize("NFC", item.value)
                if self._is_scalar(key, text, position):
                    if any(text == other for other, _ in places) and not key.container:
                        self._refuse(
                            position,
                            "duplicate-value",
                            f"{text!r} is listed twice",
                            "keep one of them",
                        )
                        continue
                    places.append((text, position))
                    yield text

    def _is_scalar(self, key: Key, text: str, position: Position) -> bool:
        """Tell whether ``text`` may stand at ``key``; refuse it where it may not."""
        if not text.strip():
            self._refuse(
                position,
                "empty-value",
                f"{key.name!r} has no value",
                "leave the key out, or name it in unknown: [..] or none: [..]",
            )
            return False
        if len(text) > _LONGEST:
            self._refuse(
                position,
                "long-value",
                f"{key.name!r} has {len(text):,} characters",
                f"a value has at most {_LONGEST:,}: look for a quote that is not closed",
            )
            return False
        if key.is_reference:
            return self._is_reference(key, text, position)
        if key.datatype == ANY_URI and (
            _NOT_IN_URI.search(text) or not text.startswith(("https://", "http://"))
        ):
            self._refuse(
                position,
                "bad-url",
                f"{text!r} is not a web address",
                "write https://… without spaces; escape what a URL cannot hold",
            )
            return False
        return True

    def _is_reference(self, key: Key, text: str, position: Position) -> bool:
        if key.base.endswith("#"):
            fits = _TERM.fullmatch(text) is not None
            remedy = "use a name the ontology declares, such as fineTunedFrom"
        else:
            fits = is_id(text)
            remedy = "use an id: small letters, digits, '.', '_' and '-', never a display name"
        if not fits:
            self._refuse(position, "bad-id", f"{text!r} at {key.name!r} cannot be an id", remedy)
        return fits

    def _at(self, node: yaml.Node) -> Position:
        return Position(self._file, node.start_mark.line + 1, node.start_mark.column + 1)

    def _refuse_all(self, entries: Iterable[Fault]) -> None:
        for fault in entries:
            self._refuse(fault.at(self._file), fault.code, fault.what, fault.remedy)

    def _refuse(self, position: Position, code: str, message: str, remedy: str) -> None:
        self._records.issues.append(Issue(position, code, message, remedy))


def lost_values(
    records: Records, counted: Iterable[tuple[tuple[str, str], int]], context: Context
) -> Iterator[Issue]:
    """Yield an issue for each (node, property) with fewer triples than the YAML has values.

    ``counted`` has the number of triples per subject and property of the asserted graph.
    """
    names = context.by_predicate()
    triples = dict(counted)
    for (node, predicate), places in records.source.values.items():
        if triples.get((node, predicate), 0) < len({text for text, _ in places}):
            yield Issue(
                places[0][1],
                "lost-value",
                f"a value of {names[predicate].name!r} did not become a triple",
                "look for characters that an IRI or a language tag cannot hold",
            )
