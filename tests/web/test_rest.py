"""Saved queries and things as data, over a real port; the description of the API."""

from __future__ import annotations

import httpx
import pytest
import rdflib
from openapi_spec_validator import validate

UME = rdflib.URIRef("https://w3id.org/jagraph/family/ume")
NAME = rdflib.URIRef("https://w3id.org/jagraph/vocab#name")


def get(server: str, path: str, accept: str = "*/*") -> httpx.Response:
    return httpx.get(f"{server}{path}", headers={"Accept": accept}, timeout=600)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/family/ume.ttl", "*/*"),
        ("/family/ume", "text/turtle"),
        ("/family/ume", "text/*;q=0.1,application/ld+json"),
    ],
)
def test_a_thing_is_described_in_the_format_asked_for(server: str, path: str, accept: str) -> None:
    answer = get(server, path, accept)
    media_type = answer.headers["content-type"].partition(";")[0]
    form = "json-ld" if media_type == "application/ld+json" else "turtle"
    graph = rdflib.Graph().parse(data=answer.content, format=form)
    assert str(graph.value(UME, NAME)) == "Ume"
    assert answer.headers["content-location"].startswith("/family/ume.")


def test_a_thing_that_is_not_there_is_404_with_the_nearest(server: str) -> None:
    answer = get(server, "/family/umme.ttl")
    assert answer.status_code == 404
    assert "ume" in answer.json()["error"]["remedy"]


def test_the_api_describes_itself_validly(server: str) -> None:
    validate(get(server, "/openapi.json").json())


@pytest.mark.parametrize("hostile", ['"> } UNION { ?s ?p ?o', "'; DROP", "<script>", "日本\u0000"])
def test_a_hostile_value_is_refused_as_a_value(server: str, hostile: str) -> None:
    answer = httpx.get(f"{server}/query/descendants.json", params={"base": hostile}, timeout=600)
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["code"] in ("unknown-name", "bad-parameter")


def test_the_sparql_of_a_saved_query_can_be_had(server: str) -> None:
    answer = get(server, "/query/descendants.rq?base=mountain")
    assert answer.status_code == 200
    assert "/mountain" in answer.text
