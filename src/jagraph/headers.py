"""YAML that keeps its places: a query file's header, or a whole file of words.

The header is the lines of a query file that begin with ``#+``. Every scalar is text, so that
``no`` stays "no".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from jagraph.errors import DataError, Position, suggestion
from jagraph.reading import read_text
from jagraph.vocab import LANGUAGES

_MARK = "#+"
_MANUAL = "queries/README.md shows a whole header"


@dataclass(frozen=True)
class Part:
    """One value in the YAML of ``path``: a text, a list or a mapping.

    ``lines`` are the lines of the file that the lines of the YAML stand in, ``indent`` how far to
    the right.
    """

    node: yaml.Node
    path: Path
    lines: Sequence[int]
    indent: int = 0

    def text(self) -> str:
        """Return the text; raises DataError for a list or a mapping."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.wrong("a text is wanted here")
        value: str = self.node.value
        return value.strip()

    def texts(self) -> tuple[str, ...]:
        """Return the texts of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("a list is wanted here", "write [one, other]")
        return tuple(self._part(node).text() for node in self.node.value)

    def fields(self, known: Sequence[str] | None = None) -> dict[str, Part]:
        """Return the values of a mapping by key; raises DataError for a key not ``known``."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("a mapping is wanted here", "write key: value")
        found: dict[str, Part] = {}
        for key_node, value in self.node.value:
            key = self._part(key_node)
            name = key.text()
            if known is not None and name not in known:
                remedy = suggestion(name, list(known), "one of: " + ", ".join(known))
                raise key.wrong(f"there is no key {name!r} here", remedy)
            if name in found:
                raise key.wrong(f"the key {name!r} stands twice", "keep one of them")
            found[name] = self._part(value)
        return found

    def words(self) -> Mapping[str, str]:
        """Return a text by language; a plain text is English."""
        if isinstance(self.node, yaml.ScalarNode):
            return {"en": self.text()}
        found = {language: part.text() for language, part in self.fields(LANGUAGES).items()}
        if "en" not in found:
            raise self.wrong("the English text is missing", "write en: …, then ja: and fr:")
        return found

    def wrong(self, what: str, remedy: str = _MANUAL) -> DataError:
        """Return the error that says ``what`` is wrong at this place."""
        mark = self.node.start_mark
        return _wrong(what, remedy, self.path, self.lines, mark.line, mark.column + self.indent)

    def _part(self, node: yaml.Node) -> Part:
        return Part(node, self.path, self.lines, self.indent)


def read_header(path: Path, text: str) -> Part:
    """Return the header of the query file ``path`` whose content is ``text``.

    Raises DataError when it has none or it is not YAML.
    """
    marked = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.startswith(_MARK)]
    if not marked:
        raise _wrong("a saved query begins with a header", _MANUAL, path, [1], 0, 0)
    lines = [at for at, _ in marked]
    header = "\n".join(line.removeprefix(_MARK) for _, line in marked)
    return _composed(header, path, lines, len(_MARK))


def read_words(path: Path) -> dict[str, Mapping[str, str]]:
    """Return what the file ``path`` explains, by key, each in its languages."""
    text = read_text(path)
    part = _composed(text, path, range(1, text.count("\n") + 2), 0)
    return {key: value.words() for key, value in part.fields().items()}


def _composed(text: str, path: Path, lines: Sequence[int], indent: int) -> Part:
    try:
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as reason:
        mark = reason.problem_mark or reason.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        what = f"this is not YAML: {reason.problem}"
        remedy = "put a text with a colon or a # into quotes"
        raise _wrong(what, remedy, path, lines, line, column + indent) from reason
    except yaml.YAMLError as reason:
        raise _wrong(f"this is not YAML: {reason}", _MANUAL, path, lines, 0, 0) from reason
    if node is None:
        raise _wrong("there is nothing here", _MANUAL, path, lines, 0, 0)
    return Part(node, path, lines, indent)


def _wrong(
    what: str, remedy: str, path: Path, lines: Sequence[int], line: int, column: int
) -> DataError:
    at = lines[min(line, len(lines) - 1)]
    return DataError("bad-query-header", what, where=Position(path, at, column + 1), remedy=remedy)
