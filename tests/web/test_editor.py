"""The SPARQL editor as plain HTML: it asks, answers, and says where a query is wrong."""

from __future__ import annotations

import hashlib
import json
from html import unescape

import httpx
import pytest
from tests.support.project import ROOT

pytestmark = pytest.mark.slow


_AS_A_BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def ask(server: str, query: str, **options: str) -> httpx.Response:
    return httpx.get(
        f"{server}/sparql", params={"query": query, **options}, headers=_AS_A_BROWSER, timeout=600
    )


def test_rows_link_to_the_things_they_name(server: str) -> None:
    answer = ask(server, "SELECT ?m { ?m jag:derivedFrom model:mountain-7b } ORDER BY ?m")
    assert answer.status_code == 200
    assert '<td><a href="/model/ume-7b">model/ume-7b</a></td>' in answer.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "This is not SPARQL 1.1"), ("ja", "SPARQL 1.1 の構文ではありません")],
)
def test_an_error_stands_at_its_place_with_what_to_do(
    server: str, language: str, words: str
) -> None:
    answer = ask(server, "SELECT ?m WHERE {\n  ?m jag:name }", lang=language)
    assert answer.status_code == 400
    assert words in answer.text
    assert 'data-line="2" data-column="15" data-severity="error"' in answer.text
    assert "  ?m jag:name }\n              ^" in unescape(answer.text)


def test_a_name_the_graph_does_not_have_is_pointed_at(server: str) -> None:
    text = ask(server, "SELECT * { ?m jag:derivedFrm ?parent }").text
    assert "The graph has no jag:derivedFrm" in text
    assert "Did you mean jag:derivedFrom" in text
    assert 'data-line="1" data-column="15" data-severity="warning"' in text
    assert "The graph has no" not in ask(server, "SELECT * { ?m jag:derivedFrom ?parent }").text


def test_truth_and_graphs_are_shown_too(server: str) -> None:
    assert "Yes: true" in ask(server, "ASK { ?m a jag:Model }").text
    text = unescape(ask(server, "CONSTRUCT WHERE { model:ume-7b jag:derivedFrom ?m }").text)
    assert "model:ume-7b jag:derivedFrom model:mountain-7b ." in text


def test_what_a_query_holds_stays_text(server: str) -> None:
    hostile = "SELECT ('</textarea><script>alert(1)</script>' AS ?x) {}"
    text = ask(server, hostile).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</td>" in text


def test_an_example_is_the_saved_query_ready_to_run(server: str) -> None:
    text = unescape(
        httpx.get(
            f"{server}/sparql?example=descendants&lang=ja", headers=_AS_A_BROWSER, timeout=600
        ).text
    )
    query = text.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0]
    assert query.startswith("# ")
    assert "#+" not in query
    assert ask(server, query).status_code == 200


def test_completion_offers_the_ontology_in_the_readers_words(server: str) -> None:
    found = httpx.get(f"{server}/sparql/words?lang=ja", timeout=600).json()
    by_name = {word["name"]: word for word in found}
    assert by_name["jag:"]["kind"] == "prefix"
    assert by_name["jag:Model"]["label"] == "モデル"
    assert by_name["jag:derivedFrom"]["kind"] == "property"
    assert by_name["stage:fine-tuning"]["kind"] == "concept"
    assert by_name["model:ume-7b"] == {
        "name": "model:ume-7b",
        "kind": "thing",
        "label": "Ume-7b",
        "info": "",
    }


def test_the_bundle_was_made_from_the_sources_that_stand_here() -> None:
    """Without Node: `make assets` writes the digest of its sources into the first line."""
    digest = hashlib.sha256()
    for name in ("build.mjs", "editor.js", "package-lock.json", "package.json"):
        digest.update((ROOT / "web" / name).read_bytes())
    bundle = ROOT / "src/jagraph/web/static/editor.js"
    first = bundle.read_text(encoding="utf-8").partition("\n")[0]
    assert f"sources {digest.hexdigest()};" in first, "run `make assets`"


def test_the_bundle_ships_the_licences_of_all_it_holds() -> None:
    asked = json.loads((ROOT / "web/package.json").read_text(encoding="utf-8"))["devDependencies"]
    lock = json.loads((ROOT / "web/package-lock.json").read_text(encoding="utf-8"))["packages"]
    text = (ROOT / "src/jagraph/web/static/editor.LICENSES.txt").read_text(encoding="utf-8")
    for name in asked.keys() - {"esbuild"}:
        version = lock[f"node_modules/{name}"]["version"]
        assert f"{name} {version} (MIT)\n\nMIT License" in text


def test_the_bundle_is_small_and_asks_nothing_of_elsewhere() -> None:
    text = (ROOT / "src/jagraph/web/static/editor.js").read_text(encoding="utf-8")
    assert len(text.encode()) < 500_000
    assert "eval(" not in text
    assert "import(" not in text
