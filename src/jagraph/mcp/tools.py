"""The tools: definitions made from the saved queries, and the way from a call to its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from jagraph.domain.lineage import Direction
from jagraph.domain.verdicts import USES
from jagraph.mcp.arguments import Schema, check, whole_numbers
from jagraph.mcp.handlers import MOST_ROWS, Handlers, Reply
from jagraph.query.catalogue import Parameter

_ROWS = 50
_THING: Schema = {
    "type": "string",
    "description": "an id, kind/id, name, alias or Hugging Face id; `search` finds them",
}
_LIMIT: Schema = {
    "type": "integer",
    "description": "show at most so many rows",
    "minimum": 1,
    "maximum": MOST_ROWS,
    "default": _ROWS,
}


@dataclass(frozen=True)
class ToolDefinition:
    """One tool; ``answer`` takes its checked arguments."""

    name: str
    title: str
    description: str
    properties: Mapping[str, Schema]
    required: tuple[str, ...]
    answer: Callable[[Mapping[str, Any]], Reply]

    @property
    def schema(self) -> Schema:
        """The JSON schema of the arguments."""
        return {
            "type": "object",
            "properties": dict(self.properties),
            "required": list(self.required),
            "additionalProperties": False,
        }

    def call(self, arguments: Mapping[str, Any]) -> Reply:
        """Return the answer; raises RequestError for arguments that the schema does not allow."""
        check(self.name, arguments, self.schema)
        return self.answer(whole_numbers(arguments))


def definitions(handlers: Handlers) -> dict[str, ToolDefinition]:
    """Return the tools over ``handlers`` by name.

    The saved queries are one tool with their names as an enumeration: an assistant chooses better
    among seven tools than among forty.
    """
    gallery = "\n".join(
        f"- {saved.name}({', '.join(p.name for p in saved.parameters)}): {saved.title}"
        for saved in handlers.state.catalogue.values()
    )
    name: Schema = {
        "type": "string",
        "enum": list(handlers.state.catalogue),
        "description": "the saved query",
    }
    every = [
        parameter for saved in handlers.state.catalogue.values() for parameter in saved.parameters
    ]
    tools = (
        ToolDefinition(
            "query",
            "Ask a saved question",
            "Ask one of the saved questions about Japanese language models, their lineage, "
            "licences, training data, developers and benchmarks. Where a parameter is 'use', an "
            "answer says whether one may; where it is 'terms', yes means that there is such a "
            "term, which is no permission. Answers name what is undecided (unknown, only-if, "
            f"conditional): report it, never take it for no.\n{gallery}",
            {
                "name": name,
                "parameters": {
                    "type": "object",
                    "description": "the values of its parameters; the others keep their defaults",
                    "properties": _parameters(every),
                    "additionalProperties": False,
                },
                "limit": _LIMIT,
            },
            ("name",),
            lambda arguments: handlers.query(
                arguments["name"],
                _values(arguments.get("parameters", {})),
                arguments.get("limit", _ROWS),
            ),
        ),
        ToolDefinition(
            "describe_query",
            "What a saved question takes and answers",
            "Say what a saved question counts, which values its parameters may have, and what "
            "its columns mean.",
            {"name": name},
            ("name",),
            lambda arguments: handlers.describe_query(arguments["name"]),
        ),
        ToolDefinition(
            "search",
            "Find things by name",
            "Find models, families, datasets, developers, licences and benchmarks by a part of a "
            "name (Latin or Japanese), an alias or a Hugging Face id.",
            {
                "text": {"type": "string", "description": "a part of a name"},
                "limit": {**_LIMIT, "default": 20},
            },
            ("text",),
            lambda arguments: handlers.search(arguments["text"], arguments.get("limit", 20)),
        ),
        ToolDefinition(
            "card",
            "Everything known about one thing",
            "Show every fact about one thing with the words of the list, the cell they stand in, "
            "the line of the record, and what was looked for and not found (unknown). A model has "
            "its answers about use as 'concluded', which terms it has as 'carried'; a licence has "
            "what it would answer where nothing else binds as 'alone'.",
            {"id": _THING},
            ("id",),
            lambda arguments: handlers.card(arguments["id"]),
        ),
        ToolDefinition(
            "lineage",
            "What a model comes from or leads to",
            "Follow the derivations of a model or family: fine-tuning, continual pre-training, "
            "merging, quantisation, distillation and so on.",
            {
                "id": _THING,
                "direction": {
                    "type": "string",
                    "enum": list(get_args(Direction)),
                    "description": "up: what it comes from; down: what descends from it",
                    "default": "both",
                },
                "depth": {
                    "type": "integer",
                    "description": "at most so many derivations away; default: all",
                    "minimum": 1,
                    "maximum": 100,
                },
            },
            ("id",),
            lambda arguments: handlers.lineage(
                arguments["id"], arguments.get("direction", "both"), arguments.get("depth")
            ),
        ),
        ToolDefinition(
            "terms",
            "What a model may be used for",
            "Judge a model or each model of a family: may one put it to each of nine uses? yes, "
            "with-duties, only-if, unknown or no, with the reason, the conditions (a fact about "
            "the asker, or an act to be done first), the duties with the exact words that the text "
            "orders, the path to the ancestor that decides, licences that contradict, and caveats. "
            "Pass conditions and duties on with the answer. Not legal advice: pass that on, too.",
            {
                "id": _THING,
                "use": {
                    "type": "string",
                    "enum": list(USES),
                    "description": "one use; default: all of them\n"
                    + "\n".join(f"- {use}: {meaning}" for use, meaning in handlers.uses().items()),
                },
            },
            ("id",),
            lambda arguments: handlers.terms(arguments["id"], arguments.get("use")),
        ),
        ToolDefinition(
            "sparql",
            "Run a SPARQL query",
            "Run a SPARQL 1.1 SELECT query of your own, read-only, when no saved question fits. "
            "The prefixes jag:, model:, family:, license:, rdfs: and others need no declaration. "
            "For example: SELECT ?name { ?m jag:descendsFrom model:youri-7b ; rdfs:label ?name }",
            {"query": {"type": "string", "description": "a SELECT query"}, "limit": _LIMIT},
            ("query",),
            lambda arguments: handlers.sparql(arguments["query"], arguments.get("limit", _ROWS)),
        ),
    )
    return {tool.name: tool for tool in tools}


def _parameters(every: Sequence[Parameter]) -> dict[str, Schema]:
    """Return the schema of each parameter; one name takes what any query with it takes."""
    schemas: dict[str, Schema] = {}
    for parameter in every:
        schema = schemas.setdefault(
            parameter.name, {"type": "string", "description": parameter.help}
        )
        if parameter.kind == "number":
            schema["type"] = ["integer", "string"]
        if parameter.choices:
            left_out = () if parameter.required else ("",)
            schema["enum"] = list(
                dict.fromkeys([*schema.get("enum", ()), *parameter.choices, *left_out])
            )
    free = {parameter.name for parameter in every if not parameter.choices}
    for name in free & set(schemas):
        schemas[name].pop("enum", None)
    return schemas


def _values(arguments: Mapping[str, str | int]) -> dict[str, str]:
    """Return the parameters as text."""
    return {name: str(value) for name, value in arguments.items()}
