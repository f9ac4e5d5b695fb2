"""The tools for assistants, asked by the SDK's own client, in this process and over stdio."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from jsonschema import Draft202012Validator
from mcp.client import Transport
from mcp.client.stdio import stdio_client
from mcp.server import Server
from mcp.types import CallToolResult, TextContent
from tests.support.exploding import EXPLODING
from tests.support.project import TINY

from jagraph.core.namespaces import shorten
from jagraph.domain.verdicts import USES
from jagraph.graph.cache import Graph
from jagraph.mcp.handlers import Handlers
from jagraph.mcp.server import make_server
from jagraph.query.binding import run
from jagraph.query.catalogue import catalogue
from jagraph.views.app_state import AppState
from mcp import Client, StdioServerParameters

Session = Callable[[Client], Awaitable[Any]]


def answered(server: Server[Any] | Transport, ask: Session) -> Any:
    """Return what ``ask`` finds in a session of the SDK's client with ``server``."""

    async def session() -> Any:
        async with Client(server, mode="legacy") as client:  # has no time limit of its own
            return await ask(client)

    return anyio.run(session)


@pytest.fixture(scope="module")
def server(tiny: Graph) -> Server[Any]:
    """The server of the frozen project, asked in this process."""
    return make_server(Handlers(AppState(tiny), tiny.store))


def called(server: Server[Any], tool: str, /, **arguments: Any) -> CallToolResult:
    """Call one tool."""
    found: CallToolResult = answered(server, lambda client: client.call_tool(tool, arguments))
    return found


def text_of(result: CallToolResult) -> str:
    """Return the text of an answer."""
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


def test_tools_are_made_from_the_saved_queries(server: Server[Any], tiny: Graph) -> None:
    tools = {tool.name: tool for tool in answered(server, lambda one: one.list_tools()).tools}
    saved = catalogue(tiny.project)
    taken = {one.name for query in saved.values() for one in query.parameters}
    schema = tools["query"].input_schema["properties"]
    assert schema["name"]["enum"] == list(saved)
    assert set(schema["parameters"]["properties"]) == taken
    assert schema["parameters"]["properties"]["through"]["enum"] == ["self", "ancestors"]
    assert all(query.title in tools["query"].description for query in saved.values())
    assert set(tools) >= {"search", "card", "lineage", "terms", "sparql"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())


def test_the_tool_of_terms_says_what_each_use_is(server: Server[Any]) -> None:
    tools = {tool.name: tool for tool in answered(server, lambda one: one.list_tools()).tools}
    use = tools["terms"].input_schema["properties"]["use"]
    assert use["enum"] == list(USES)
    assert "- ship: Put the weights into a product that is sold" in use["description"]
    assert all(f"\n- {name}: " in use["description"] for name in USES)


def test_a_value_that_one_query_takes_is_in_the_schema(server: Server[Any], tiny: Graph) -> None:
    (tool,) = (t for t in answered(server, lambda one: one.list_tools()).tools if t.name == "query")
    schemas = tool.input_schema["properties"]["parameters"]["properties"]
    for saved in catalogue(tiny.project).values():
        for one in saved.parameters:
            assert set(one.choices) <= set(schemas[one.name].get("enum", one.choices)), saved.name


def test_a_saved_query_answers_as_the_command_does(server: Server[Any], tiny: Graph) -> None:
    given = {"base": "Mountain", "terms": "non-commercial"}
    answer = called(server, "query", name="descendants-with-terms", parameters=given)
    rows = list(run(catalogue(tiny.project)["descendants-with-terms"], given, tiny.store).dicts())
    data = answer.structured_content
    assert not answer.is_error
    assert [row["model"] for row in data["rows"]] == [shorten(row["model"]) for row in rows]
    assert data["undecided"]["unknown"] == sum(row["answer"] == "unknown" for row in rows) > 0
    assert all(row["source"].startswith("data/") for row in data["rows"])
    assert data["columns"]["reason"].startswith("why")
    assert "Not legal advice" in text_of(answer)
    assert f"{len(rows)} rows" in text_of(answer)


def test_search_card_lineage_and_terms_of_one_model(server: Server[Any]) -> None:
    found = {
        "search": called(server, "search", text="ume"),
        "card": called(server, "card", id="Ume-7b"),
        "lineage": called(server, "lineage", id="Ume-7b", direction="up"),
        "terms": called(server, "terms", id="Ume-7b", use="ship"),
    }
    assert not [name for name, answer in found.items() if answer.is_error]
    ids = {thing["id"] for thing in found["search"].structured_content["things"]}
    assert "model/ume-7b" in ids
    assert found["card"].structured_content["card"]["position"].startswith("data/models/")
    assert found["lineage"].structured_content["derivations"]
    judged = found["terms"].structured_content["judgements"][0]["verdicts"][0]
    assert (judged["use"], judged["answer"]) == ("ship", "only-if")
    assert [condition["kind"] for condition in judged["conditions"]] == ["fact"]
    assert judged["reason"]


