"""One saved query: its form, its answer as a table, and the ways to take it elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from jagraph.core.errors import RequestError, suggestion
from jagraph.core.messages import Message
from jagraph.query.binding import bound, given_once
from jagraph.query.catalogue import Parameter, SavedQuery
from jagraph.query.parameters import Choice, choices
from jagraph.query.workers.pool import BusyError, Engine
from jagraph.views.answer_counts import Tally
from jagraph.views.app_state import Site
from jagraph.views.labels import Reader
from jagraph.views.table import Table, heading, table
from jagraph.web.html import EVERYWHERE, address, here, language_of, page, reader_of, site_of
from jagraph.web.lineage_page import of_answers
from jagraph.web.once_cache import Kept
from jagraph.web.replies import refused, status_of

# what the page takes beside the query's parameters
_VIEW = ("sort", "order", "filter", "page")
_DOWNLOADS = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "ttl": "Turtle", "md": "Markdown"}
_DESCENDING = "desc"
_MOST_DIGITS = 9
# answers with this column can be compared
_MODEL = "modelName"


# a query's parameter in a language
Asked = tuple[str, str, str]
Offers = Kept[Asked, tuple[Choice, ...]]


@dataclass(frozen=True)
class Field:
    """One parameter in the form: a list to pick from, or a box with suggestions."""

    name: str
    help: str
    value: str
    choices: tuple[Choice, ...]
    is_list: bool
    is_number: bool
    is_required: bool


@dataclass(frozen=True)
class Heading:
    """One column's head: where sorting by it leads, and how the table is sorted by it now."""

    name: str
    text: str
    href: str
    sort: str
    is_number: bool


async def result(request: Request) -> Response:
    """Show the form and the answer of the query in the path, within the engine's limits."""
    engine: Engine = request.app.state.engine
    saved = _saved(site_of(request), request.path_params["name"])
    return await engine.aside(_result, request, saved, engine)


def _result(request: Request, saved: SavedQuery, engine: Engine) -> Response:
    site, reader = site_of(request), reader_of(request)
    asked = dict(request.query_params)
    given = {
        name: value
        for name, value in asked.items()
        if name not in (*_VIEW, *EVERYWHERE) and value.strip()
    }
    context: dict[str, object] = {
        "saved": saved,
        "fields": fields(request, saved, given, engine),
        "asked": asked,
        "command": command(saved, given),
        "downloads": {
            label: address(f"/query/{saved.name}.{form}", given)
            for form, label in _DOWNLOADS.items()
        },
        "permalink": str(request.url.replace(query=urlencode(_kept(asked, saved)))),
    }
    values = request.query_params.multi_items()
    try:
        given_once((name, value) for name, value in values if name in given)
        text = bound(saved, given, site.graph.store, site.names)
        solutions = engine.select(text)
    except (BusyError, RequestError) as wrong:
        return refused(page(request, "result.html", status_of(wrong), wrong=wrong, **context))
    whole = table(solutions, reader)
    seen = _seen(whole, asked)
    number = _page(asked, seen.pages)
    return page(
        request,
        "result.html",
        status=200,
        wrong=None,
        tally=Tally.of(solutions),
        shown=len(seen.rows),
        table=seen.part(number),
        number=number,
        pages=seen.pages,
        compares=len(seen.rows) > 1 and _MODEL in [column.name for column in whole.columns],
        pictures=of_answers(saved, solutions, given),
        meanings=_meanings(saved, whole, reader),
        headings=[_heading(request, column.name, whole, asked) for column in whole.columns],
        sparql=text,
        editor=address("/sparql", {"query": text}),
        **context,
    )


def fields(
    request: Request, saved: SavedQuery, given: Mapping[str, str], engine: Engine
) -> list[Field]:
    """Return the form of ``saved`` with the values of ``given``, else the defaults.

    A list of values that cannot be had within the engine's limits is left out.
    """
    names, language = site_of(request).names, language_of(request)
    offers: Offers = request.app.state.offers

    def offered(parameter: Parameter) -> tuple[Choice, ...]:
        asked = (saved.name, parameter.name, language)
        known = offers.get(asked, lambda: tuple(choices(parameter, engine, language, names)))
        return known or ()

    return [
        _field(
            parameter, given.get(parameter.name, parameter.default), offered(parameter), language
        )
        for parameter in saved.parameters
    ]


def _field(parameter: Parameter, value: str, offered: tuple[Choice, ...], language: str) -> Field:
    return Field(
        parameter.name,
        parameter.help_in(language),
        value,
        offered,
        bool(offered) and (parameter.kind == "choice" or bool(parameter.scheme)),
        parameter.kind == "number",
        parameter.required,
    )


def _saved(site: Site, name: str) -> SavedQuery:
    if name not in site.catalogue:
        raise RequestError(
            "unknown-query",
            Message("error-unknown-query", name=repr(name)),
            remedy=suggestion(
                name, list(site.catalogue), Message("help-questions", questions="/queries")
            ),
        )
    return site.catalogue[name]


def _meanings(saved: SavedQuery, shown: Table, reader: Reader) -> dict[str, str]:
    """Return what the columns that are shown mean, by what they are called."""
    names = {column.name for column in shown.columns}
    bases = {name.removesuffix("Name") for name in names}
    return {
        heading(column.name, reader): column.meaning_in(reader.language)
        for column in reversed(saved.columns)
        if column.meanings and column.name in names | bases
    }


def command(saved: SavedQuery, given: Mapping[str, str]) -> str:
    """Return what one types to get the same answer."""
    words = ["jagraph", "query", saved.name]
    for name, value in given.items():
        words += [f"--{name}", value]
    return shlex.join(words)


def _kept(asked: Mapping[str, str], saved: SavedQuery) -> dict[str, str]:
    """Return what a permalink keeps: the question whole, with its defaults, and the view of it."""
    defaults = {one.name: one.default for one in saved.parameters if one.default}
    return {**defaults, **{name: value for name, value in asked.items() if value}}


def _seen(whole: Table, asked: Mapping[str, str]) -> Table:
    if text := asked.get("filter", "").strip():
        whole = whole.containing(text)
    name = asked.get("sort", "")
    if name in [column.name for column in whole.columns]:
        whole = whole.sorted_by(name, descending=asked.get("order") == _DESCENDING)
    return whole


def _page(asked: Mapping[str, str], pages: int) -> int:
    written = asked.get("page", "1")
    if not written.isascii() or not written.isdecimal():
        return 1
    # Python reads no number of thousands of digits
    return min(max(int(written), 1), pages) if len(written) <= _MOST_DIGITS else pages


def _heading(request: Request, name: str, whole: Table, asked: Mapping[str, str]) -> Heading:
    column = next(column for column in whole.columns if column.name == name)
    is_sorted = asked.get("sort") == name
    is_descending = asked.get("order") == _DESCENDING
    turned = _DESCENDING if is_sorted and not is_descending else ""
    direction = "descending" if is_descending else "ascending"
    return Heading(
        name,
        column.heading,
        here(request, {"sort": name, "order": turned, "page": ""}) + "#answers",
        direction if is_sorted else "none",
        column.is_number,
    )
