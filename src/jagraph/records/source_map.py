"""Where the statements of the graph are written: file, line and column."""

from __future__ import annotations

import marshal

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from jagraph.core.position import Position


_FORMAT = 4  # of marshal, which every Python reads


class SourceMap:
    """Where each node and each of its values is written.

    ``nodes`` have a position by IRI, ``values`` the texts with their positions by IRI and property.
    """

    def __init__(self) -> None:
        self.nodes: dict[str, Position] = {}
        self.values: dict[tuple[str, str], list[tuple[str, Position]]] = {}

    def find(self, node: str, predicate: str = "", value: str = "") -> Position | None:
        """Return the position of a value, else of the property, else of the node or its record."""
        places = self.values.get((node, predicate), [])
        for text, position in places:
            if value and (value == text or value.endswith(("/" + text, "#" + text))):
                return position
        if places:
            return places[0][1]
        if node in self.nodes:
            return self.nodes[node]
        record, inner, _ = node.partition("#")
        return self.nodes.get(record) if inner else None

    def content(self) -> bytes:
        """Return the content of a file of sources: for each record what is written in it."""
        nodes: dict[str, list[tuple[object, ...]]] = {}
        values: dict[str, list[tuple[object, ...]]] = {}
        for node, position in self.nodes.items():
            nodes.setdefault(_record(node), []).append((node, *_plain(position)))
        for (node, predicate), written in self.values.items():
            rows = values.setdefault(_record(node), [])
            rows += [(node, predicate, text, *_plain(position)) for text, position in written]
        records = nodes.keys() | values.keys()
        parts = {one: (nodes.get(one, []), values.get(one, [])) for one in sorted(records)}
        return marshal.dumps(
            {one: marshal.dumps(part, _FORMAT) for one, part in parts.items()}, _FORMAT
        )

    @classmethod
    def saved(cls, content: bytes) -> SourceMap:
        """Return what is in a file of sources."""
        return _SavedSources(content)


class _SavedSources(SourceMap):
    """The content of a file of sources; that of a record is read when it is first asked for."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._parts: dict[str, bytes] = marshal.loads(content)  # noqa: S302, our own cache
        self._read: dict[str, SourceMap] = {}  # several threads may put the same in

    def find(self, node: str, predicate: str = "", value: str = "") -> Position | None:
        record = _record(node)
        if record not in self._read:
            self._read[record] = self._of(record)
        return self._read[record].find(node, predicate, value)

    def _of(self, record: str) -> SourceMap:
        from pathlib import Path

        from jagraph.core.position import Position

        found = SourceMap()
        if record in self._parts:
            nodes, values = marshal.loads(self._parts[record])  # noqa: S302, our own cache
            for node, file, line, column in nodes:
                found.nodes[node] = Position(Path(file), line, column)
            for node, predicate, text, file, line, column in values:
                written = found.values.setdefault((node, predicate), [])
                written.append((text, Position(Path(file), line, column)))
        return found


def _record(node: str) -> str:
    """Return the thing inside whose record ``node`` stands: itself, or what it is a part of."""
    return node.partition("#")[0]


def _plain(position: Position) -> tuple[str, int, int]:
    return position.file.as_posix(), position.line, position.column
