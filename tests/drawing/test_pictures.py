"""Golden pictures, each looked at before it became one; compared as an eye would, not by bytes.

To make them anew after a change that is meant, run this file with ``JAGRAPH_GOLDEN=write``, then
look at every one that changed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageStat
from tests.support.project import ROOT

from jagraph.core.namespaces import iri
from jagraph.domain.lineage import Lineage
from jagraph.drawing import canvas, charts
from jagraph.drawing.diagram_model import collapsed, picture
from jagraph.drawing.painter import draw
from jagraph.drawing.style import DATASET, FILLS
from jagraph.graph.cache import Graph

pytestmark = pytest.mark.slow


GOLDEN = ROOT / "tests/pictures"


def lineage(graph: Graph, direction: str = "down") -> Lineage:
    return Lineage.read(graph.store).walk([iri("family", "mountain")], direction)  # type: ignore[arg-type]


def light(graph: Graph) -> bytes:
    drawn = picture(lineage(graph), graph.store, "What descends from Mountain?", "model")
    return canvas.as_png(draw(drawn), 1)


def dark_japanese(graph: Graph) -> bytes:
    drawn = picture(lineage(graph), graph.store, "Mountain から何が派生したか", "family", "ja")
    return canvas.as_png(draw(drawn, "TB", "dark"), 1)


def framed_french(graph: Graph) -> bytes:
    found, title = lineage(graph), "Qu'est-ce qui descend de Mountain ?"
    drawn = picture(found, graph.store, title, "model", "fr", framed=True)
    return canvas.as_png(draw(drawn), 1)


def with_datasets(graph: Graph) -> bytes:
    found = Lineage.read(graph.store).walk([iri("family", "ume")], "up")
    drawn = picture(found, graph.store, "What does Ume come from?", "model", datasets=True)
    return canvas.as_png(draw(collapsed(drawn, 1)), 1)


def chart_of_licenses(graph: Graph) -> bytes:
    return charts.chart("licenses", graph.store, "png", "ja", "light")


PICTURES: dict[str, Callable[[Graph], bytes]] = {
    made.__name__.replace("_", "-"): made
    for made in (light, dark_japanese, framed_french, with_datasets, chart_of_licenses)
}


def differences(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Mean difference, and that of the worst patch of 8 by 8 pixels, of 255."""
    small = (max(1, one.width // 8), max(1, one.height // 8))
    box = Image.Resampling.BOX
    apart = ImageChops.difference(one.resize(small, box), other.resize(small, box)).convert("L")
    stat = ImageStat.Stat(apart)
    return stat.mean[0], stat.extrema[0][1]


@pytest.mark.parametrize("name", PICTURES)
def test_picture_looks_as_it_did(name: str, tiny: Graph, tmp_path: Path) -> None:
    made = PICTURES[name](tiny)
    golden = GOLDEN / f"{name}.png"
    if os.environ.get("JAGRAPH_GOLDEN") == "write":
        golden.write_bytes(made)
    (tmp_path / f"{name}.png").write_bytes(made)
    now = Image.open(io.BytesIO(made)).convert("RGB")
    then = Image.open(golden).convert("RGB")
    assert abs(now.width - then.width) <= 3, tmp_path
    assert abs(now.height - then.height) <= 3, tmp_path
    mean, worst = differences(now, then.resize(now.size))
    assert mean < 1.5, tmp_path
    assert worst < 70, tmp_path


def test_the_font_has_every_sign() -> None:
    letters = TTFont(canvas.font_file()).getBestCmap()
    for fill in (*FILLS.values(), DATASET):
        assert ord(fill.sign) in letters


def test_the_comparison_sees_a_changed_box() -> None:
    then = Image.open(GOLDEN / "light.png").convert("RGB")
    now = then.copy()
    now.paste((163, 22, 49), (60, 120, 160, 160))
    assert differences(now, then)[1] >= 70


@pytest.mark.parametrize("name", charts.CHARTS)
@pytest.mark.parametrize("form", charts.FORMATS)
def test_every_chart_comes_in_every_format_with_the_same_bytes(
    name: str, form: str, live: Graph
) -> None:
    starts = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}
    once = charts.chart(name, live.store, form, "fr", "dark")
    assert once.startswith(starts[form])
    assert once == charts.chart(name, live.store, form, "fr", "dark")


@pytest.mark.parametrize(
    ("address", "year", "month"),
    [
        ("https://arxiv.org/abs/2404.17790", 2024, 4),
        ("https://arxiv.org/pdf/1905.09642.pdf", 2019, 5),
        ("https://rinna.co.jp/news/2023/07/20230731.html", 2023, 7),
        ("https://www.preferred.jp/en/news/pr20230928/", 2023, 9),
        ("https://www.example.jp/posts/2024-08-02-name.html", 2024, 8),
        ("https://www.anlp.jp/proceedings/annual_meeting/2023/pdf_dir/P3-1.pdf", 2023, 7),
        ("https://huggingface.co/org/model-2048", 0, 0),
        ("https://example.org/posts/120234", 0, 0),
        ("", 0, 0),
    ],
)
def test_the_date_an_address_tells(address: str, year: int, month: int) -> None:
    found = charts.announced(address)
    assert int(found) == year
    assert round((found - year) * 12) + (1 if year else 0) == month
