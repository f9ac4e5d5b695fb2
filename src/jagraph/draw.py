"""Draws a lineage picture: layers, one box per model or family, a legend of what is present.

Graphviz's layout (graphviz-pure, the same bytes on every platform) says where things are; the
boxes' sizes are measured in the font they are painted with, and everything is painted here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import Any

from jagraph.errors import OutsideError
from jagraph.picture import CLASSES, Box, Link, Picture
from jagraph.scene import Label, Point, Scene, Shape, rectangle, text_width

DIRECTIONS = ("LR", "TB")


@dataclass(frozen=True)
class Fill:
    """How a licence class looks: fill, text colour, sign, and the outline's dashes."""

    color: str
    ink: str
    sign: str
    dash: tuple[float, ...] = ()


FILLS = {
    "permissive": Fill("#7FD1B3", "#111111", "○"),
    "share-alike": Fill("#0B5FA5", "#FFFFFF", "◎"),
    "conditional": Fill("#F0B429", "#111111", "△"),
    "service-terms": Fill("#F3D9A4", "#111111", "□"),
    "research-only": Fill("#D77F87", "#111111", "▽"),
    "non-commercial": Fill("#A31621", "#FFFFFF", "×"),
    "unknown": Fill("#FFFFFF", "#111111", "?", (5, 3)),
}
# relation: (words of the legend, line width, dashes)
STROKES: dict[str, tuple[str, float, tuple[float, ...]]] = {
    "continuallyPretrainedFrom": ("continued pre-training", 2.0, ()),
    "fineTunedFrom": ("fine-tuning", 1.3, (7, 3)),
    "mergedFrom": ("merge", 2.0, (2, 3)),
    "upcycledFrom": ("upcycling", 3.0, ()),
    "quantizedFrom": ("quantisation or conversion", 1.0, (1, 2)),
    "adapterOf": ("adapter", 1.3, (9, 3, 2, 3)),
    "distilledFrom": ("distillation", 1.6, (12, 4)),
    "composedOf": ("part of a composition", 3.0, (10, 3)),
    "trainedOnOutputOf": ("trained on outputs", 1.0, (2, 5)),
}
_NAME, _SMALL, _PAD, _MARGIN = 14.0, 10.5, 9.0, 28.0
_LINE = "#44505C"


def draw(picture: Picture, direction: str = "LR") -> Scene:
    """Return ``picture`` with everything in its place, layers from left to right or top down.

    Raises OutsideError when the layout program is missing or fails.
    """
    sizes = {box.key: _size(box) for box in picture.boxes}
    numbers = {box.key: number for number, box in enumerate(picture.boxes)}
    layout = _layout(_dot(picture, numbers, sizes, direction))
    width, height = (float(side) for side in layout["bb"].split(",")[2:])
    legend, legend_width, legend_height = _legend(picture)
    head = 64.0
    scene = Scene(picture.title)
    title_width = max(text_width(picture.title, 19), text_width(_caption(picture), _SMALL))
    scene.width = max(width, legend_width, title_width) + 2 * _MARGIN
    scene.height = head + height + 24 + legend_height + _MARGIN
    scene.items.append(Label(_MARGIN, 36, picture.title, 19))
    scene.items.append(Label(_MARGIN, 54, _caption(picture), _SMALL, "#5A6672"))

    def place(x: float, y: float) -> Point:
        return x + _MARGIN, head + height - y

    for edge in layout.get("edges", ()):
        link = picture.links[int(edge["id"])]
        scene.items.extend(_arrow(link, [place(*point) for point in _spline(edge["pos"])]))
    centres = {item["name"]: item["pos"] for item in layout.get("objects", ())}
    for box in picture.boxes:
        x, y = (float(part) for part in centres[f"n{numbers[box.key]}"].split(","))
        scene.items.extend(_paint(box, place(x, y), sizes[box.key]))
    for item in legend:
        scene.items.append(_moved(item, _MARGIN, head + height + 24))
    return scene


def _caption(picture: Picture) -> str:
    count = len(picture.boxes)
    dated = f" · data of {picture.date}" if picture.date else ""
    return f"jagraph · {count} boxes{dated} · licence classes as declared; not legal advice"


def _size(box: Box) -> tuple[float, float]:
    """Return width and height of a box that holds its lines."""
    name = text_width(f"{FILLS[box.license_class].sign} {_title(box)}", _NAME)
    small = max(text_width(line, _SMALL) for line in (box.detail, box.license))
    return max(name, small) + 2 * _PAD, 54.0 if box.detail else 40.0


def _title(box: Box) -> str:
    return f"{box.name} (withdrawn)" if box.withdrawn else box.name


