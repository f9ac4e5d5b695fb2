"""What `jagraph query` says without running one: the gallery, and the help of a saved query."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import wrap

from jagraph.query.catalogue import Glossary, Parameter, SavedQuery
from jagraph.query.parameters import Choice
from jagraph.views.gallery import query_groups
from jagraph.views.query_description import describe

_FEW = 12
_WIDTH = 100
_OTHER = "Other"
Pick = Callable[[Parameter], list[Choice]]


def gallery(queries: Mapping[str, SavedQuery], glossary: Glossary) -> str:
    """Return the names and titles of ``queries`` under the name of their first tag."""
    longest = max(map(len, queries), default=0)
    groups = query_groups(queries.values(), glossary.tags, "en")
    texts = (
        [group.name or _OTHER, *(f"  {one.name:<{longest}}  {one.title}" for one in group.queries)]
        for group in groups
    )
    return "\n\n".join(map("\n".join, texts)) + "\n"


def explanation(saved: SavedQuery, pick: Pick) -> str:
    """Return what ``saved`` asks, takes and answers; ``pick`` gives a parameter's values."""
    description = describe(saved, pick)
    parts = [f"{saved.name}: {saved.title}", "\n".join(wrap(saved.description, _WIDTH))]
    if description.parameters:
        taken = (
            (f"--{entry.parameter.name}", _taken(entry.parameter, entry.choices))
            for entry in description.parameters
        )
        parts.append("Parameters\n" + _table(taken))
    if description.columns:
        meanings = ((column, [meaning]) for column, meaning in description.columns.items())
        parts.append("Columns\n" + _table(meanings))
    parts.append(f"Example\n  {example_command(saved)}")
    parts.append(f"SPARQL\n  {saved.path}")
    return "\n\n".join(parts) + "\n"


def example_command(saved: SavedQuery) -> str:
    """Return the command that runs the example of ``saved``."""
    values = (word for name, value in saved.example.items() for word in (f"--{name}", value))
    return shlex.join(["jagraph", "query", saved.name, *values])


def _taken(parameter: Parameter, values: Sequence[Choice]) -> list[str]:
    """Return what a parameter is, which values it takes, and what it is when not given."""
    default = f"default {parameter.default}" if parameter.required else "may be left out"
    return [parameter.help, f"{_range(parameter, values)}; {default}"]


def _range(parameter: Parameter, values: Sequence[Choice]) -> str:
    if parameter.kind == "number":
        span = f", here {values[0].label} to {values[-1].label}" if values else ""
        return f"a number{span}"
    if values and len(values) <= _FEW:
        return "one of: " + ", ".join(choice.value for choice in values)
    some = ", ".join(choice.value for choice in values[:3])
    known = f"; {len(values)} to choose from: {some}, …" if values else ""
    if parameter.scheme:
        return f"a {parameter.scheme}{known}"
    things = " or ".join(parameter.namespaces)
    return f"a {things} by id, name, alias or Hugging Face id{known}"


def _table(rows: Iterable[tuple[str, list[str]]]) -> str:
    rows = list(rows)
    longest = max(len(name) for name, _ in rows)
    lines: list[str] = []
    for name, texts in rows:
        first, *rest = [line for text in texts for line in wrap(text, _WIDTH - longest - 4)] or [""]
        lines.append(f"  {name:<{longest}}  {first}".rstrip())
        lines += [f"  {'':<{longest}}  {line}" for line in rest]
    return "\n".join(lines)
