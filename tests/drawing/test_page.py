"""The interactive picture in a real browser: search, card, folding, filter, keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from tests.support.browsing import PATIENCE, chromium

from jagraph.core.namespaces import iri
from jagraph.domain.lineage import Lineage
from jagraph.drawing import html_viewer
from jagraph.drawing.diagram_model import picture
from jagraph.graph.cache import Graph


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def opened(
    browser: Browser, tiny: Graph, tmp_path: Path, language: str = "en", height: int = 800
) -> Page:
    found = Lineage.read(tiny.store).walk([iri("family", "mountain")], "down")
    title = "</script><b>What</b> descends?"
    file = tmp_path / "lineage.html"
    drawn = picture(found, tiny.store, title, "model", language)
    file.write_text(html_viewer.as_html(drawn, "LR", "light"), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 1200, "height": height})
    tab.on("pageerror", lambda error: pytest.fail(str(error)))
    tab.on("request", needs_no_network)
    tab.set_default_timeout(PATIENCE)
    tab.goto(file.as_uri())
    return tab


def needs_no_network(request: Request) -> None:
    assert request.url.startswith(("file:", "data:")), request.url


def visible(tab: Page, kind: str = "g.box:not(.gone)") -> set[str]:
    names = tab.eval_on_selector_all(f"{kind} > title", "all => all.map(t => t.textContent)")
    return set(names)


def bright(tab: Page) -> set[str]:
    return visible(tab, "g.box:not(.gone):not(.dim)")


def place(tab: Page, selector: str) -> dict[str, float]:
    found: dict[str, float] = tab.eval_on_selector(
        selector, "s => s.getBoundingClientRect().toJSON()"
    )
    return found


def test_a_picture_larger_than_the_window_is_in_sight_from_the_start(
    browser: Browser, tiny: Graph, tmp_path: Path
) -> None:
    tab = opened(browser, tiny, tmp_path, height=360)
    assert place(tab, "#stage svg")["height"] > place(tab, "#stage")["height"]
    expect(tab.locator("#model-mountain-7b")).to_be_in_viewport()
    tab.click("#whole")
    expect(tab.locator("g.box").first).to_be_in_viewport(ratio=0.99)
    expect(tab.locator("g.box").last).to_be_in_viewport(ratio=0.99)


def test_search_finds_and_enter_opens_the_card(
    browser: Browser, tiny: Graph, tmp_path: Path
) -> None:
    tab = opened(browser, tiny, tmp_path)
    assert tab.inner_text("h1") == "</script><b>What</b> descends?"
    tab.fill("#search", "ume-7b-chat")
    assert bright(tab) == {"Ume-7b-chat"}
    assert "Found: 1" in tab.inner_text("#count")
    tab.press("#search", "Enter")
    card = tab.inner_text("#card")
    assert "Ume-7b-chat" in card
    assert "Closed License" in card
    assert "Sakura Lab" in card
    assert tab.get_attribute("#card a", "href") == "https://huggingface.co/sakura/Ume-7b-chat"
    tab.keyboard.press("Escape")
    assert not tab.is_visible("#card")


def test_descendants_fold_and_unfold(browser: Browser, tiny: Graph, tmp_path: Path) -> None:
    tab = opened(browser, tiny, tmp_path)
    everything = visible(tab)
    tab.click("#model-ume-7b")
    tab.click("#fold")
    left = visible(tab)
    # what has another way up stays
    assert everything - left == {
        *("Ume-7b-chat", "Ume-7b-gguf", "Matsu-7b", "Take-7b", "Hana-7b", "Hana-open")
    }
    assert "Folded away: 6" in tab.inner_text("#count")
    assert tab.inner_text("#fold") == "Expand descendants"
    tab.click("#fold")
    assert visible(tab) == everything


def test_a_class_can_be_dimmed(browser: Browser, tiny: Graph, tmp_path: Path) -> None:
    tab = opened(browser, tiny, tmp_path)
    tab.uncheck("input[value=conditional]")
    assert "Mountain-7b" not in bright(tab)
    assert "Ume-7b-chat" in bright(tab)


def test_keyboard_alone_walks_the_lineage(browser: Browser, tiny: Graph, tmp_path: Path) -> None:
    tab = opened(browser, tiny, tmp_path)
    tab.focus("#model-mountain-7b")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.id") == "model-ume-7b"
    tab.keyboard.press("Enter")
    assert "Ume-7b" in tab.inner_text("#card")
    tab.keyboard.press("ArrowLeft")
    assert tab.evaluate("document.activeElement.id") == "model-mountain-7b"
    tab.keyboard.press("-")
    assert "Ume-7b" not in visible(tab)


def test_zoom_and_whole_picture(browser: Browser, tiny: Graph, tmp_path: Path) -> None:
    tab = opened(browser, tiny, tmp_path)
    before = place(tab, "#stage svg")["width"]
    width = "document.querySelector('#stage svg').getBoundingClientRect().width"
    tab.click("#in")
    tab.wait_for_function(f"{width} > {before} * 1.1")
    tab.click("#whole")
    tab.wait_for_function(f"Math.abs({width} - {before}) < 2")
    drawing, stage = place(tab, "#stage svg"), place(tab, "#stage")
    assert drawing["left"] >= stage["left"] - 1
    assert drawing["top"] >= stage["top"] - 1
    assert drawing["right"] <= stage["right"] + 1


def test_what_is_found_comes_to_the_middle(browser: Browser, tiny: Graph, tmp_path: Path) -> None:
    tab = opened(browser, tiny, tmp_path)
    for _ in range(4):
        tab.click("#in")
    tab.fill("#search", "hana-open")
    tab.press("#search", "Enter")
    box, stage = place(tab, "#model-hana-open"), place(tab, "#stage")
    assert abs(box["x"] + box["width"] / 2 - stage["x"] - stage["width"] / 2) < 30
    assert abs(box["y"] + box["height"] / 2 - stage["y"] - stage["height"] / 2) < 30


def test_japanese_words(browser: Browser, tiny: Graph, tmp_path: Path) -> None:
    tab = opened(browser, tiny, tmp_path, "ja")
    assert tab.get_attribute("html", "lang") == "ja"
    tab.click("#model-ume-7b")
    assert tab.inner_text("#fold") == "派生モデルを折りたたむ"