@pytest.mark.parametrize(
    ("name", "arguments", "code", "remedy"),
    [
        ("query", {"name": "descendant"}, "bad-argument", "descendants"),
        (
            "query",
            {"name": "descendants", "parameters": {"base": "Mountan"}},
            "unknown-name",
            "mountain",
        ),
        ("query", {"name": "largest", "parameters": {"use": True}}, "bad-argument", "text"),
        ("query", {}, "bad-argument", "schema"),
        ("card", {"id": "nothing at all"}, "unknown-name", "search"),
        ("sparql", {"query": "SELEC ?x {}"}, "bad-sparql", "prefixes"),
        ("sparql", {"query": "SELECT ?x {}", "limit": 100_000}, "bad-argument", "schema"),
        ("serch", {}, "unknown-tool", "search"),
    ],
)
def test_a_wrong_call_is_a_tool_error_with_its_remedy(
    name: str, arguments: dict[str, Any], code: str, remedy: str, server: Server[Any]
) -> None:
    answer = called(server, name, **arguments)
    assert answer.is_error
    assert answer.structured_content["error"]["code"] == code
    assert remedy in answer.structured_content["error"]["remedy"]
    assert remedy in text_of(answer)


@pytest.mark.parametrize(
    ("name", "arguments", "what", "remedy"),
    [
        ("card", {}, "card needs 'id'", "see the input schema of card"),
        ("card", {"id": "a", "ids": 1}, "card has no argument 'ids'; it has: id", "mean id?"),
        ("card", {"id": None}, "'id' is of type string, not None", "write it as text"),
        ("search", {"text": "a", "limit": 0}, "'limit' is from 1 to 500, not 0", "schema"),
        ("search", {"text": "a", "limit": True}, "'limit' is of type integer, not True", "whole"),
        ("search", {"text": "a", "limit": 1.5}, "'limit' is of type integer, not 1.5", "whole"),
        ("lineage", {"id": "a", "direction": "upp"}, "'direction' cannot be 'upp'", "mean up?"),
        ("terms", {"id": "a", "use": "x"}, "'use' cannot be 'x'", "one of: research"),
        ("query", {"name": "descendants", "parameters": []}, "'parameters' is of type object", ""),
        (
            "query",
            {"name": "descendants", "parameters": {"bas": "x"}},
            "parameters has no argument 'bas'; it has: ",
            "mean base?",
        ),
        (
            "query",
            {"name": "descendants", "parameters": {"base": ["x"]}},
            "'parameters.base' is of type string, not ['x']",
            "write it as text",
        ),
        (
            "query",
            {"name": "benchmark-exposure", "parameters": {"through": "selv"}},
            "'parameters.through' cannot be 'selv'",
            "mean self?",
        ),
    ],
)
def test_an_argument_that_the_schema_does_not_allow_is_named(
    name: str, arguments: dict[str, Any], what: str, remedy: str, server: Server[Any]
) -> None:
    answer = called(server, name, **arguments)
    error = answer.structured_content["error"]
    assert (answer.is_error, error["code"]) == (True, "bad-argument")
    assert error["what"].startswith(what)
    assert remedy in error["remedy"]


def test_a_whole_number_may_be_written_with_a_point(server: Server[Any]) -> None:
    assert len(called(server, "search", text="e", limit=2.0).structured_content["things"]) == 2


def test_every_published_schema_is_one(server: Server[Any]) -> None:
    for tool in answered(server, lambda one: one.list_tools()).tools:
        Draft202012Validator.check_schema(tool.input_schema)


def test_what_a_saved_query_takes_is_allowed(server: Server[Any], tiny: Graph) -> None:
    (tool,) = (t for t in answered(server, lambda one: one.list_tools()).tools if t.name == "query")
    allowed = Draft202012Validator(tool.input_schema)
    for saved in catalogue(tiny.project).values():
        for one in saved.parameters:
            number = [8192, "8,192"] if one.kind == "number" else []
            for value in (*one.choices, *number, "" if not one.required else one.default):
                allowed.validate({"name": saved.name, "parameters": {one.name: value}})


def test_the_graph_cannot_be_changed(server: Server[Any]) -> None:
    assert called(server, "sparql", query="INSERT DATA { <a:b> <a:b> <a:b> }").is_error


def test_over_stdio_a_query_that_explodes_is_stopped_and_the_next_one_is_answered(
    tiny: Graph, tmp_path: Path
) -> None:
    assert tiny.folder is not None
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "jagraph", "mcp", "-q", "--time-limit", "5", "--project", str(TINY)],
        env={**os.environ, "JAGRAPH_CACHE": str(tiny.folder.parent)},
    )

    async def ask(client: Client) -> tuple[CallToolResult, CallToolResult]:
        stopped = await client.call_tool("sparql", {"query": EXPLODING})
        return stopped, await client.call_tool("query", {"name": "developers"})

    with (tmp_path / "stderr").open("w") as said:
        stopped, after = answered(stdio_client(command, errlog=said), ask)
    assert (tmp_path / "stderr").read_text(encoding="utf-8") == ""
    assert stopped.is_error
    assert stopped.structured_content["error"]["code"].endswith("-limit")
    assert not after.is_error
    assert after.structured_content["total"] > 0
