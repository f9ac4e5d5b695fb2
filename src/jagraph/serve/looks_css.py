"""The stylesheet of licence classes and pictures, made from the one table of looks."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from jagraph.looks import DATASET, FILLS, THEMES, Theme

# a picture inside a page takes its colours from the page's theme
PAGE_THEME = Theme(**{part.name: f"var(--picture-{part.name})" for part in fields(Theme)})


def looks(_: Request) -> Response:
    """Serve the stylesheet."""
    return Response(_stylesheet(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


@cache
def _stylesheet() -> str:
    light, dark = THEMES["light"], THEMES["dark"]
    lines = [":root {"]
    for part in fields(Theme):
        both = f"{getattr(light, part.name)}, {getattr(dark, part.name)}"
        lines.append(f"  --picture-{part.name}: light-dark({both});")
    lines.append("}")
    for name, fill in {**FILLS, "dataset": DATASET}.items():
        lines.append(f".chip.{name} > .sign {{ background: {fill.color}; color: {fill.ink}; }}")
        lines.append(f".classbar .{name} {{ fill: {fill.color}; }}")
        lines.append(f".classbar .{name} + text {{ fill: {fill.ink}; }}")
    lines.append(
        '@font-face { font-family: "IPAexGothic"; src: url("/picture-font.ttf"); '
        "font-display: swap; }"
    )
    return "\n".join(lines) + "\n"
