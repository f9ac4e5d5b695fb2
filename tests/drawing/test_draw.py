"""Pictures: what is in them, that Japanese shows without Japanese fonts, and the other formats."""

from __future__ import annotations

import io
import json
import subprocess
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from PIL import Image
from tests.support.project import TINY, Run

from jagraph.core.namespaces import LANGUAGES, iri
from jagraph.core.namespaces import ROOT as ROOT_IRI
from jagraph.domain.lineage import Lineage
from jagraph.drawing import canvas, text_formats
from jagraph.drawing.diagram_model import CLASSES, Box, Link, Picture, collapsed, picture
from jagraph.drawing.messages import WORDS, labels
from jagraph.drawing.painter import draw
from jagraph.drawing.style import FILLS, STROKES
from jagraph.graph.cache import Graph

SVG = "{http://www.w3.org/2000/svg}"


def shown(tiny: Graph, level: str = "model", title: str = "何が山から派生したか?") -> Picture:
    found = Lineage.read(tiny.store).walk([iri("family", "mountain")], "down")
    return picture(found, tiny.store, title, level)


def groups(svg: str, kind: str) -> list[ET.Element]:
    return [g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("class") == kind]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_every_class_and_relation_has_its_look() -> None:
    assert set(FILLS) == set(CLASSES)
    assert len({fill.sign for fill in FILLS.values()}) == len(FILLS)
    assert len({(s.width, s.dash, s.color) for s in STROKES.values()}) == len(STROKES)


def test_every_relation_of_the_ontology_has_a_stroke_and_words(tiny: Graph) -> None:
    asked = """
    SELECT ?name {
      { ?thing rdfs:subPropertyOf jag:derivedFrom }
      UNION { VALUES ?thing { jag:derivedFrom jag:trainedOnOutputOf jag:trainedOn } }
      BIND(REPLACE(STR(?thing), "^.*#", "") AS ?name)
    }
    """
    relations = {row["name"] for row in tiny.store.select(asked).dicts()}
    carrying = "SELECT ?thing { ?thing jag:carrier ?by }"
    carried = {row["thing"].partition("#")[2] for row in tiny.store.select(carrying).dicts()}
    assert set(STROKES) == relations == carried | {"trainedOn"}
    for language in LANGUAGES:
        known = labels(tiny.store, language)
        assert relations <= set(known)
        assert len({known[name] for name in relations}) == len(relations)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_relation_of_open_kind_is_drawn_in_every_format(tiny: Graph, language: str) -> None:
    boxes = tuple(Box(f"{ROOT_IRI}hub/a/{n}", n, "", "MIT", "permissive") for n in "xy")
    link = Link(boxes[0].key, boxes[1].key, "derivedFrom")
    words = labels(tiny.store, language)
    drawn = Picture("open", "", boxes, (link,), language=language, labels=words)
    svg = canvas.as_svg(draw(drawn))
    assert f"{words['derivedFrom']} (1)" in texts(svg)
    (curve,) = groups(svg, "link")
    assert curve.get("id") == "hub-a-x..derivedFrom..hub-a-y"
    assert canvas.as_png(draw(drawn), 1).startswith(b"\x89PNG")
    for write in (text_formats.as_dot, text_formats.as_mermaid):
        assert words["derivedFrom"] in write(drawn)


def test_svg_has_title_date_boxes_and_a_legend_of_what_is_present(tiny: Graph) -> None:
    found = texts(canvas.as_svg(draw(shown(tiny))))
    assert "何が山から派生したか?" in found
    assert any("data of 2025-01-27, rules 0.1.0" in text for text in found)
    assert "× Ume-7b-chat" in found
    assert "△ Mountain-7b" in found
    assert "? Matsu-7b" in found
    assert "merged from (2)" in found
    assert not any(text.startswith("distilled from") for text in found)
    assert not any(text.startswith("research only") for text in found)


