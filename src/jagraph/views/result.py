"""One saved query: its form, its answer as a table, and the ways to take it elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jagraph.core.errors import RequestError, suggestion
from jagraph.core.messages import Message
from jagraph.query.binding import bound
from jagraph.query.catalogue import Parameter, SavedQuery
from jagraph.query.parameters import Choice
from jagraph.store.base import Store
from jagraph.views.answer_counts import Tally
from jagraph.views.app_state import AppState
from jagraph.views.labels import Reader
from jagraph.views.lineage_picture import is_drawn
from jagraph.views.table import Table, heading, table
from jagraph.views.targets import DataForm, EditorTarget, LineageTarget, Pairs, QueryTarget
from jagraph.views.words import words

_DOWNLOADS: dict[str, DataForm] = {
    "CSV": "csv",
    "TSV": "tsv",
    "JSON": "json",
    "Turtle": "ttl",
    "Markdown": "md",
}
_MOST_DIGITS = 9
# a query with a parameter of this kind is about terms that are carried
_TERMS = "concept:concern"
# answers with this column can be compared
_MODEL = "modelName"
Offer = Callable[[Parameter], tuple[Choice, ...]]


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
class FormView:
    """The form of ``saved``, the command that asks the same, and the answer as data."""

    saved: SavedQuery
    fields: tuple[Field, ...]
    command: str
    downloads: dict[str, QueryTarget]


@dataclass(frozen=True)
class TableOptions:
    """How a table is looked at: sorted by a column, filtered by a text, one page of it."""

    sort: str = ""
    is_descending: bool = False
    filter: str = ""
    page: str = "1"


@dataclass(frozen=True)
class Heading:
    """One column's head: how the table is sorted by it, and whether it would be turned round."""

    name: str
    text: str
    sort: str
    is_number: bool
    turns_descending: bool


@dataclass(frozen=True)
class ResultView:
    """The answer of a saved query: one page of its table, and how many rows there are.

    ``carries`` says that an answer is about whether there is a term, and no permission. ``shown``
    counts the rows that the filter leaves; ``explorer`` and ``picture`` are the lineage
    of the answers, where they have one.
    """

    tally: Tally
    carries: bool
    shown: int
    table: Table
    headings: tuple[Heading, ...]
    number: int
    pages: int
    compares: bool
    meanings: dict[str, str]
    sparql: str
    editor: EditorTarget
    explorer: LineageTarget | None
    picture: LineageTarget | None


def saved_query(name: str, state: AppState) -> SavedQuery:
    """Return the saved query ``name``; raises RequestError when there is none."""
    if name not in state.catalogue:
        raise RequestError(
            "unknown-query",
            Message("error-unknown-query", name=repr(name)),
            remedy=suggestion(
                name, list(state.catalogue), Message("help-questions", questions="/queries")
            ),
        )
    return state.catalogue[name]


def view_form(saved: SavedQuery, given: Mapping[str, str], language: str, offer: Offer) -> FormView:
    """Return the form of ``saved`` with the values of ``given``, else the defaults.

    ``offer`` returns the values one may pick for a parameter, none where they cannot be had.
    """
    fields = (
        _field(parameter, given.get(parameter.name, parameter.default), offer(parameter), language)
        for parameter in saved.parameters
    )
    pairs = tuple(given.items())
    downloads = {label: QueryTarget(saved.name, pairs, form) for label, form in _DOWNLOADS.items()}
    return FormView(saved, tuple(fields), command(saved, given), downloads)


def view_result(
    saved: SavedQuery,
    given: Mapping[str, str],
    options: TableOptions,
    state: AppState,
    reader: Reader,
    store: Store,
) -> ResultView:
    """Return the answer of ``saved`` with ``given`` values, asked of ``store``.

    Raises RequestError for a wrong parameter, and what ``store`` raises.
    """
    text = bound(saved, given, state.graph.store, state.names)
    solutions = store.select(text)
    carries = is_about_terms(saved)
    whole = table(solutions, reader, _carried_heading(reader) if carries else None, carries=carries)
    rows = _looked_at(whole, options)
    number = _page_number(options.page, rows.pages)
    pairs: Pairs = tuple(given.items())
    draws = is_drawn(saved, solutions)
    return ResultView(
        Tally.of(solutions),
        carries,
        len(rows.rows),
        rows.part(number),
        _headings(whole, options),
        number,
        rows.pages,
        len(rows.rows) > 1 and _MODEL in [column.name for column in whole.columns],
        _meanings(saved, whole, reader),
        text,
        EditorTarget(text),
        LineageTarget("query", saved.name, pairs) if draws else None,
        LineageTarget("query", saved.name, pairs, is_picture=True) if draws else None,
    )


def is_about_terms(saved: SavedQuery) -> bool:
    """Tell whether ``saved`` asks for terms that are carried: a yes is then no permission."""
    return any(parameter.kind == _TERMS for parameter in saved.parameters)


def _carried_heading(reader: Reader) -> dict[str, str]:
    return {"answer": words(reader.language)["column-carried"]}


def command(saved: SavedQuery, given: Mapping[str, str]) -> str:
    """Return what one types to get the same answer."""
    words = ["jagraph", "query", saved.name]
    for name, value in given.items():
        words += [f"--{name}", value]
    return shlex.join(words)


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


def _meanings(saved: SavedQuery, shown: Table, reader: Reader) -> dict[str, str]:
    """Return what the columns that are shown mean, by what they are called."""
    names = {column.name for column in shown.columns}
    bases = {name.removesuffix("Name") for name in names}
    headings = {column.name: column.heading for column in shown.columns}
    return {
        headings.get(column.name) or heading(column.name, reader): column.meaning_in(
            reader.language
        )
        for column in reversed(saved.columns)
        if column.meanings and column.name in names | bases
    }


def _looked_at(whole: Table, options: TableOptions) -> Table:
    if options.filter:
        whole = whole.containing(options.filter)
    if options.sort in [column.name for column in whole.columns]:
        whole = whole.sorted_by(options.sort, descending=options.is_descending)
    return whole


def _page_number(written: str, pages: int) -> int:
    if not written.isascii() or not written.isdecimal():
        return 1
    # Python reads no number of thousands of digits
    return min(max(int(written), 1), pages) if len(written) <= _MOST_DIGITS else pages


def _headings(whole: Table, options: TableOptions) -> tuple[Heading, ...]:
    direction = "descending" if options.is_descending else "ascending"
    return tuple(
        Heading(
            column.name,
            column.heading,
            direction if options.sort == column.name else "none",
            column.is_number,
            options.sort == column.name and not options.is_descending,
        )
        for column in whole.columns
    )
