"""A lineage picture as text for other programs: Graphviz DOT, Mermaid and GraphML."""

from __future__ import annotations

import io

import networkx as nx

from jagraph.draw import FILLS, STROKES
from jagraph.picture import Picture, identifier


def as_dot(picture: Picture) -> str:
    """Return ``picture`` in the DOT language of Graphviz."""
    lines = [
        "digraph lineage {",
        f"  label={_quoted(picture.title)}; labelloc=t; rankdir=LR;",
        '  node [shape=box style=filled fontname="Noto Sans CJK JP, IPAexGothic, sans-serif"];',
    ]
    for box in picture.boxes:
        fill = FILLS[box.license_class]
        text = "\n".join(filter(None, (f"{fill.sign} {box.name}", box.detail, box.license)))
        style = "filled,dashed" if fill.dash else "filled"
        lines.append(
            f"  {_quoted(identifier(box.key))} [label={_quoted(text)} style={_quoted(style)} "
            f'fillcolor="{fill.color}" fontcolor="{fill.ink}"];'
        )
    for link in picture.links:
        ends = f"{_quoted(identifier(link.parent))} -> {_quoted(identifier(link.child))}"
        words = STROKES[link.relation][0] + ("" if link.certain else " ?")
        lines.append(f"  {ends} [label={_quoted(words)}];")
    return "\n".join([*lines, "}"]) + "\n"


def as_mermaid(picture: Picture) -> str:
    """Return ``picture`` as a Mermaid flowchart, for Markdown pages."""
    names = {box.key: f"n{number}" for number, box in enumerate(picture.boxes)}
    lines = ["---", f"title: {_mermaid(picture.title)}", "---", "flowchart LR"]
    for box in picture.boxes:
        parts = (f"{FILLS[box.license_class].sign} {box.name}", box.detail, box.license)
        text = "<br>".join(_mermaid(part) for part in parts if part)
        lines.append(f'  {names[box.key]}["{text}"]:::{box.license_class}')
    for link in picture.links:
        words = STROKES[link.relation][0] + ("" if link.certain else " ?")
        lines.append(f'  {names[link.parent]} -->|"{words}"| {names[link.child]}')
    for name in sorted({box.license_class for box in picture.boxes}):
        fill = FILLS[name]
        dash = ",stroke-dasharray:5 3" if fill.dash else ""
        lines.append(f"  classDef {name} fill:{fill.color},color:{fill.ink},stroke:#55606B{dash}")
    return "\n".join(lines) + "\n"


def as_graphml(picture: Picture) -> str:
    """Return ``picture`` as GraphML; edges run from parent to child."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=picture.title, date=picture.date)
    for box in picture.boxes:
        graph.add_node(
            identifier(box.key),
            name=box.name,
            detail=box.detail,
            license=box.license,
            licenseClass=box.license_class,
            withdrawn=box.withdrawn,
        )
    for number, link in enumerate(picture.links):
        graph.add_edge(
            identifier(link.parent),
            identifier(link.child),
            key=str(number),
            relation=link.relation,
            certain=link.certain,
        )
    out = io.BytesIO()
    nx.write_graphml(graph, out, named_key_ids=True)
    return out.getvalue().decode() + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _mermaid(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;")
