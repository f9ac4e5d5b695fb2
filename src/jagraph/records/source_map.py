"""Where the statements of the graph are written: file, line and column."""

from __future__ import annotations

from dataclasses import dataclass, field

from jagraph.core.errors import Position


@dataclass(frozen=True)
class SourceMap:
    """Where each node and each of its values is written."""

    nodes: dict[str, Position] = field(default_factory=dict)
    values: dict[tuple[str, str], list[tuple[str, Position]]] = field(default_factory=dict)

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
