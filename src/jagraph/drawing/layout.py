"""Where boxes, frames and curves go: Graphviz's layered layout, the same bytes on every platform.

Coordinates are CSS pixels, y downwards, from the upper left corner of the drawing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jagraph.core.errors import OutsideError
from jagraph.core.messages import Message

Point = tuple[float, float]
DIRECTIONS = ("LR", "TB")
_PROGRAM = "graphviz-pure"


@dataclass(frozen=True)
class Node:
    """Something to place: its size, and the frame it stands in (-1: none)."""

    width: float
    height: float
    frame: int = -1


@dataclass(frozen=True)
class Layout:
    """Centres of the nodes, Bézier points of the edges, (left, top, right, bottom) of frames."""

    width: float
    height: float
    centres: list[Point]
    curves: list[list[Point]]
    frames: dict[int, tuple[float, float, float, float]]


def lay_out(
    nodes: Sequence[Node],
    edges: Sequence[tuple[int, int]],
    direction: str,
    seconds: float | None = None,
) -> Layout:
    """Return where ``nodes`` and ``edges`` (by number, from the earlier layer to the later) go.

    Raises OutsideError when the layout program is missing, fails or takes more than ``seconds``.
    """
    graph = json.loads(_run(_dot(nodes, edges, direction), seconds))
    _, _, width, height = (float(side) for side in graph["bb"].split(","))
    centres: list[Point] = [(0.0, 0.0)] * len(nodes)
    frames: dict[int, tuple[float, float, float, float]] = {}
    for item in graph.get("objects", ()):
        name = item["name"]
        if name.startswith("cluster"):
            left, bottom, right, top = (float(side) for side in item["bb"].split(","))
            frames[int(name.removeprefix("cluster"))] = (left, height - top, right, height - bottom)
        else:
            x, y = (float(part) for part in item["pos"].split(","))
            centres[int(name[1:])] = (x, height - y)
    curves: list[list[Point]] = [[] for _ in edges]
    for item in graph.get("edges", ()):
        points = [p for p in item["pos"].split() if not p.startswith(("e,", "s,"))]
        pairs = (point.split(",") for point in points)
        curves[int(item["id"])] = [(float(x), height - float(y)) for x, y in pairs]
    return Layout(width, height, centres, curves, frames)


def _dot(nodes: Sequence[Node], edges: Sequence[tuple[int, int]], direction: str) -> str:
    lines = [
        f"digraph {{ rankdir={direction}; nodesep=0.18; ranksep=0.9; edge [dir=none];",
        'node [shape=box fixedsize=true label=""];',
    ]
    frames: dict[int, list[str]] = {}
    for number, node in enumerate(nodes):
        line = f"n{number} [width={node.width / 72:.4f} height={node.height / 72:.4f}];"
        frames.setdefault(node.frame, []).append(line)
    lines += frames.pop(-1, [])
    for frame, members in frames.items():
        lines.append(f"subgraph cluster{frame} {{ margin=21; " + " ".join(members) + " }")
    lines += [f'n{a} -> n{b} [id="{number}"];' for number, (a, b) in enumerate(edges)]
    return "\n".join([*lines, "}"])


def _run(dot: str, seconds: float | None) -> str:
    beside = Path(sys.executable).parent / _PROGRAM
    program = str(beside) if beside.is_file() else shutil.which(_PROGRAM)
    if program is None:
        raise OutsideError(
            "no-layout",
            f"the layout program {_PROGRAM} is missing",
            remedy=f"pip install {_PROGRAM}",
        )
    try:
        done = subprocess.run(
            [program, "-Tjson0"],
            input=dot,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as reason:
        raise OutsideError(
            "layout-too-slow",
            Message("error-layout-too-slow", seconds=f"{seconds:g}"),
            remedy=Message("help-smaller"),
        ) from reason
    if done.returncode != 0:
        raise OutsideError(
            "layout-failed",
            done.stderr.strip() or "the layout program failed",
            where=program,
            remedy=f"pip install --force-reinstall {_PROGRAM}",
        )
    return done.stdout
