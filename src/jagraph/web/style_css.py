"""The stylesheet of licence classes, made from the one table of looks."""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from jagraph.drawing.style import FILLS


def looks(_: Request) -> Response:
    """Serve the stylesheet."""
    return Response(_stylesheet(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


@cache
def _stylesheet() -> str:
    lines = []
    for name, fill in FILLS.items():
        lines.append(f".chip.{name} > .sign {{ background: {fill.color}; color: {fill.ink}; }}")
        lines.append(f".classbar .{name} {{ fill: {fill.color}; }}")
    return "\n".join(lines) + "\n"
