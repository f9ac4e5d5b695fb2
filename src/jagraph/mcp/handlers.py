"""What each tool answers: text for reading, the same as data, with sources and what is unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from jagraph.domain import verdict_text, verdicts
from jagraph.domain.lineage import Direction, as_data, as_lines
from jagraph.graph.provenance import notice
from jagraph.query import result_formats
from jagraph.query.binding import bound
from jagraph.query.parameters import choices
from jagraph.store.base import Solutions, Store
from jagraph.views import card_text
from jagraph.views.answer_rows import answer_rows
from jagraph.views.app_state import AppState
from jagraph.views.hits import search
from jagraph.views.query_description import describe

MOST_ROWS = 500
_MOST_VALUES = 60
_LIST = "awesome-japanese-llm, https://github.com/llm-jp/awesome-japanese-llm"


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
        description = describe(
            saved, lambda parameter: choices(parameter, self.store, "en", self.state.names)
        )
        parameters: dict[str, object] = {}
        lines = [f"{saved.name}: {saved.title}", saved.description]
        for entry in description.parameters:
            parameter, count = entry.parameter, len(entry.choices)
            shown = [choice.value for choice in entry.choices[:_MOST_VALUES]]
            parameters[parameter.name] = {
                "help": parameter.help,
                "kind": parameter.kind,
                "default": parameter.default or None,
                "values": shown,
                "values_known": count,
            }
            more = f" … ({count} in all)" if count > len(shown) else ""
            default = parameter.default or "none, may be left out"
            values = f"values: {', '.join(shown)}{more}" if shown else "values: any number"
            lines.append(
                f"parameter {parameter.name}: {parameter.help}; default {default}; {values}"
            )
        columns = description.columns
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
        solutions = self.store.select(text)
        values = {
            parameter.name: given.get(parameter.name, parameter.default)
            for parameter in saved.parameters
        }
        data = {
            "question": saved.title,
            "parameters": values,
            "columns": {column.name: column.meaning_in("en") for column in saved.columns},
            "sparql": text,
        }
        given_text = ", ".join(f"{key} {value}" for key, value in values.items() if value)
        title = f"{saved.title} ({given_text})" if given_text else saved.title
        return self._table(solutions, limit, data, title)

    def sparql(self, text: str, limit: int) -> Reply:
        """Answer a SELECT query of the assistant's own."""
        return self._table(self.store.select(text), limit, {"sparql": text}, "SPARQL")

    def search(self, text: str, limit: int) -> Reply:
        """Find things by a part of a name."""
        hits = search(text, self.state.names)
        things = [{"id": hit.id, "name": hit.name} for hit in hits[:limit]]
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
        part = self.state.lineage.walk([start], direction, depth)
        uncertain = sum(not edge.certain for edge in part.edges)
        lines = [*as_lines(part), f"{uncertain} of {len(part.edges)} derivations are not certain"]
        return self._reply(lines, {**as_data(part), "uncertain": uncertain})

    def terms(self, thing: str, use: str | None) -> Reply:
        """Say what a model, or each model of a family, may be used for, with the proof."""
        start = self.state.names.find(thing, ("family", "model"))
        uses = [use] if use else list(verdicts.USES)
        models = sorted(self.state.lineage.members(start))
        judged = [self.state.judge.judge(model, uses) for model in models]
        judgements = [
            json.loads(json.dumps(asdict(judgement), default=str)) for judgement in judged
        ]
        return self._reply(
            [verdict_text.as_text(judgement).rstrip() for judgement in judged],
            {"judgements": judgements},
        )

    def _table(
        self, solutions: Solutions, limit: int, data: Mapping[str, object], title: str
    ) -> Reply:
        """Return the first ``limit`` rows, how many there are, and how many are undecided."""
        answer = answer_rows(solutions, limit, self.state.sources)
        counts = answer.undecided
        lines = [title, f"{answer.total} rows, {len(answer.rows)} shown"]
        lines += [f"{count} of them {name}" for name, count in counts.items()]
        lines.append(result_formats.render(answer.first, "tsv").rstrip())
        return self._reply(
            lines,
            {
                **data,
                "rows": list(answer.rows),
                "total": answer.total,
                "shown": len(answer.rows),
                "undecided": counts,
            },
        )

    def _reply(self, lines: list[str], data: Mapping[str, object]) -> Reply:
        rules, date = self.state.versions
        footer = notice(rules, date)
        source = f"{_LIST}, edition of {date}"
        text = "\n".join((*lines, f"Source: {source}. {footer}"))
        return Reply(text, {**data, "source": source, "notice": footer})
