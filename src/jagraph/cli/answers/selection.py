"""The part of the lineage that the options of a command select."""

from __future__ import annotations

from jagraph.api.lineage import lineage, path
from jagraph.cli.settings import Settings
from jagraph.core.errors import RequestError
from jagraph.core.namespaces import shorten
from jagraph.domain.lineage import Direction, Lineage
from jagraph.graph.cache import Graph


def selected(
    graph: Graph,
    settings: Settings,
    things: tuple[str, ...],
    up: bool,
    down: bool,
    depth: int | None,
    other: str | None,
) -> Lineage:
    """Return the part of the lineage that the options of ``selection`` ask for."""
    if other is not None:
        if up or down or depth or len(things) > 1:
            raise RequestError(
                "bad-selection",
                "--to cannot be combined with --up, --down, --depth or a second ID",
                remedy="leave them out: a chain has its own ends",
            )
        return path(graph, things[0], other)
    found = lineage(graph, *things, direction=way(up, down, "both"), depth=depth)
    for loop in found.cycles():
        settings.say("warning: a cycle in the derivations: " + ", ".join(map(shorten, loop)))
    return found


def way(up: bool, down: bool, otherwise: Direction) -> Direction:
    """Return which way to walk: as the one flag given says, else ``otherwise``."""
    if up == down:
        return otherwise
    return "up" if up else "down"
