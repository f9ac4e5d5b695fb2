"""Pictures: what is in them, that Japanese shows without Japanese fonts, and the other formats."""

from __future__ import annotations

import io
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pytest
from PIL import Image

from conftest import TINY, Run
from jagraph import diagrams, scene
from jagraph.build import Graph
from jagraph.draw import FILLS, STROKES, draw
from jagraph.lineage import Lineage
from jagraph.picture import CLASSES, Picture, picture
from jagraph.vocab import iri

SVG = "{http://www.w3.org/2000/svg}"


def shown(tiny: Graph, level: str = "model", title: str = "何が山から派生したか?") -> Picture:
    found = Lineage.read(tiny.store).walk([iri("family", "mountain")], "down")
    return picture(found, tiny.store, title, level)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_every_class_and_relation_has_its_look() -> None:
    assert set(FILLS) == set(CLASSES)
    assert len({fill.sign for fill in FILLS.values()}) == len(FILLS)
    assert len({stroke[1:] for stroke in STROKES.values()}) == len(STROKES)


def test_svg_has_title_date_boxes_and_a_legend_of_what_is_present(tiny: Graph) -> None:
    found = texts(scene.as_svg(draw(shown(tiny))))
    assert "何が山から派生したか?" in found
    assert any("data of 2025-01-27" in text for text in found)
    assert "× Ume-7b-chat" in found
    assert "△ Mountain-7b" in found
    assert "? Matsu-7b" in found
    assert "merge" in found
    assert "distillation" not in found
    assert "research-only" not in found


def test_family_level_has_one_box_per_family_and_sizes_in_order(tiny: Graph) -> None:
    drawn = shown(tiny, "family")
    by_name = {box.name: box for box in drawn.boxes}
    assert set(by_name) == {"Mountain", "Ume", "Kiku", "Matsu", "Take", "Hana", "Sora"}
    assert by_name["Mountain"].detail == "7b 70b · 2 models"
    assert by_name["Mountain"].is_root
    assert by_name["Take"].withdrawn
    assert by_name["Ume"].license_class == "non-commercial"


def test_link_of_an_open_derivation_is_not_certain(tiny: Graph) -> None:
    links = {(link.child, link.relation): link.certain for link in shown(tiny).links}
    assert links[iri("model", "hana-open"), "fineTunedFrom"] is False
    assert links[iri("model", "hana-7b"), "mergedFrom"] is True


def test_boxes_do_not_overlap(tiny: Graph) -> None:
    for direction in ("LR", "TB"):
        drawn = draw(shown(tiny), direction)
        boxes = [
            (min(xs), min(ys), max(xs), max(ys))
            for item in drawn.items
            if isinstance(item, scene.Shape) and item.closed and len(item.points) == 4
            for xs, ys in [tuple(zip(*item.points, strict=True))]
        ]
        large = [box for box in boxes if box[2] - box[0] > 60 and box[3] - box[1] > 30]
        assert len(large) >= 10
        for number, (left, top, right, bottom) in enumerate(large):
            assert 0 <= left < right <= drawn.width
            assert 0 <= top < bottom <= drawn.height
            for other in large[number + 1 :]:
                apart = other[0] >= right or other[2] <= left
                assert apart or other[1] >= bottom or other[3] <= top


def ink(png: bytes) -> int:
    """How many pixels of a picture are dark."""
    return sum(Image.open(io.BytesIO(png)).convert("L").histogram()[:100])


def test_japanese_text_is_painted_without_fonts_of_the_system(tiny: Graph) -> None:
    with_title = scene.as_png(draw(shown(tiny, title="日本語の系譜図表題")))
    without = scene.as_png(draw(shown(tiny, title=" ")))
    boxes = scene.as_png(draw(shown(tiny, title="□□□□□□□□□")))
    assert ink(with_title) > ink(without) + 1000
    assert ink(with_title) != ink(boxes)


def test_svg_carries_the_letters_it_uses(tiny: Graph) -> None:
    svg = scene.as_svg(draw(shown(tiny)))
    assert "@font-face" in svg
    assert "base64," in svg
    assert len(svg) < 400_000


def test_pdf_embeds_its_font(tiny: Graph) -> None:
    written = scene.as_pdf(draw(shown(tiny)))
    assert written.startswith(b"%PDF-")
    assert b"IPAexGothic" in written
    assert b"/FontFile2" in written


@pytest.mark.parametrize("form", ["as_svg", "as_png", "as_pdf"])
def test_the_same_bytes_twice(form: str, tiny: Graph) -> None:
    once, twice = (getattr(scene, form)(draw(shown(tiny))) for _ in range(2))
    assert once == twice


def test_graphml_is_read_back_with_its_attributes(tiny: Graph) -> None:
    text = diagrams.as_graphml(shown(tiny))
    back = nx.parse_graphml(text, force_multigraph=True)
    assert back.nodes["model/ume-7b-chat"]["licenseClass"] == "non-commercial"
    assert {data["relation"] for *_, data in back.edges(data=True)} >= {"mergedFrom"}
    assert back.has_edge("model/matsu-7b", "model/hana-7b")


def test_dot_is_understood_by_graphviz(tiny: Graph, tmp_path: Path) -> None:
    import sys

    source = tmp_path / "lineage.dot"
    source.write_text(diagrams.as_dot(shown(tiny)), encoding="utf-8")
    program = Path(sys.executable).with_name("graphviz-pure")
    done = subprocess.run([program, "-Tplain", source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert sum(line.startswith("node ") for line in done.stdout.splitlines()) == 11


def test_mermaid_has_every_box_and_link(tiny: Graph) -> None:
    drawn = shown(tiny)
    lines = diagrams.as_mermaid(drawn).splitlines()
    assert lines[3] == "flowchart LR"
    assert sum('["' in line for line in lines) == len(drawn.boxes)
    assert sum("-->|" in line for line in lines) == len(drawn.links)


@pytest.mark.parametrize(
    ("form", "starts"),
    [
        ("svg", b"<svg"),
        ("png", b"\x89PNG"),
        ("pdf", b"%PDF"),
        ("dot", b"digraph"),
        ("mmd", b"---"),
        ("graphml", b"<?xml"),
    ],
)
def test_command_writes_the_format_of_the_extension(
    form: str, starts: bytes, jagraph: Run, tmp_path: Path
) -> None:
    done = jagraph("draw", "mountain", "--down", "-o", f"picture.{form}", "--project", TINY)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert (tmp_path / f"picture.{form}").read_bytes().lstrip().startswith(starts)


def test_title_is_the_question_or_what_is_given(jagraph: Run) -> None:
    asked = jagraph("draw", "hana", "--up", "--format", "svg", "--project", TINY).stdout
    assert "What does Hana come from?" in texts(asked)
    own = jagraph("draw", "hana", "--up", "--title", "花", "--project", TINY).stdout
    assert "花" in texts(own)