def test_every_box_and_link_is_in_the_svg_once(tiny: Graph) -> None:
    drawn = shown(tiny)
    svg = canvas.as_svg(draw(drawn))
    boxes, links = groups(svg, "box"), groups(svg, "link")
    assert len(boxes) == len(drawn.boxes)
    assert len(links) == len(drawn.links)
    assert {g.find(f"{SVG}title").text for g in boxes} == {box.name for box in drawn.boxes}  # type: ignore[union-attr]
    ids = [element.get("id") for element in ET.fromstring(svg).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert "Hana-7b: merged from Take-7b" in {g.find(f"{SVG}title").text for g in links}  # type: ignore[union-attr]


def test_a_merge_has_one_joint_that_all_its_parents_reach(tiny: Graph) -> None:
    svg = canvas.as_svg(draw(shown(tiny)))
    assert [g.get("id") for g in groups(svg, "joint")] == ["merge..model-hana-7b"]
    assert [g.get("id") for g in groups(svg, "joined")] == ["joined..model-hana-7b"]


def test_boxes_link_to_the_hub_and_speak_to_screen_readers(tiny: Graph) -> None:
    root = ET.fromstring(canvas.as_svg(draw(shown(tiny))))
    anchors = {a.get("href"): a for a in root.iter(f"{SVG}a")}
    box = anchors["https://huggingface.co/sakura/Ume-7b-chat"].find(f"{SVG}g")
    assert box is not None
    said = box.findtext(f"{SVG}desc") or ""
    assert "Closed License" in said
    assert "possible conflict" in said
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}desc")


def test_legend_counts_what_is_there(tiny: Graph) -> None:
    drawn = shown(tiny)
    found = texts(canvas.as_svg(draw(drawn)))
    for kind in {box.license_class for box in drawn.boxes}:
        count = sum(box.license_class == kind for box in drawn.boxes)
        assert f"{drawn.labels[kind]} ({count})" in found
    for kind in {link.relation for link in drawn.links}:
        count = sum(link.relation == kind for link in drawn.links)
        assert f"{drawn.labels[kind]} ({count})" in found


def test_text_is_inside_its_box(tiny: Graph) -> None:
    for item in draw(shown(tiny)).items:
        if isinstance(item, canvas.Group) and item.kind == "box":
            shapes = [s for s in item.items if isinstance(s, canvas.Shape) and len(s.points) == 4]
            right = max(x for shape in shapes for x, _ in shape.points)
            bottom = max(y for shape in shapes for _, y in shape.points)
            for label in item.items:
                if isinstance(label, canvas.Label) and label.anchor == "start":
                    assert label.x + canvas.text_width(label.text, label.size) <= right
                    assert label.y <= bottom


def test_frames_hold_their_models_and_no_others(tiny: Graph) -> None:
    found = Lineage.read(tiny.store).walk([iri("family", "mountain")], "down")
    drawn = draw(picture(found, tiny.store, "?", "model", framed=True))

    def bounds(group: canvas.Group) -> tuple[float, float, float, float]:
        (xs, ys) = zip(*group.items[0].points, strict=True)  # type: ignore[union-attr]
        return min(xs), min(ys), max(xs), max(ys)

    frames = [g for g in drawn.items if isinstance(g, canvas.Group) and g.kind == "frame"]
    boxes = [g for g in drawn.items if isinstance(g, canvas.Group) and g.kind == "box"]
    families = {model.name: model.family_name for model in found.models.values()}
    assert {frame.title for frame in frames} == set(families.values())
    for frame in frames:
        left, top, right, bottom = bounds(frame)
        for box in boxes:
            x, y, x2, y2 = bounds(box)
            inside = left <= x and x2 <= right and top <= y and y2 <= bottom
            assert inside == (families[box.title] == frame.title)


def sized(number: int) -> Box:
    return Box(f"m{number}", f"M-{number}b", f"{number}b", "L", "permissive", group="f")


