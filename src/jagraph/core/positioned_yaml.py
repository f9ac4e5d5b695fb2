"""YAML that keeps its places, within limits: records, policies, headers of queries, words.

Every scalar is text, so that ``no`` stays "no". What no file of ours needs is refused: aliases, of
which a kilobyte may stand for a billion values, more than a few levels, more than a megabyte, and
characters that nobody sees. Own code upon PyYAML's parser in C: ruamel.yaml has no such limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from jagraph.core.bounded_reader import Fault, FaultyError, read_text
from jagraph.core.errors import DataError, OutsideError, suggestion
from jagraph.core.namespaces import LANGUAGES
from jagraph.core.position import Position
from jagraph.core.visible_text import unseen, visible

_DEEPEST = 32
_FEW = 20


def compose(text: str) -> yaml.Node | None:
    """Return the one document in ``text``, None when there is nothing in it.

    Raises FaultyError when it is not YAML.
    """
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as reason:
        mark = reason.problem_mark or reason.context_mark
        what = " ".join(filter(None, (reason.context, reason.problem)))
        remedy = "check quotes, brackets and indentation here and on the line above"
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise FaultyError(Fault("bad-yaml", f"not YAML: {what}", remedy, line, column)) from reason
    except yaml.reader.ReaderError as reason:
        before = text.encode("utf-8", "surrogatepass")[: reason.position]
        fault = Fault(
            "bad-yaml",
            f"not YAML: {visible(str(reason.reason))} (U+{int(reason.character):04X})",
            "take the character out",
            before.count(b"\n"),
            len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")),
        )
        raise FaultyError(fault) from reason
    return node


def faults(root: yaml.Node, text: str) -> Iterator[Fault]:
    """Yield what is refused in ``root``, the document in ``text``, though it is YAML.

    An alias is a second way to a node, so that each node is looked at once.
    """
    seen: set[int] = set()
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if id(node) in seen:
            yield _alias(text)
            return
        seen.add(id(node))
        line, column = _start(node)
        if isinstance(node, yaml.ScalarNode):
            if character := unseen(node.value):
                yield Fault(
                    "unseen-character",
                    f"the text has {visible(character)}, which is not seen or acts on a terminal",
                    "take the character out",
                    line,
                    column,
                )
        elif depth > _DEEPEST:
            what = f"more than {_DEEPEST} levels of lists and mappings"
            yield Fault("too-deep", what, "write fewer levels", line, column)
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(item, depth + 1) for item in node.value]
        else:
            waiting += [(part, depth + 1) for pair in node.value for part in pair]


def _alias(text: str) -> Fault:
    """Return the fault of the first alias in ``text``, at its place."""
    events = yaml.parse(text, Loader=yaml.CBaseLoader)
    first = next(event for event in events if isinstance(event, yaml.AliasEvent))
    what = f"*{first.anchor} is an alias, which is not taken here"
    return Fault("yaml-alias", what, "write the value out", *_start(first))


def _start(node: yaml.Node | yaml.AliasEvent) -> tuple[int, int]:
    """Return line and column where ``node`` begins, counted from 0."""
    mark = node.start_mark
    return (mark.line, mark.column) if mark else (0, 0)


@dataclass(frozen=True)
class Genre:
    """What a file is: the code of its errors, and where such a file is explained."""

    code: str
    manual: str


@dataclass(frozen=True)
class Part:
    """One value in the YAML of ``path``: a text, a list or a mapping.

    ``lines`` are the lines of the file that the lines of the YAML stand in, ``indent`` how far to
    the right.
    """

    node: yaml.Node
    path: Path
    genre: Genre
    lines: Sequence[int]
    indent: int = 0

    def text(self) -> str:
        """Return the text; raises DataError for a list or a mapping."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.wrong("a text is wanted here")
        value: str = self.node.value
        return value.strip()

    def one_of(self, choices: Sequence[str], what: str) -> str:
        """Return the text, which is one of ``choices``; raises DataError that calls it ``what``."""
        text = self.text()
        if text not in choices:
            remedy = suggestion(text, list(choices), _one_of(choices))
            raise self.wrong(f"{what} cannot be {text!r}", remedy)
        return text

    def texts(self) -> tuple[str, ...]:
        """Return the texts of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("a list is wanted here", "write [one, other]")
        return tuple(self._part(node).text() for node in self.node.value)

    def fields(self, choices: Sequence[str] | None = None) -> dict[str, Part]:
        """Return the values of a mapping by key; raises DataError for a key not ``choices``."""
        return {name: value for name, (_, value) in self.entries(choices).items()}

    def entries(self, choices: Sequence[str] | None = None) -> dict[str, tuple[Part, Part]]:
        """Return the keys of a mapping with their places, and the values, by key."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("a mapping is wanted here", "write key: value")
        entries: dict[str, tuple[Part, Part]] = {}
        for key_node, value in self.node.value:
            key = self._part(key_node)
            name = key.text()
            if choices is not None and name not in choices:
                remedy = suggestion(name, list(choices), _one_of(choices))
                raise key.wrong(f"there is no key {name!r} here", remedy)
            if name in entries:
                raise key.wrong(f"the key {name!r} stands twice", "keep one of them")
            entries[name] = (key, self._part(value))
        return entries

    def words(self) -> Mapping[str, str]:
        """Return a text by language; a plain text is English."""
        if isinstance(self.node, yaml.ScalarNode):
            return {"en": self.text()}
        texts = {language: part.text() for language, part in self.fields(LANGUAGES).items()}
        if "en" not in texts:
            raise self.wrong("the English text is missing", "write en: …, then ja: and fr:")
        return texts

    def wrong(self, what: str, remedy: str = "") -> DataError:
        """Return the error that says ``what`` is wrong at this place."""
        fault = Fault(self.genre.code, what, remedy, *_start(self.node))
        return _error(fault, self.path, self.genre, self.lines, self.indent)

    def _part(self, node: yaml.Node) -> Part:
        return Part(node, self.path, self.genre, self.lines, self.indent)


