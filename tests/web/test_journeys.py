"""Five journeys through the pages in a real browser, in English and Japanese, and axe on each page.

One browser and one server for all of it; nothing is asked of any other server.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect
from tests.support.browsing import PATIENCE, chromium
from tests.support.inside import in_process

from jagraph.graph.cache import Graph
from jagraph.views.app_state import AppState
from jagraph.views.words import words

pytestmark = pytest.mark.slow


_PAGES = (
    *("/", "/queries", "/search?q=ume&all=1", "/none"),
    *("/query/descendants-with-terms?base=mountain", "/query/largest?use=eating"),
    *("/model/ume-7b", "/family/ume", "/developer/tanaka", "/dataset/encyclopedia"),
    *("/license/mountain", "/benchmark/quiz"),
    *("/compare?model=ume-7b&model=take-7b", "/compare?model=no-such-model"),
    *("/lineage/family/ume?theme=light", "/lineage/family/ume?theme=dark"),
    *("/sparql?query=SELECT+*+%7B+%3Fs+a+jag%3AModel+%7D", "/sparql?query=SELECT"),
    "/vocab",
)
# sections of the ontology's document after the first: thousands of elements that are alike
_ALIKE = ".entries > section + section"


@pytest.fixture(scope="module")
def address(tiny: Graph) -> Iterator[str]:
    with in_process(AppState(tiny)) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module", params=["en", "ja"])
def context(browser: Browser, address: str, request: pytest.FixtureRequest) -> BrowserContext:
    made = browser.new_context(base_url=address, locale=request.param, accept_downloads=True)
    made.set_default_timeout(PATIENCE)
    made.set_default_navigation_timeout(PATIENCE)
    return made


@pytest.fixture
def tab(context: BrowserContext, address: str) -> Iterator[Page]:
    page = context.new_page()

    def stays_here(asked: Request) -> None:
        assert asked.url.startswith((f"{address}/", "data:", "blob:")), asked.url

    page.on("request", stays_here)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto("/")
    yield page
    page.close()


def said(tab: Page) -> dict[str, str]:
    """Return the words of the pages in the language of ``tab``."""
    return words(tab.get_attribute("html", "lang") or "")


def follow(tab: Page, selector: str | Locator) -> None:
    """Click what leads to another page, and wait for it."""
    one = tab.locator(selector) if isinstance(selector, str) else selector
    with tab.expect_navigation():
        one.click()


def seen(tab: Page, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in tab.locator(selector).all_inner_texts()]


def test_a_model_of_7b_that_may_be_shipped_is_found(tab: Page) -> None:
    follow(tab, 'a.question[href="/query/largest"]')
    tab.select_option("#p-use", "ship")
    # a limit on the number of users is a condition, here as on the card
    tab.select_option("#p-answer", "only-if")
    follow(tab, "form.ask button")
    assert "use=ship" in tab.url
    rows = tab.locator("#answers tbody tr")
    large = [
        row
        for row in rows.all()
        if int(row.locator("td.num").inner_text().replace(",", "")) >= 7_000_000_000
    ]
    assert len(large) > 2
    follow(tab, large[0].locator("xpath=..").locator('a[href="/model/mountain-7b"]'))
    assert tab.inner_text("h1") == "Mountain-7b"
    use = tab.locator("dl.uses > div", has_text=said(tab)["use-ship"])
    # allowed up to a number of users: the card says so, with the clause
    expect(use.locator(".badge")).to_have_class("badge only-if")
    clause = {"en": "clause 2: only up to 700M", "ja": "第 2 項: 公開時の月間利用者数 700M まで"}
    assert clause[tab.get_attribute("html", "lang") or ""] in use.inner_text()


def test_the_question_of_descendants_is_asked_and_taken_home_as_csv(
    tab: Page, tmp_path: Path
) -> None:
    follow(tab, 'a.question[href="/query/descendants-with-terms"]')
    tab.fill("#p-base", "Mountain")
    tab.select_option("#p-terms", "non-commercial")
    follow(tab, "form.ask button")
    names = seen(tab, '#answers tbody a[href^="/model/"]')
    assert names == ["Ume-7b-chat", "Kiku-70b", "Hana-7b", "Hana-open", "Matsu-7b", "Take-7b"]
    with tab.expect_download() as started:
        tab.click('.downloads a[href*=".csv"]')
    started.value.save_as(tmp_path / "answer.csv")
    with (tmp_path / "answer.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["modelName"] for row in rows] == names
    assert [row["answer"] for row in rows] == ["yes", "conditional", *["unknown"] * 4]


def test_a_card_leads_up_the_lineage_to_the_root(tab: Page) -> None:
    tab.fill("input[type=search]", "tanaka/hana-open")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/model/hana-open")
    way = [tab.inner_text("h1")]
    while tab.locator("#lineage ~ h3").count():
        heading = tab.locator("#lineage ~ h3").first
        if not (heading.text_content() or "").startswith(said(tab)["way-comes"]):
            break
        above = tab.locator("#lineage ~ h3 + ul").first
        follow(tab, above.locator('a[href^="/model/"]').first)
        way.append(tab.inner_text("h1"))
    assert way == ["Hana-open", "Ume-7b-chat", "Ume-7b", "Mountain-7b"]
    follow(tab, ".picture a[href='/model/take-7b']")
    assert tab.inner_text("h1") == "Take-7b"
    follow(tab, f"text={said(tab)['card-explore']}")
    tab.click("#model-mountain-7b")
    assert "Mountain Community License" in tab.inner_text("#card")


def test_two_models_of_an_answer_are_compared(tab: Page) -> None:
    tab.goto("/query/descendants?base=mountain")
    tab.check("input[value=ume-7b]")
    tab.check("input[value=ume-7b-chat]")
    follow(tab, "form.compare button")
    assert seen(tab, "table.compared thead th a:first-child") == ["Ume-7b", "Ume-7b-chat"]
    spoken = said(tab)
    licenses = tab.locator("table.compared tr", has_text=spoken["column-license"]).first
    expect(licenses).to_contain_text(spoken["compare-differs"])
    expect(licenses).to_contain_text("Closed License")
    tab.fill("#add-model", "Sora")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert len(seen(tab, "table.compared thead th a:first-child")) == 3
    follow(tab, f"text={spoken['compare-only']}")
    assert spoken["compare-same"] not in " ".join(seen(tab, "table.compared .mark"))


def test_a_query_with_a_typing_error_is_mended(tab: Page) -> None:
    tab.goto("/sparql")
    editor = tab.locator(".cm-content")
    editor.click()
    tab.keyboard.press("Control+a")
    tab.keyboard.insert_text("SELECT ?m WHERE { ?m a jag:Model ")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#answer .notice.wrong")).to_contain_text(said(tab)["editor-bad-sparql"])
    editor.click()
    tab.keyboard.press("Control+End")
    tab.keyboard.insert_text("}")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#answer tbody tr").first).to_be_visible()
    assert "model/ume-7b" in seen(tab, "#answer tbody a")


def wrong(tab: Page, **options: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the rule and the first places of all that axe calls serious or critical."""
    results = Axe().run(tab, options={"resultTypes": ["violations"], **options}).response
    for found in results["violations"]:
        if found["impact"] in ("serious", "critical"):
            yield found["id"], [node["target"] for node in found["nodes"][:3]]


def test_axe_finds_nothing_serious_on_any_page_by_day_or_night(
    browser: Browser, address: str
) -> None:
    found = []
    # without motion: colours that change slowly are none of the page's while they change
    tab = browser.new_page(base_url=address, locale="en", reduced_motion="reduce")
    tab.set_default_timeout(PATIENCE)
    for path in _PAGES:
        tab.emulate_media(color_scheme="light")
        tab.goto(path)
        tab.eval_on_selector_all(_ALIKE, "all => all.forEach(one => one.remove())")
        found += [(path, "light", one) for one in wrong(tab)]
        tab.emulate_media(color_scheme="dark")
        found += [(path, "dark", one) for one in wrong(tab, runOnly=["color-contrast"])]
    assert found == []