def test_siblings_that_differ_in_size_stand_behind_a_count() -> None:
    base = Box("b", "Base", "", "L", "permissive", group="base")
    other = Box("x", "X", "", "Other", "unknown", group="f")
    boxes = (base, *(sized(n) for n in range(1, 7)), other)
    links = tuple(Link(box.key, "b", "fineTunedFrom") for box in boxes[1:])
    drawn = Picture("?", "", boxes, links)
    assert collapsed(drawn, 6) == drawn
    fewer = collapsed(drawn, 3)
    assert [box.name for box in fewer.boxes] == ["Base", "M-1b +5", "X"]
    assert fewer.hidden == 5
    assert fewer.boxes[1].detail == "1b 2b 3b 4b 5b 6b"
    assert fewer.boxes[1].stands_for == tuple(f"M-{n}b" for n in range(1, 7))
    assert len(fewer.links) == 2
    assert any("5 models stand behind +N" in text for text in texts(canvas.as_svg(draw(fewer))))


@pytest.mark.parametrize(
    ("language", "legend"), [("ja", "マージ元 (2)"), ("fr", "fusionné depuis (2)")]
)
def test_words_are_in_the_language_asked_for(language: str, legend: str, tiny: Graph) -> None:
    found = Lineage.read(tiny.store).walk([iri("family", "mountain")], "down")
    svg = canvas.as_svg(draw(picture(found, tiny.store, "?", "model", language)))
    assert legend in texts(svg)
    if language == "ja":
        family = picture(found, tiny.store, "?", "family", language)
        assert "梅モデル" in {box.name for box in family.boxes}


def test_languages_have_the_same_words() -> None:
    keys = {language: set(words) for language, words in WORDS.items()}
    assert keys["en"] == keys["ja"] == keys["fr"]


def test_datasets_are_shown_when_asked(tiny: Graph) -> None:
    found = Lineage.read(tiny.store).walk([iri("model", "ume-7b-chat")], "up")
    drawn = picture(found, tiny.store, "?", "model", datasets=True)
    assert {box.name for box in drawn.boxes if box.is_dataset} == {
        *("Japanese Encyclopedia", "Questions")
    }
    assert sum(link.relation == "trainedOn" for link in drawn.links) == 2


def test_five_hundred_boxes_are_laid_out_without_overlap() -> None:
    boxes = tuple(Box(f"m{n}", f"Model {n}", "7b", "L", "permissive") for n in range(500))
    links = tuple(Link(f"m{n}", f"m{(n - 1) // 4}", "fineTunedFrom") for n in range(1, 500))
    drawn = draw(Picture("?", "", boxes, links))
    found = [
        (min(xs), min(ys), max(xs), max(ys))
        for item in drawn.items
        if isinstance(item, canvas.Group) and item.kind == "box"
        for xs, ys in [tuple(zip(*item.items[0].points, strict=True))]  # type: ignore[union-attr]
    ]
    assert len(found) == 500
    columns: dict[int, list[tuple[float, float, float, float]]] = {}
    for one in sorted(found, key=lambda side: side[1]):
        columns.setdefault(round(sum(one[::2]) / 2 / 40), []).append(one)
    for column in columns.values():
        assert all(above[3] <= below[1] for above, below in pairwise(column))


def test_too_many_boxes_are_refused_with_a_remedy(jagraph: Run, copy: Path) -> None:
    record = "\n".join(f"  big-{n}: {{name: Big-{n}, parameters: {n}b}}" for n in range(1, 620))
    (copy / "data/models/big.yaml").write_text(
        "name: Big\nlisted: {section: merged, row: Big, line: 91}\ndevelopers: [tanaka]\n"
        f"models:\n{record}\nunknown: [licenses]\n",
        encoding="utf-8",
    )
    done = jagraph("draw", "big", "--level", "model", "-o", "x.svg", "--project", copy)
    assert done.returncode == 2
    assert "619 boxes cannot be read in one picture" in done.stderr
    assert "narrow it" in done.stderr


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
        large = [
            (min(xs), min(ys), max(xs), max(ys))
            for item in drawn.items
            if isinstance(item, canvas.Group) and item.kind == "box"
            for shape in item.items[:1]
            if isinstance(shape, canvas.Shape)
            for xs, ys in [tuple(zip(*shape.points, strict=True))]
        ]
        assert len(large) == 11
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
    with_title = canvas.as_png(draw(shown(tiny, title="日本語の系譜図表題")))
    without = canvas.as_png(draw(shown(tiny, title=" ")))
    boxes = canvas.as_png(draw(shown(tiny, title="□□□□□□□□□")))
    assert ink(with_title) > ink(without) + 1000
    assert ink(with_title) != ink(boxes)


