"""The verb for assistants: mcp."""

from __future__ import annotations

import click

from jagraph.cli.options import TIME_LIMIT, common
from jagraph.cli.settings import Settings


@click.command("mcp")
@TIME_LIMIT
@common
def command(settings: Settings, time_limit: float) -> None:
    """Serve the graph to an assistant as tools, over stdio (Model Context Protocol).

    An assistant's program starts this command itself. Add it to its configuration, for Claude
    Desktop in claude_desktop_config.json:

    \b
    {"mcpServers": {"jagraph": {"command": "jagraph", "args": ["mcp"]}}}

    and for VS Code in .vscode/mcp.json:

    \b
    {"servers": {"jagraph": {"type": "stdio", "command": "jagraph", "args": ["mcp"]}}}

    Where the program does not find jagraph, write its whole path (`which jagraph`). The tools only
    read; a query that takes too much time or memory is stopped.
    """
    from jagraph.mcp.handlers import Handlers
    from jagraph.mcp.server import serve
    from jagraph.query.workers.pool import Engine
    from jagraph.query.workers.question import Limits
    from jagraph.views.app_state import AppState

    graph = settings.graph()
    with Engine(graph.on_disk(), Limits(seconds=time_limit), watch=graph.watch) as engine:
        serve(Handlers(AppState(graph).complete(), engine))
