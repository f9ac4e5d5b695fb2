"""The verb `draw`: the lineage of models or families as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from jagraph.api.pictures import BINARY, MOST_MODELS, PICTURES, draw, question
from jagraph.cli.answers.selection import selected, way
from jagraph.cli.model_selection import selection
from jagraph.cli.options import QUERIES, asking, common
from jagraph.cli.picture_options import LANGUAGE, TARGET, THEME
from jagraph.cli.query_parameters import pairs
from jagraph.cli.settings import Settings, deliver, target_format
from jagraph.core.errors import RequestError
from jagraph.domain.lineage import Lineage
from jagraph.drawing.diagram_model import LEVELS
from jagraph.drawing.layout import DIRECTIONS
from jagraph.graph.cache import Graph
from jagraph.query.binding import run
from jagraph.query.catalogue import SavedQuery, find_query


@click.command("draw", context_settings={"ignore_unknown_options": True})
@click.argument("things", nargs=-1, metavar="ID…", type=click.UNPROCESSED)
@selection
@click.option("--query", "name", metavar="NAME", help="Draw a saved query's answers, with theirs.")
@QUERIES
@TARGET
@click.option("--format", "form", metavar="|".join(PICTURES), help="Default: by the extension.")
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    help=f"One box per model or family (default: family above {MOST_MODELS} models).",
)
@click.option("--group", type=click.Choice(["family"]), help="A frame around each family's models.")
@click.option(
    "--siblings",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Show at most so many models that differ only in size or quantisation; then one box +N.",
)
@click.option("--datasets", is_flag=True, help="Show what the models were trained on.")
@click.option(
    "--direction",
    type=click.Choice(DIRECTIONS),
    default="LR",
    show_default=True,
    help="Layers from left to right or top down.",
)
@THEME
@LANGUAGE
@click.option("--title", help="The title; default: the question it answers.")
@asking
@common
def command(
    settings: Settings,
    things: tuple[str, ...],
    up: bool,
    down: bool,
    depth: int | None,
    other: str | None,
    name: str | None,
    extra: tuple[Path, ...],
    output: Path | None,
    form: str | None,
    level: str | None,
    group: str | None,
    siblings: int,
    datasets: bool,
    direction: str,
    theme: str,
    language: str,
    title: str | None,
) -> None:
    """Draw the lineage of models or families as a layered picture.

    \b
    jagraph draw llama-2 --down -o llama-2.svg
    jagraph draw houou-7b --up --group family --lang ja -o houou.png
    jagraph draw llama-2 --down -o llama-2.html      to explore: search, cards, folding
    jagraph draw --query merges -o merges.pdf

    With --query, options that draw does not know are the query's parameters.
    """
    asked = target_format(form, output, PICTURES, "svg")
    graph = settings.graph()
    if name is not None:
        saved = find_query(graph.project, name, extra)
        found, asks = _answers(graph, saved, things, up, down, depth, language)
    elif unknown := [word for word in things if word.startswith("-")]:
        raise click.NoSuchOption(unknown[0])
    elif not things:
        raise click.MissingParameter(param_hint="ID", param_type="argument")
    else:
        found = selected(graph, settings, things, up, down, depth, other)
        facing = way(up, down, "both")
        asks = question(graph, things, facing, end=other, language=language)
    drawn = draw(
        graph,
        found,
        format=asked,
        level=level,
        framed=group == "family",
        siblings=siblings,
        datasets=datasets,
        layers=direction,
        theme=theme,
        language=language,
        title=title or asks,
    )
    deliver(drawn if asked in BINARY else drawn.decode(), output, settings)


def _answers(
    graph: Graph,
    saved: SavedQuery,
    words: tuple[str, ...],
    up: bool,
    down: bool,
    depth: int | None,
    language: str,
) -> tuple[Lineage, str]:
    """Return the models or families a saved query answers with, in their lineage, and its title."""
    given = pairs(words, saved)
    rows = list(run(saved, given, graph.store).dicts())
    column = next((c for c in ("model", "family") if rows and c in rows[0]), None)
    if column is None:
        raise RequestError(
            "nothing-to-draw",
            f"{saved.name} answers with no models" if rows else f"{saved.name} has no answers",
            remedy="choose a query with a column model or family, or other parameters",
        )
    starts = sorted({row[column] for row in rows})
    asked = ", ".join(f"{key} {value}" for key, value in given.items())
    question = saved.title_in(language) + (f" ({asked})" if asked else "")
    return Lineage.read(graph.store).walk(starts, way(up, down, "up"), depth), question
