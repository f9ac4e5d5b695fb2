"""The endpoint asked by clients that are not ours: SPARQLWrapper, rdflib, curl."""

from __future__ import annotations

import json
import subprocess
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed
from tests.support.protocol import DESCRIBED, FAMILIES, NAMES

from jagraph.core.namespaces import ASSERTED

pytestmark = pytest.mark.slow


def wrapped(server: str, query: str, form: str, method: str = "GET") -> Any:
    client = SPARQLWrapper(f"{server}/sparql")
    client.setQuery("PREFIX jag: <https://w3id.org/jagraph/vocab#>\n" + query)
    client.setReturnFormat(form)
    client.setMethod(method)
    return client.query().convert()


def test_sparqlwrapper_reads_every_format(server: str) -> None:
    for method in ("GET", "POST"):
        rows = wrapped(server, FAMILIES, JSON, method)["results"]["bindings"]
        assert [row["name"]["value"] for row in rows] == NAMES
    assert len(wrapped(server, FAMILIES, XML).getElementsByTagName("result")) == len(NAMES)
    assert wrapped(server, FAMILIES, CSV).decode().split() == ["name", *NAMES]
    assert wrapped(server, FAMILIES, TSV).decode().split() == ["?name", *(f'"{n}"' for n in NAMES)]
    graph = rdflib.Graph().parse(data=wrapped(server, DESCRIBED, TURTLE), format="turtle")
    assert sorted(map(str, graph.objects())) == NAMES
    with pytest.raises(QueryBadFormed):
        wrapped(server, "SELECT", JSON)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflibs_store_asks_by_every_method(server: str, method: str) -> None:
    store = SPARQLStore(f"{server}/sparql", method=method)  # type: ignore[arg-type]
    graph = rdflib.Graph(store)
    jag = rdflib.Namespace("https://w3id.org/jagraph/vocab#")
    query = FAMILIES.replace("jag:", f"<{jag}>").replace(
        f"<{jag}>ModelFamily", f"<{jag}ModelFamily>"
    )
    query = query.replace(f"<{jag}>name", f"<{jag}name>")
    assert [str(row[0]) for row in graph.query(query)] == NAMES
    ume = rdflib.URIRef("https://w3id.org/jagraph/family/ume")
    assert str(graph.value(ume, jag.name)) == "Ume"


def curl(*arguments: str) -> str:
    command = ["curl", "-sS", "--max-time", "120", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def test_curl_asks_in_the_three_ways(server: str) -> None:
    url = f"{server}/sparql"
    expected = "name\r\n" + "".join(f"{name}\r\n" for name in NAMES)
    accept = ("-H", "Accept: text/csv")
    assert curl(f"{url}?query={quote(FAMILIES)}", *accept) == expected
    assert curl(url, *accept, "--data-urlencode", f"query={FAMILIES}") == expected
    direct = ("-H", "Content-Type: application/sparql-query", "--data-binary", FAMILIES)
    assert curl(f"{url}?{urlencode({'default-graph-uri': ASSERTED})}", *accept, *direct) == expected
    status = curl("-o", "/dev/null", "-w", "%{http_code}", "-X", "PATCH", url)
    assert status == "405"
    assert json.loads(curl("--compressed", f"{url}?query=ASK%7B%7D"))["boolean"] is True
