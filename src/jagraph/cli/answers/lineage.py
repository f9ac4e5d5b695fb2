"""The answer of the verb `lineage`: what a model comes from and what descends from it."""

from __future__ import annotations

from jagraph.cli.answers.selection import selected
from jagraph.cli.settings import Settings
from jagraph.cli.terminal_text import echo
from jagraph.core.namespaces import shorten
from jagraph.domain.lineage import Lineage, as_data, as_lines


def answer(
    settings: Settings,
    things: tuple[str, ...],
    up: bool,
    down: bool,
    depth: int | None,
    other: str | None,
    form: str,
) -> None:
    """Print the part of the lineage that is asked for, as text, TSV or JSON."""
    graph = settings.graph()
    found = selected(graph, settings, things, up, down, depth, other)
    if form == "json":
        import json

        echo(json.dumps(as_data(found), ensure_ascii=False, indent=1))
    elif form == "tsv":
        echo("\n".join(map("\t".join, _rows(found))))
    else:
        echo("".join(f"{line}\n" for line in as_lines(found)), nl=False)
        settings.say(f"{len(found.models)} models, {len(found.edges)} derivations")


def _rows(found: Lineage) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("child", "relation", "parent", "certain", "stated")]
    for edge in sorted(found.edges):
        certain = str(edge.certain).lower()
        rows.append(
            (shorten(edge.child), edge.relation, shorten(edge.parent), certain, edge.stated)
        )
    return rows
