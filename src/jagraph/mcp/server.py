"""The tools over stdio, with the official SDK of the Model Context Protocol."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any, cast

import anyio
import anyio.from_thread
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage

from jagraph.core.errors import JagraphError, RequestError, suggestion
from jagraph.core.faults import fault
from jagraph.core.version import __version__
from jagraph.core.visible_text import visible
from jagraph.mcp.handlers import Handlers
from jagraph.mcp.message_lines import Lines
from jagraph.mcp.tools import ToolDefinition, definitions
from jagraph.query.workers.cancellation import recallable
from mcp import types

_AT_ONCE = 40  # calls that are answered; the others wait

_INSTRUCTIONS = (
    "A knowledge graph of the Japanese language-model ecosystem (the list awesome-japanese-llm). "
    "Use `query` with a saved question first, `search` to find ids, `card`, `lineage` and `terms` "
    "for one model. Answers say what is unknown or conditional: pass that on, and cite the source. "
    "Nothing here is legal advice."
)


def serve(handlers: Handlers) -> None:
    """Serve the tools over stdin and stdout until the client closes them."""
    try:
        anyio.run(_serve, make_server(handlers))
    except* BrokenPipeError:  # of the SDK's own descriptor
        pass  # the client has gone


def make_server(handlers: Handlers) -> Server[Any]:
    """Return the server with the tools over ``handlers``; every tool only reads."""
    tools = definitions(handlers)
    listed = [_listed(tool) for tool in tools.values()]
    seats = anyio.Semaphore(_AT_ONCE)

    async def list_tools(
        _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed)

    async def call_tool(
        _: ServerRequestContext[Any], call: types.CallToolRequestParams
    ) -> types.CallToolResult:
        async with seats:
            return await recallable(_answer, tools, call.name, call.arguments or {})

    return Server(
        "jagraph",
        version=__version__,
        title="jagraph",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _serve(server: Server[Any]) -> None:
    opened = anyio.Event()
    outbox: list[Callable[[SessionMessage], Awaitable[None]]] = []

    async def answer(error: types.JSONRPCError) -> None:
        await opened.wait()
        await outbox[0](SessionMessage(error))

    lines = Lines(sys.stdin.fileno(), lambda error: anyio.from_thread.run(answer, error))
    async with stdio_server(anyio.wrap_file(cast("IO[str]", lines))) as (read, write):
        outbox.append(write.send)
        opened.set()
        await server.run(read, write, server.create_initialization_options())


def _listed(tool: ToolDefinition) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.schema,
        annotations=types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )


def _answer(
    tools: Mapping[str, ToolDefinition], name: str, arguments: Mapping[str, Any]
) -> types.CallToolResult:
    """Return the answer of a tool; what is wrong with a call is an answer, too, with its remedy."""
    try:
        if name not in tools:
            remedy = suggestion(name, list(tools), "one of: " + ", ".join(tools))
            raise RequestError("unknown-tool", f"there is no tool {name!r}", remedy=remedy)
        reply = tools[name].call(arguments)
    except Exception as reason:
        wrong = _known(reason, arguments)
        failure = {name: value for name, value in wrong.as_data().items() if value is not None}
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=visible(str(wrong)))],
            structured_content={"error": failure},
            is_error=True,
        )
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=visible(reply.text))],
        structured_content=dict(reply.data),
    )


def _known(reason: Exception, arguments: Mapping[str, Any]) -> JagraphError:
    """Return the error that ``reason`` is; a bug goes to stderr, the log of the client."""
    wrong = fault(reason, json.dumps(arguments, ensure_ascii=False))
    if wrong.exit_code == JagraphError.exit_code:
        traceback.print_exception(reason, file=sys.stderr)
        remedy = "tell the user to report it with the arguments of this call"
        return JagraphError("bug", "this is a bug of jagraph", remedy=remedy)
    return wrong