def _dot(
    picture: Picture,
    numbers: dict[str, int],
    sizes: dict[str, tuple[float, float]],
    direction: str,
) -> str:
    lines = [
        f"digraph {{ rankdir={direction}; nodesep=0.18; ranksep=0.9; edge [dir=none];",
        'node [shape=box fixedsize=true label=""];',
    ]
    for key, number in numbers.items():
        width, height = sizes[key]
        lines.append(f"n{number} [width={width / 72:.4f} height={height / 72:.4f}];")
    for number, link in enumerate(picture.links):
        lines.append(f'n{numbers[link.parent]} -> n{numbers[link.child]} [id="{number}"];')
    return "\n".join([*lines, "}"])


def _layout(dot: str) -> dict[str, Any]:
    beside = Path(sys.executable).parent / "graphviz-pure"
    program = str(beside) if beside.is_file() else shutil.which("graphviz-pure")
    if program is None:
        raise OutsideError(
            "no-layout",
            "the layout program graphviz-pure is missing",
            remedy="pip install graphviz-pure",
        )
    done = subprocess.run(
        [program, "-Tjson0"],
        input=dot,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OutsideError(
            "layout-failed",
            done.stderr.strip() or "the layout program failed",
            where=program,
            remedy="pip install --force-reinstall graphviz-pure",
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _spline(text: str) -> list[Point]:
    points = [part for part in text.split() if not part.startswith(("e,", "s,"))]
    return [(float(x), float(y)) for x, y in (point.split(",") for point in points)]


def _arrow(link: Link, points: list[Point]) -> list[Shape | Label]:
    """Return the curve from parent to child, its head, and "?" where the source leaves it open."""
    _, width, dash = STROKES[link.relation]
    (bx, by), (tx, ty) = points[-2], points[-1]
    length = hypot(tx - bx, ty - by) or 1.0
    dx, dy = (tx - bx) / length, (ty - by) / length
    size = 7.0
    left = (tx - size * dx - size * 0.45 * dy, ty - size * dy + size * 0.45 * dx)
    right = (tx - size * dx + size * 0.45 * dy, ty - size * dy - size * 0.45 * dx)
    items: list[Shape | Label] = [
        Shape(tuple(points), curve=True, stroke=_LINE, width=width, dash=dash),
        Shape(((tx, ty), left, right), closed=True, fill=_LINE, stroke=_LINE, width=0.5),
    ]
    if not link.certain:
        x, y = points[len(points) // 2]
        items.append(
            Shape(
                rectangle(x - 7, y - 8, 14, 16),
                closed=True,
                fill="#FFFFFF",
                stroke=_LINE,
                width=0.8,
            )
        )
        items.append(Label(x, y + 4.5, "?", 12, "#A31621", "middle"))
    return items


def _paint(box: Box, centre: Point, size: tuple[float, float]) -> list[Shape | Label]:
    fill = FILLS[box.license_class]
    (x, y), (width, height) = centre, size
    left, top = x - width / 2, y - height / 2
    items: list[Shape | Label] = [
        Shape(
            rectangle(left, top, width, height),
            closed=True,
            fill=fill.color,
            stroke="#111111" if box.is_root else "#55606B",
            width=2.6 if box.is_root else 1.0,
            dash=fill.dash,
        ),
        Label(left + _PAD, top + 19, f"{fill.sign} {_title(box)}", _NAME, fill.ink),
    ]
    at = top + 33
    for line in (box.detail, box.license):
        if line:
            items.append(Label(left + _PAD, at, line, _SMALL, fill.ink))
            at += 14
    return items


def _legend(picture: Picture) -> tuple[list[Shape | Label], float, float]:
    """Return the legend of the classes and relations that occur, its width and its height."""
    items: list[Shape | Label] = []
    x = 0.0
    present = {box.license_class for box in picture.boxes}
    for name in (name for name in CLASSES if name in present):
        fill = FILLS[name]
        items.append(
            Shape(
                rectangle(x, 0, 22, 16),
                closed=True,
                fill=fill.color,
                stroke="#55606B",
                width=1,
                dash=fill.dash,
            )
        )
        items.append(Label(x + 11, 12.5, fill.sign, 12, fill.ink, "middle"))
        items.append(Label(x + 28, 12.5, name, 11.5))
        x += 28 + text_width(name, 11.5) + 20
    width, x = x, 0.0
    kinds = {link.relation for link in picture.links}
    for words, stroke, dash in (STROKES[kind] for kind in STROKES if kind in kinds):
        items.append(Shape(((x, 36), (x + 40, 36)), stroke=_LINE, width=stroke, dash=dash))
        items.append(Label(x + 46, 40, words, 11.5))
        x += 46 + text_width(words, 11.5) + 20
    if any(not link.certain for link in picture.links):
        text = "? the source leaves it open"
        items.append(Label(x, 40, text, 11.5, "#A31621"))
        x += text_width(text, 11.5) + 20
    return items, max(width, x), 48.0


def _moved(item: Shape | Label, dx: float, dy: float) -> Shape | Label:
    from dataclasses import replace

    if isinstance(item, Label):
        return replace(item, x=item.x + dx, y=item.y + dy)
    return replace(item, points=tuple((x + dx, y + dy) for x, y in item.points))
