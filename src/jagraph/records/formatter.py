"""The plain form of a record: what is between its texts is tidied, the texts stay as they are.

Own code, since ruamel.yaml writes a file anew: it moves comments and breaks lines elsewhere.
"""

from __future__ import annotations

from contextlib import suppress
from unicodedata import normalize

import yaml

from jagraph.core.bounded_reader import FaultyError
from jagraph.core.positioned_yaml import compose, faults

_BLANKS = " \t"
Tree = str | list["Tree"] | list[tuple["Tree", "Tree"]] | None


def tidy(text: str) -> str:
    """Return ``text``, YAML, in composed Unicode, with no blanks at line ends, one newline at last.

    Lines keep their order and their comments, and what they say stays: a text on several lines
    keeps its blanks, and so does all where a change would give another reading. Raises FaultyError
    for what is no record's YAML.
    """
    before = content(text)
    for written in (normalize("NFC", text), text):
        with suppress(FaultyError):  # composed, a letter may be a sign of YAML
            if content(written) == before and content(form := _tidied(written)) == before:
                return form
    return text


def content(text: str) -> Tree:
    """Return what the YAML ``text`` says, its scalars in composed Unicode as records are read."""
    node = compose(text)
    if node is None:
        return None
    for fault in faults(node, text):
        raise FaultyError(fault)
    return _content(node)


def _content(node: yaml.Node) -> Tree:
    if isinstance(node, yaml.ScalarNode):
        return normalize("NFC", node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_content(item) for item in node.value]
    return [(_content(name), _content(value)) for name, value in node.value]


def _tidied(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    kept, whole = _inside_texts(text)
    lines = [line if at in kept else line.rstrip(_BLANKS) for at, line in enumerate(lines)]
    joined = "\n".join(lines)
    return joined if whole else joined.rstrip("\n") + "\n"


def _inside_texts(text: str) -> tuple[set[int], bool]:
    """Return the lines whose end is inside a text, and whether the last text ends with the file."""
    kept: set[int] = set()
    whole = False
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
            begin, end = event.start_mark.line, event.end_mark.line
            kept.update(range(begin, end))
            block = event.style in ("|", ">")
            whole = block and text[event.end_mark.index :].strip() == ""
    return kept, whole
