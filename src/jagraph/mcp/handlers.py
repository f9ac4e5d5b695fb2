"""What each tool answers: text for reading, the same as data, with sources and what is unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from jagraph.core.namespaces import shorten
from jagraph.core.rdf_text import text_of
from jagraph.domain import verdicts
from jagraph.domain.lineage import Direction, as_data, as_lines
from jagraph.graph.provenance import notice
from jagraph.query import result_formats
from jagraph.query.binding import bound
from jagraph.query.parameters import choices
from jagraph.store.base import Solutions, Store
from jagraph.views import card_text
from jagraph.views.app_state import AppState
from jagraph.views.hits import search

MOST_ROWS = 500
_MOST_VALUES = 60
_LIST = "awesome-japanese-llm, https://github.com/llm-jp/awesome-japanese-llm"
_UNDECIDED = ("unknown", "conditional")


@dataclass(frozen=True)
class Reply:
    """One answer, for reading and as plain data."""

    text: str
    data: Mapping[str, object]


@dataclass(frozen=True)
class Handlers:
    """Answers from one graph; queries run in ``store``, which bounds their time and size."""

    state: AppState
    store: Store

    def describe_query(self, name: str) -> Reply:
        """Tell what a saved query takes, with the values there are, and what its columns mean."""
        saved = self.state.catalogue[name]
        parameters: dict[str, object] = {}
        lines = [f"{saved.name}: {saved.title}", saved.description]
        for one in saved.parameters:
            offered = choices(one, self.store, "en", self.state.names)
            shown = [choice.value for choice in offered[:_MOST_VALUES]]
            parameters[one.name] = {
                "help": one.help,
                "kind": one.kind,
                "default": one.default or None,
                "values": shown,
                "values_known": len(offered),
            }
            more = f" … ({len(offered)} in all)" if len(offered) > len(shown) else ""
            default = one.default or "none, may be left out"
            values = f"values: {', '.join(shown)}{more}" if shown else "values: any number"
            lines.append(f"parameter {one.name}: {one.help}; default {default}; {values}")
        columns = {column.name: column.meaning_in("en") for column in saved.columns}
        lines += [f"column {column}: {meaning}" for column, meaning in columns.items()]
        return self._reply(
            lines,
            {
                "name": saved.name,
                "title": saved.title,
                "description": saved.description,
                "parameters": parameters,
                "columns": columns,
                "example": dict(saved.example),
            },
        )

    def query(self, name: str, given: Mapping[str, str], limit: int) -> Reply:
        """Answer a saved query."""
        saved = self.state.catalogue[name]
        text = bound(saved, given, self.state.graph.store, self.state.names)
        found = self.store.select(text)
        asked = {one.name: given.get(one.name, one.default) for one in saved.parameters}
        data = {
            "question": saved.title,
            "parameters": asked,
            "columns": {column.name: column.meaning_in("en") for column in saved.columns},
            "sparql": text,
        }
        said = ", ".join(f"{key} {value}" for key, value in asked.items() if value)
        return self._table(found, limit, data, f"{saved.title} ({said})" if said else saved.title)

    def sparql(self, text: str, limit: int) -> Reply:
        """Answer a SELECT query of the assistant's own."""
        return self._table(self.store.select(text), limit, {"sparql": text}, "SPARQL")

    def search(self, text: str, limit: int) -> Reply:
        """Find things by a part of a name."""
        hits = search(text, self.state.names)
        things = [{"id": hit.identifier, "name": hit.name} for hit in hits[:limit]]
        lines = [f"{len(hits)} found, {len(things)} shown"]
        lines += [f"{thing['id']}\t{thing['name']}" for thing in things]
        return self._reply(lines, {"things": things, "found": len(hits)})

    def card(self, thing: str) -> Reply:
        """Show every fact about one thing, with the list's words, their cell and the record."""
        card = self.state.cards.plain_card(self.state.names.find(thing))
        return self._reply([card_text.as_text(card).rstrip()], {"card": card_text.as_data(card)})

    def lineage(self, thing: str, direction: Direction, depth: int | None) -> Reply:
        """Follow derivations from a model or a family."""
        start = self.state.names.find(thing, ("family", "model"))
        found = self.state.lineage.walk([start], direction, depth)
        uncertain = sum(not edge.certain for edge in found.edges)
        lines = [*as_lines(found), f"{uncertain} of {len(found.edges)} derivations are not certain"]
        return self._reply(lines, {**as_data(found), "uncertain": uncertain})

    def terms(self, thing: str, use: str | None) -> Reply:
        """Say what a model, or each model of a family, may be used for, with the proof."""
        start = self.state.names.find(thing, ("family", "model"))
        uses = [use] if use else list(verdicts.USES)
        models = sorted(self.state.lineage.members(start))
        judged = [self.state.judge.judge(model, uses) for model in models]
        plain = [json.loads(json.dumps(asdict(one), default=str)) for one in judged]
        return self._reply(
            [verdicts.as_text(one).rstrip() for one in judged], {"judgements": plain}
        )

    def _table(self, found: Solutions, limit: int, data: Mapping[str, object], title: str) -> Reply:
        """Return the first ``limit`` rows, how many there are, and how many are undecided."""
        shown = Solutions(found.variables, found.rows[:limit])
        rows = [
            {
                name: shorten(text) if text.startswith("http") else text
                for name, text in zip(found.variables, map(text_of, row), strict=True)
            }
            for row in shown.rows
        ]
        for row, values in zip(rows, shown.rows, strict=True):
            if source := self._record(found.variables, [text_of(value) for value in values]):
                row["source"] = source
        counts = {
            answer: sum(one.get("answer") == answer for one in found.dicts())
            for answer in _UNDECIDED
            if "answer" in found.variables
        }
        lines = [title, f"{len(found.rows)} rows, {len(rows)} shown"]
        lines += [f"{count} of them {answer}" for answer, count in counts.items()]
        lines.append(result_formats.render(shown, "tsv").rstrip())
        return self._reply(
            lines,
            {
                **data,
                "rows": rows,
                "total": len(found.rows),
                "shown": len(rows),
                "undecided": counts,
            },
        )

    def _record(self, variables: list[str], values: list[str]) -> str:
        """Return where the record of the row's first thing that has one is written."""
        for column in ("model", "family", "benchmark", "developer", "license"):
            if column in variables:
                place = self.state.sources.find(values[variables.index(column)])
                if place:
                    return str(place)
        return ""

    def _reply(self, lines: list[str], data: Mapping[str, object]) -> Reply:
        rules, date = self.state.versions
        said = notice(rules, date)
        source = f"{_LIST}, edition of {date}"
        text = "\n".join((*lines, f"Source: {source}. {said}"))
        return Reply(text, {**data, "source": source, "notice": said})
