"""The lineage as a picture, and charts of the whole list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jagraph.api.arguments import require_choice, require_format
from jagraph.api.lineage import lineage
from jagraph.api.things import LINEAGE, find
from jagraph.core.errors import RequestError
from jagraph.core.namespaces import LANGUAGES, shorten
from jagraph.domain.lineage import Direction, Lineage
from jagraph.graph.cache import Graph

if TYPE_CHECKING:
    from jagraph.drawing.diagram_model import Picture

PICTURES = ("svg", "png", "pdf", "dot", "mmd", "graphml", "cyjs", "html")
BINARY = ("png", "pdf")
MOST_MODELS = 24  # of which each is a box of its own unless one says so
_MOST_BOXES = 600
_MOST_FOUND = 10_000  # models, of which siblings may become one box


def draw(
    graph: Graph,
    what: str | Lineage,
    *,
    format: str = "svg",
    direction: Direction = "both",
    depth: int | None = None,
    level: str | None = None,
    framed: bool = False,
    siblings: int = 4,
    datasets: bool = False,
    layers: str = "LR",
    theme: str = "light",
    language: str = "en",
    title: str = "",
) -> bytes:
    """Return the lineage of a model or family as a picture: the content of a file.

    ``what`` is what ``find`` takes, drawn in ``direction`` and to ``depth`` as ``lineage`` says, or
    a lineage that ``lineage`` or ``path`` returned. ``format`` is svg, png, pdf, dot, mmd, graphml,
    cyjs or html (to explore). ``level`` is one box per "model" or "family" (default: family above
    24 models), ``framed`` puts a frame around each family; at most ``siblings`` models that differ
    only in size or quantisation are shown, then one box; ``datasets`` shows what the models were
    trained on. ``layers`` go from left to right ("LR") or top down ("TB"); ``theme`` is "light" or
    "dark", ``language`` "en", "ja" or "fr". Raises RequestError as ``find`` does, for another
    format, and for what is too large to be read.

    >>> print(draw(graph, "Ume-7b", direction="up", format="mmd").decode().splitlines()[1])
    title: What does Ume-7b come from?
    >>> draw(graph, path(graph, "Hana-7b", "Ume-7b"), format="png")[:4]
    b'\\x89PNG'
    """
    from jagraph.drawing.diagram_model import LEVELS, collapsed, picture
    from jagraph.drawing.layout import DIRECTIONS

    require_format(format, PICTURES)
    require_choice("level", level or "model", LEVELS)
    require_choice("layers", layers, DIRECTIONS)
    _require_look(theme, language)
    if isinstance(what, Lineage):
        selection = what
    else:
        selection = lineage(graph, what, direction=direction, depth=depth)
        title = title or question(graph, [what], direction, language=language)
    if len(selection.models) > _MOST_FOUND:
        raise _too_large(f"{len(selection.models):,} models")
    many = len(selection.models) > MOST_MODELS and not framed
    drawn = picture(
        selection,
        graph.store,
        title,
        level or ("family" if many else "model"),
        language,
        framed=framed,
        datasets=datasets,
    )
    drawn = collapsed(drawn, siblings)
    if len(drawn.boxes) > _MOST_BOXES:
        raise _too_large(f"{len(drawn.boxes)} boxes")
    return _rendered(drawn, format, layers, theme)


def chart(
    graph: Graph,
    name: str,
    *,
    format: str = "svg",
    theme: str = "light",
    language: str = "en",
) -> bytes:
    """Return an overview of the whole list as the content of a file.

    ``name`` is "licenses", "licenses-by-year", "parameters" or "developers"; ``format`` is svg, png
    or pdf, ``theme`` "light" or "dark", ``language`` "en", "ja" or "fr". Raises RequestError, with
    the nearest one, for a chart or a format that does not exist.

    >>> b"<svg" in chart(graph, "licenses")
    True
    """
    from jagraph.drawing import charts

    require_format(format, charts.FORMATS)
    _require_look(theme, language)
    return charts.chart(name, graph.store, format, language, theme)


def question(
    graph: Graph,
    things: Sequence[str],
    direction: Direction,
    *,
    end: str | None = None,
    language: str = "en",
) -> str:
    """Return the question that a picture of ``things`` answers, its title, in ``language``.

    ``end`` is the other end of a chain.
    """
    from jagraph.drawing.messages import WORDS

    words = WORDS[language]
    name = ", ".join(_name(graph, find(graph, thing, *LINEAGE), language) for thing in things)
    if end is not None:
        other = _name(graph, find(graph, end, *LINEAGE), language)
        return words["between"].format(name=name, other=other)
    return words[{"both": "both", "up": "from", "down": "to"}[direction]].format(name=name)


def _name(graph: Graph, thing: str, language: str) -> str:
    rows = graph.select(
        f"SELECT ?name ?own {{ <{thing}> rdfs:label ?name . OPTIONAL {{ <{thing}> skos:prefLabel "
        f'?own FILTER(LANG(?own) = "{language}") }} }} ORDER BY ?own'
    ).dicts()
    return next((row["own"] or row["name"] for row in rows), shorten(thing))


def _require_look(theme: str, language: str) -> None:
    from jagraph.drawing.style import THEMES

    require_choice("theme", theme, THEMES)
    require_choice("language", language, LANGUAGES)


def _too_large(what: str) -> RequestError:
    return RequestError(
        "too-large",
        f"{what} cannot be read in one picture",
        remedy="narrow it: --level family, --depth 2, --up or --down, --siblings 1",
    )


def _rendered(drawn: Picture, form: str, layers: str, theme: str) -> bytes:
    from jagraph.drawing import canvas, html_viewer, text_formats
    from jagraph.drawing.painter import draw as placed

    texts = {
        "dot": text_formats.as_dot,
        "mmd": text_formats.as_mermaid,
        "graphml": text_formats.as_graphml,
        "cyjs": text_formats.as_cytoscape,
    }
    if form in texts:
        return texts[form](drawn).encode()
    if form == "html":
        return html_viewer.as_html(drawn, layers, theme).encode()
    scene = placed(drawn, layers, theme)
    if form == "svg":
        return canvas.as_svg(scene).encode()
    return canvas.as_png(scene) if form == "png" else canvas.as_pdf(scene)