def _one_of(choices: Sequence[str]) -> str:
    more = ", …" if len(choices) > _FEW else ""
    return "one of: " + ", ".join(choices[:_FEW]) + more


def read_part(path: Path, genre: Genre) -> Part:
    """Return what stands in the YAML file ``path``.

    Raises OutsideError when it cannot be read, DataError for what is wrong in it.
    """
    try:
        text = read_text(path)
    except FaultyError as wrong:
        raise _error(wrong.fault, path, genre, [], 0) from wrong
    except OSError as reason:
        raise OutsideError(
            "missing-file",
            f"the file cannot be read: {reason.strerror or reason}",
            where=str(path),
            remedy=genre.manual,
        ) from reason
    return part(text, path, genre, range(1, text.count("\n") + 2))


def part(text: str, path: Path, genre: Genre, lines: Sequence[int], indent: int = 0) -> Part:
    """Return what stands in ``text``, YAML in the ``lines`` of ``path``.

    Raises DataError for what is wrong in it.
    """
    try:
        node = compose(text)
    except FaultyError as wrong:
        raise _error(wrong.fault, path, genre, lines, indent) from wrong
    if node is None:
        raise _error(Fault(genre.code, "there is nothing here", ""), path, genre, lines, indent)
    for fault in faults(node, text):
        raise _error(fault, path, genre, lines, indent)
    return Part(node, path, genre, lines, indent)


def _error(fault: Fault, path: Path, genre: Genre, lines: Sequence[int], indent: int) -> DataError:
    """Return ``fault`` as an error; a line beyond ``lines`` is their last."""
    line = lines[min(fault.line, len(lines) - 1)] if lines else fault.line + 1
    return DataError(
        genre.code,
        fault.what,
        where=Position(path, line, fault.column + indent + 1),
        remedy=fault.remedy or genre.manual,
    )
