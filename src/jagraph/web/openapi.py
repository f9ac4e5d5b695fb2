"""The API described for programs, OpenAPI 3.1, made from the catalogue."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from jagraph.core.version import __version__
from jagraph.query.catalogue import Parameter, SavedQuery
from jagraph.views.app_state import AppState
from jagraph.web.negotiation import MEDIA_TYPES
from jagraph.web.replies import OPEN
from jagraph.web.rest import TYPES

_MESSAGE = {
    "description": "how to say it in another language: a key of the catalogues and what it takes",
    "type": "object",
    "required": ["key", "arguments"],
    "properties": {"key": {"type": "string"}, "arguments": {"type": "object"}},
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "what", "where", "remedy", "messages"],
            "properties": {
                "code": {"type": "string"},
                "what": {"type": "string"},
                "where": {"type": ["string", "null"]},
                "remedy": {"type": "string"},
                "messages": {
                    "type": "object",
                    "properties": {"what": _MESSAGE, "remedy": _MESSAGE},
                },
            },
        }
    },
}
_FAILURES = {
    "400": "asked wrongly",
    "404": "no such query or thing",
    "422": "the answer is over a limit of rows, size or memory",
    "503": "too many long queries run: ask again after Retry-After seconds",
    "504": "over the time limit",
}


def routes() -> list[BaseRoute]:
    """Return the route of the description."""
    return [Route("/openapi.json", openapi)]


def openapi(request: Request) -> Response:
    """Give the description."""
    state: AppState = request.app.state.app_state
    return JSONResponse(describe(state, str(request.base_url).rstrip("/")), headers=OPEN)


def describe(state: AppState, server: str) -> dict[str, Any]:
    """Return the description of the API at the URL ``server``."""
    rules, date = state.versions
    paths: dict[str, Any] = {
        f"/query/{name}.{{format}}": {"get": _operation(saved)}
        for name, saved in state.catalogue.items()
    }
    paths["/sparql"] = {"get": _sparql()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "jagraph",
            "version": __version__,
            "description": f"Questions about Japanese language models. Rules {rules}, data of "
            f"{date}. Not legal advice.",
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": {"Error": _ERROR}, "responses": _responses()},
    }


def _operation(saved: SavedQuery) -> dict[str, Any]:
    return {
        "operationId": saved.name,
        "summary": saved.title,
        "description": saved.description,
        "tags": list(saved.tags),
        "parameters": [
            {
                "name": "format",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "enum": list(TYPES)},
                "example": "json",
            },
            *(_parameter(parameter, saved) for parameter in saved.parameters),
        ],
        "responses": {"200": _content(saved.title, TYPES), **_references()},
    }


def _parameter(parameter: Parameter, saved: SavedQuery) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.kind == "number":
        schema = {"type": "integer", "minimum": 0}
    elif parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.default:
        number = parameter.kind == "number"
        schema["default"] = int(parameter.default) if number else parameter.default
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.help,
        "schema": schema,
    }
    if parameter.name in saved.example:
        example = saved.example[parameter.name]
        described["example"] = int(example) if parameter.kind == "number" else example
    return described


def _sparql() -> dict[str, Any]:
    def text(name: str, about: str, *, required: bool = False) -> dict[str, Any]:
        return {
            "name": name,
            "in": "query",
            "required": required,
            "description": about,
            "schema": {"type": "string"},
        }

    query = text("query", "SPARQL 1.1; jagraph's prefixes need no PREFIX.", required=True)
    return {
        "operationId": "sparql",
        "summary": "Ask in SPARQL (SPARQL 1.1 Protocol; POST too)",
        "parameters": [
            query | {"example": "SELECT ?name { ?m a jag:Model ; rdfs:label ?name } LIMIT 5"},
            text("default-graph-uri", "The graph to ask."),
            text("named-graph-uri", "A graph that GRAPH may name."),
            text("format", "One of " + ", ".join(MEDIA_TYPES) + "; else by Accept."),
        ],
        "responses": {"200": _content("The answer", MEDIA_TYPES), **_references()},
    }


def _content(about: str, types: dict[str, str]) -> dict[str, Any]:
    return {
        "description": about,
        "content": {media_type.partition(";")[0]: {} for media_type in types.values()},
    }


def _references() -> dict[str, Any]:
    return {status: {"$ref": f"#/components/responses/{status}"} for status in _FAILURES}


def _responses() -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/Error"}}
    return {
        status: {"description": about, "content": {"application/json": schema}}
        for status, about in _FAILURES.items()
    }
