"""Texts of records and values of parameters that mean harm, on every kind of page in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest
from hypothesis import example, given, settings
from tests.support import hostile
from tests.support.browsing import PATIENCE, chromium
from tests.support.hostile_values import BY_KIND, HOSTILE
from tests.support.inside import in_process

from jagraph.core.errors import RequestError
from jagraph.core.namespaces import split
from jagraph.core.project import find_project
from jagraph.graph.build import build
from jagraph.graph.cache import Graph
from jagraph.query import result_formats
from jagraph.query.binding import bound
from jagraph.query.catalogue import catalogue
from jagraph.query.name_resolver import NAMESPACES, Names
from jagraph.views.app_state import AppState

pytestmark = pytest.mark.slow


_HARMLESS = re.compile(r"[/#]|https?://|data:,$")
_PAGE = {"Accept": "text/html"}


class Reading(HTMLParser):
    """Reads a page as a browser does; ``faults`` is what could run or lead to a script."""

    def __init__(self, policy: str) -> None:
        super().__init__()
        self._nonces = set(re.findall(r"'nonce-([\w-]+)'", policy))
        self.faults: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.text += " ".join(value or "" for value in held.values())
        for name, value in held.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.faults.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action") and not _HARMLESS.match(value or ""):
                self.faults.append(f"{tag} {name}={value}")
        if tag == "script" and held.get("type") != "application/json":
            ours = (held.get("src") or "").startswith("/static/")
            if not ours and held.get("nonce") not in self._nonces:
                self.faults.append(f"script {held}")
        if tag == "style" and held.get("nonce") not in self._nonces:
            self.faults.append(f"style {held}")
        if tag in ("img", "iframe", "object", "embed", "base"):
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("hostile")
    hostile.write(folder)
    return build(find_project(folder), lambda _: None)


def things(graph: Graph) -> Iterator[str]:
    """Yield the paths of cards: of each kind as many as have all properties of the kind."""
    seen: set[tuple[str, str]] = set()
    for row in graph.store.select("SELECT ?thing ?property { ?thing ?property ?value }").dicts():
        kind, name = split(row["thing"]) or ("", "")
        if kind in NAMESPACES and "#" not in name and (kind, row["property"]) not in seen:
            about = graph.store.select(f"SELECT ?property {{ <{row['thing']}> ?property ?value }}")
            seen |= {(kind, one["property"]) for one in about.dicts()}
            yield f"/{kind}/{name}"


def pages(graph: Graph) -> Iterator[str]:
    """Yield the path of a page of every kind, and of every saved query."""
    yield from ("/", "/queries", "/vocab", "/search?q=script&all=1", "/search?q=ume&all=1")
    yield f"/search?q={quote(hostile.HOSTILE)}"
    yield f"/model/{quote('<script>alert(1)</script>')}"
    yield "/compare?model=ume-7b&model=take-7b"
    yield f"/compare?model=ume-7b&add={quote('<script>')}"
    yield from ("/lineage/family/ume", "/lineage/family/ume.svg", "/lineage/model/ume-7b?lang=ja")
    yield from (f"/lineage/query/descendants{form}?base=mountain" for form in ("", ".svg"))
    for query in ("SELECT * { ?s rdfs:label ?o }", "CONSTRUCT { ?s rdfs:label ?o } { ?s a ?o }"):
        yield f"/sparql?query={quote(query)}"
    yield f"/sparql?query={quote('SELECT <script>alert(1)</script>')}"
    yield from things(graph)
    yield from (f"/query/{name}" for name in catalogue(graph.project))
    yield "/query/descendants?base=mountain&lang=ja&filter=%3Cscript%3E"


@pytest.mark.browser
def test_no_text_of_a_record_becomes_a_part_of_a_page(graph: Graph) -> None:
    """Nothing runs, opens a dialog or is stopped by the policy, and the text is there as text."""
    seen, complaints = set[str](), list[str]()
    with in_process(AppState(graph)) as url, chromium() as browser:
        tab = browser.new_page(base_url=url)
        tab.set_default_timeout(PATIENCE)
        tab.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        for path in pages(graph):
            answer = tab.goto(path)
            assert answer
            assert answer.status < 500, path
            # Chromium itself says that a page with an error was answered with one
            failed = [text for text in complaints if "Failed to load resource" in text]
            assert complaints == failed[: answer.status // 400], path
            complaints.clear()
            policy = answer.headers["content-security-policy"]
            reading = Reading(policy)
            reading.feed(answer.text())
            reading.close()
            assert reading.faults == [], path
            assert "unsafe" not in policy
            seen |= {path} if hostile.HOSTILE in reading.text else set()
    kinds = {path.split("/")[1].partition("?")[0] for path in seen}
    assert {"model", "family", "license", "query", "search", "compare", "sparql"} <= kinds


@pytest.fixture(scope="module")
def names(tiny: Graph) -> Names:
    return Names.read(tiny.store)


@pytest.fixture(scope="module")
def asking(tiny: Graph) -> Iterator[httpx.Client]:
    with in_process(AppState(tiny)) as url, httpx.Client(base_url=url, timeout=600) as client:
        yield client


@pytest.mark.parametrize("kind", BY_KIND)
@given(value=HOSTILE)
@example(value="mountain> } #")
@example(value="9" * 5000)
@settings(max_examples=10, deadline=None)
def test_a_hostile_value_is_answered_as_the_query_bound_to_it_or_refused(
    kind: str, value: str, tiny: Graph, names: Names, asking: httpx.Client
) -> None:
    saved, parameter = BY_KIND[kind]
    asked = {parameter.name: value}
    data = asking.get(f"/query/{saved.name}.csv", params=asked)
    page = asking.get(f"/query/{saved.name}", params=asked, headers=_PAGE)
    assert page.status_code in (200, 400, 404)
    try:
        text = bound(saved, asked, tiny.store, names)
    except RequestError:
        assert data.status_code in (400, 404)
        return
    assert data.status_code == 200
    expected = result_formats.render(tiny.store.select(text), "csv")
    assert sorted(data.text.splitlines()) == sorted(expected.splitlines())
    assert page.status_code == 200
