"""A lineage picture as text for other programs: DOT, Mermaid, GraphML, Cytoscape JSON."""

from __future__ import annotations

import io
import json

from jagraph.drawing.diagram_model import Link, Picture, identifier
from jagraph.drawing.style import fill_of


def as_dot(picture: Picture) -> str:
    """Return ``picture`` in the DOT language of Graphviz."""
    lines = [
        "digraph lineage {",
        f"  label={_quoted(picture.title)}; labelloc=t; rankdir=LR;",
        '  node [shape=box style=filled fontname="Noto Sans CJK JP, IPAexGothic, sans-serif"];',
    ]
    for box in picture.boxes:
        fill = fill_of(box.kind)
        text = "\n".join(filter(None, (f"{fill.sign} {box.name}", box.detail, box.license)))
        style = "filled,dashed" if fill.dash else "filled"
        lines.append(
            f"  {_quoted(identifier(box.key))} [label={_quoted(text)} style={_quoted(style)} "
            f'fillcolor="{fill.color}" fontcolor="{fill.ink}"];'
        )
    for link in picture.links:
        ends = f"{_quoted(identifier(link.parent))} -> {_quoted(identifier(link.child))}"
        words = _words(picture, link)
        lines.append(f"  {ends} [label={_quoted(words)}];")
    return "\n".join([*lines, "}"]) + "\n"


def as_mermaid(picture: Picture) -> str:
    """Return ``picture`` as a Mermaid flowchart, for Markdown pages."""
    names = {box.key: f"n{number}" for number, box in enumerate(picture.boxes)}
    styles = {box.kind: fill_of(box.kind) for box in picture.boxes}
    lines = ["---", f"title: {_mermaid(picture.title)}", "---", "flowchart LR"]
    for box in picture.boxes:
        parts = (f"{fill_of(box.kind).sign} {box.name}", box.detail, box.license)
        text = "<br>".join(_mermaid(part) for part in parts if part)
        lines.append(f'  {names[box.key]}["{text}"]:::{box.kind}')
    for link in picture.links:
        words = _words(picture, link)
        lines.append(f'  {names[link.parent]} -->|"{words}"| {names[link.child]}')
    for name, fill in sorted(styles.items()):
        dash = ",stroke-dasharray:5 3" if fill.dash else ""
        lines.append(f"  classDef {name} fill:{fill.color},color:{fill.ink},stroke:#55606B{dash}")
    return "\n".join(lines) + "\n"


def as_graphml(picture: Picture) -> str:
    """Return ``picture`` as GraphML; edges run from parent to child."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=picture.title, date=picture.date)
    for box in picture.boxes:
        graph.add_node(
            identifier(box.key),
            name=box.name,
            detail=box.detail,
            license=box.license,
            licenseClass=box.kind,
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


def as_cytoscape(picture: Picture) -> str:
    """Return ``picture`` as Cytoscape JSON, to open in Cytoscape or hand to Cytoscape.js."""
    nodes = [
        {
            "data": {
                "id": identifier(box.key),
                "name": box.name,
                "developer": box.developer,
                "detail": box.detail,
                "license": box.license,
                "licenseClass": box.kind,
                "withdrawn": box.withdrawn,
                "caveat": box.has_caveat,
                "possibleConflict": box.has_conflict,
                "hub": box.hub,
            }
        }
        for box in picture.boxes
    ]
    edges = [
        {
            "data": {
                "id": f"e{number}",
                "source": identifier(link.parent),
                "target": identifier(link.child),
                "relation": link.relation,
                "certain": link.certain,
            }
        }
        for number, link in enumerate(picture.links)
    ]
    document = {
        "format_version": "1.0",
        "data": {"name": picture.title, "date": picture.date, "rules": picture.version},
        "elements": {"nodes": nodes, "edges": edges},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _words(picture: Picture, link: Link) -> str:
    return picture.relation_name(link.relation) + ("" if link.certain else " ?")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _mermaid(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;")
