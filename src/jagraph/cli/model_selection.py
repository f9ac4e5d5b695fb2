"""The options that select a part of the lineage, and what they select."""

from __future__ import annotations

from typing import Any

import click

from jagraph.api.lineage import lineage, path
from jagraph.cli.options import Settings
from jagraph.core.errors import RequestError
from jagraph.core.namespaces import shorten
from jagraph.domain.lineage import Direction, Lineage
from jagraph.graph.cache import Graph


def selection(verb: Any) -> Any:
    """Give ``verb`` the options that select a part of the lineage."""
    for option in reversed(
        (
            click.option("--up", is_flag=True, help="Only what it comes from."),
            click.option("--down", is_flag=True, help="Only what descends from it."),
            click.option(
                "--depth", type=click.IntRange(min=1), help="At most so many derivations away."
            ),
            click.option("--to", "other", metavar="ID", help="The shortest chain to another one."),
        )
    ):
        verb = option(verb)
    return verb


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
