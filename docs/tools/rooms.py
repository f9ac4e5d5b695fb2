"""Draws docs/rooms.svg: the rooms of the code, and which imports from which.

The arrows come from the imports, as grimp reads them. An arrow is left out where a longer way
says the same, and so are those to ``core``, from which every room imports.
``python -m docs.tools.rooms`` draws the picture.
"""

from __future__ import annotations

import re
import subprocess
import sys
from html import escape
from pathlib import Path
from textwrap import wrap

import grimp
import networkx as nx

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs/rooms.svg"
_SOURCE = ROOT / "src/jagraph"
_EVERYBODY_S = "core"


def rooms() -> nx.DiGraph:
    """Return the rooms and their imports; each room has ``modules`` and ``about``."""
    imports = grimp.build_graph("jagraph", cache_dir=None)
    drawn = nx.DiGraph()
    for folder in sorted(_SOURCE.iterdir()):
        if (folder / "__init__.py").is_file():
            text = (folder / "__init__.py").read_text(encoding="utf-8")
            about = re.match(r'"""(.*?)(\.|"""|\n\n)', text, re.S)
            modules = [path for path in folder.rglob("*.py") if path.name != "__init__.py"]
            drawn.add_node(folder.name, modules=len(modules), about=about[1] if about else "")
    for module in imports.modules:
        for imported in imports.find_modules_directly_imported_by(module):
            start, end = _room(module), _room(imported)
            if start != end and start in drawn and end in drawn:
                drawn.add_edge(start, end)
    return drawn


def _room(module: str) -> str:
    return ([*module.split("."), ""])[1]


def dot(drawn: nx.DiGraph) -> str:
    """Return the picture of ``drawn`` as Graphviz reads it."""
    shown = nx.transitive_reduction(drawn)
    lines = [
        "digraph { rankdir=TB; bgcolor=white; nodesep=0.3; ranksep=0.4;",
        (
            'node [shape=box style="rounded,filled" fillcolor="#eef3f8" color="#4a6a8a" '
            'fontname="Helvetica" fontsize=11 margin="0.3,0.08"];'
        ),
        'edge [color="#4a6a8a" arrowsize=0.7];',
    ]
    for room in sorted(drawn):
        about = drawn.nodes[room]
        text = "<br/>".join(escape(line) for line in wrap(str(about["about"]), 34))
        lines.append(
            f'"{room}" [label=<<b>{room} ({about["modules"]})</b><br/>'
            f'<font point-size="9">{text}</font>>];'
        )
    lines += [f'"{a}" -> "{b}";' for a, b in sorted(shown.edges) if b != _EVERYBODY_S]
    lowest = [room for room in drawn if room != _EVERYBODY_S and set(shown[room]) <= {"core"}]
    lines += [f'"{room}" -> "{_EVERYBODY_S}" [style=dotted];' for room in sorted(lowest)]
    return "\n".join([*lines, "}"])


if __name__ == "__main__":
    program = Path(sys.executable).parent / "graphviz-pure"
    done = subprocess.run(
        [str(program), "-Tsvg"], input=dot(rooms()), capture_output=True, text=True, check=True
    )
    PICTURE.write_text(done.stdout, encoding="utf-8")
