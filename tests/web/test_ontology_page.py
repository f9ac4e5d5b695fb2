"""The ontology as a document: whole, in the reader's language, at addresses that lead to it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pyoxigraph as ox
import pytest

from jagraph.core.namespaces import JAG, ONTOLOGY, ROOT
from jagraph.graph.cache import Graph


class _Document(HTMLParser):
    """What a page has: its ids, the links in it, its language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if tag == "a" else []
        if tag == "html":
            self.language = found["lang"] or ""


def page(server: str, **options: str) -> str:
    answer = httpx.get(
        f"{server}/vocab", params=options, headers={"Accept": "text/html"}, timeout=600
    )
    assert answer.status_code == 200
    return answer.text


def described(graph: Graph) -> set[str]:
    """Return the IRIs of all that the ontology file describes."""
    about = {triple.subject.value for triple in graph.store.triples(ONTOLOGY)}
    return {name for name in about if name.startswith(ROOT)} - {JAG.removesuffix("#")}


def test_every_name_of_the_ontology_has_its_place(server: str, tiny: Graph) -> None:
    found = _Document(page(server))
    assert len(found.ids) == len(set(found.ids))
    wanted = {name.removeprefix(JAG).removeprefix(ROOT) for name in described(tiny)}
    assert {"derivedFrom", "Model", "stage/fine-tuning", "license-class"} <= wanted
    # a scheme may be called as a property is: jag:answer and the scheme of answers
    assert all(name in found.ids or f"{name}/" in found.ids for name in wanted)


def test_every_link_within_the_page_leads_somewhere(server: str) -> None:
    found = _Document(page(server))
    inside = {link.removeprefix("#") for link in found.links if link.startswith("#")}
    assert len(inside) > 200
    assert inside <= set(found.ids)


@pytest.mark.parametrize(
    ("language", "title", "definition"),
    [
        ("en", "jagraph vocabulary", "One set of weights, as a rule one Hugging Face repository."),
        ("ja", "jagraph 語彙", "一組の重み。通常は Hugging Face の一つのリポジトリ。"),
        ("fr", "vocabulaire jagraph", "Un jeu de poids, en règle générale un dépôt Hugging Face."),
    ],
)
def test_it_speaks_the_readers_language(
    server: str, language: str, title: str, definition: str
) -> None:
    text = page(server, lang=language)
    assert _Document(text).language == language
    assert f"<h1>{title}</h1>" in text
    assert f"<p>{definition}</p>" in text


def test_a_class_says_what_it_has_and_how_often(server: str) -> None:
    text = page(server)
    name = text[text.index('id="name"') :].partition("</article>")[0]
    # shapes.ttl: one name, at every record
    assert re.search(r"jag:License</code></a> <span[^>]*>\(exactly one\)", name)
    assert 'href="http://www.w3.org/2000/01/rdf-schema#label"' in name


@pytest.mark.parametrize(
    ("path", "accept", "form"),
    [
        ("/vocab", "text/turtle", ox.RdfFormat.TURTLE),
        ("/vocab.ttl", "*/*", ox.RdfFormat.TURTLE),
        ("/vocab", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("/vocab.jsonld", "text/html", ox.RdfFormat.JSON_LD),
    ],
)
def test_as_data_it_is_the_same_ontology(
    server: str, tiny: Graph, path: str, accept: str, form: ox.RdfFormat
) -> None:
    answer = httpx.get(server + path, headers={"Accept": accept}, timeout=600)
    assert answer.headers["content-type"].startswith(form.media_type)
    triples = {quad.triple for quad in ox.parse(answer.content, format=form)}
    assert triples == set(tiny.store.triples(ONTOLOGY))


def test_the_rules_are_described_by_their_own_words(server: str) -> None:
    text = page(server)
    assert "Descent at any depth, through any parent" in text
    assert "jag:derivedFrom+ ?ancestor" in text