def test_svg_carries_the_letters_it_uses(tiny: Graph) -> None:
    svg = canvas.as_svg(draw(shown(tiny)))
    assert "@font-face" in svg
    assert "base64," in svg
    assert len(svg) < 400_000


def test_pdf_embeds_its_font(tiny: Graph) -> None:
    written = canvas.as_pdf(draw(shown(tiny)))
    assert written.startswith(b"%PDF-")
    assert b"IPAexGothic" in written
    assert b"/FontFile2" in written


@pytest.mark.parametrize("form", ["as_svg", "as_png", "as_pdf"])
def test_the_same_bytes_twice(form: str, tiny: Graph) -> None:
    once, twice = (getattr(canvas, form)(draw(shown(tiny))) for _ in range(2))
    assert once == twice


def test_graphml_is_read_back_with_its_attributes(tiny: Graph) -> None:
    text = text_formats.as_graphml(shown(tiny))
    back = nx.parse_graphml(text, force_multigraph=True)
    assert back.nodes["model/ume-7b-chat"]["licenseClass"] == "non-commercial"
    assert {data["relation"] for *_, data in back.edges(data=True)} >= {"mergedFrom"}
    assert back.has_edge("model/matsu-7b", "model/hana-7b")


def test_dot_is_understood_by_graphviz(tiny: Graph, tmp_path: Path) -> None:
    import sys

    source = tmp_path / "lineage.dot"
    source.write_text(text_formats.as_dot(shown(tiny)), encoding="utf-8")
    program = Path(sys.executable).with_name("graphviz-pure")
    done = subprocess.run([program, "-Tplain", source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert sum(line.startswith("node ") for line in done.stdout.splitlines()) == 11


def test_cytoscape_has_every_box_and_link(tiny: Graph) -> None:
    drawn = shown(tiny)
    found = json.loads(text_formats.as_cytoscape(drawn))["elements"]
    known = {node["data"]["id"] for node in found["nodes"]}
    assert len(known) == len(drawn.boxes)
    assert len(found["edges"]) == len(drawn.links)
    assert all({e["data"]["source"], e["data"]["target"]} <= known for e in found["edges"])


def test_mermaid_has_every_box_and_link(tiny: Graph) -> None:
    drawn = shown(tiny)
    lines = text_formats.as_mermaid(drawn).splitlines()
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
        ("cyjs", b"{"),
        ("html", b"<!doctype html>"),
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


def test_several_roots_and_a_saved_query(jagraph: Run) -> None:
    both = jagraph("draw", "hana", "kiku", "--up", "--format", "svg", "--project", TINY).stdout
    assert "What does Hana, Kiku come from?" in texts(both)
    assert {"Hana-7b", "Kiku-70b", "Mountain-70b"} <= {
        g.findtext(f"{SVG}title") for g in groups(both, "box")
    }
    asked = ("draw", "--query", "models-by-license", "--license", "closed", "--format", "svg")
    found = jagraph(*asked, "--project", TINY)
    assert found.returncode == 0, found.stderr
    assert any("(license closed)" in text for text in texts(found.stdout))
    assert {g.findtext(f"{SVG}title") for g in groups(found.stdout, "box")} >= {
        *("Ume-7b-chat", "Ume-7b", "Mountain-7b")
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--colour", "red"), "No such option '--colour'"),
        ((), "Missing argument ID"),
        (("--query", "developers"), "answers with no models"),
        (("--query", "descendants", "--bas", "x"), "--bas"),
    ],
)
def test_wrong_selections_are_refused(words: tuple[str, ...], message: str, jagraph: Run) -> None:
    done = jagraph("draw", *words, "--format", "svg", "--project", TINY)
    assert done.returncode == 2
    assert message in done.stderr
