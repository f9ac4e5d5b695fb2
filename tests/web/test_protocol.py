"""The endpoint against SPARQL 1.1 Protocol, over a real port."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
import rdflib
from tests.support.protocol import DESCRIBED, FAMILIES, NAMES

from jagraph.core.namespaces import ASSERTED, DERIVED, ONTOLOGY
from jagraph.web.negotiation import MEDIA_TYPES

pytestmark = pytest.mark.slow


SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def ask(server: str, query: str, accept: str = "*/*", **more: Any) -> httpx.Response:
    parameters = {"query": query, **more}
    return httpx.get(f"{server}/sparql", params=parameters, headers={"Accept": accept}, timeout=600)


def column(answer: httpx.Response) -> list[str]:
    found = answer.json()
    (name,) = found["head"]["vars"]
    return [row[name]["value"] for row in found["results"]["bindings"]]


def error(answer: httpx.Response) -> dict[str, Any]:
    (name,) = answer.json()
    assert name == "error"
    found: dict[str, Any] = answer.json()["error"]
    assert list(found) == ["code", "what", "where", "remedy", "messages"]
    return found


# --- three ways to send a query (2.1.1 to 2.1.3) ---------------------------------------------


def test_get_and_both_posts_give_the_same_answer(server: str) -> None:
    url = f"{server}/sparql"
    answers = [
        httpx.get(url, params={"query": FAMILIES}, timeout=600),
        httpx.post(url, data={"query": FAMILIES}, timeout=600),
        httpx.post(
            url,
            content=FAMILIES,
            headers={"Content-Type": "application/sparql-query; charset=utf-8"},
            timeout=600,
        ),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer.headers["content-type"] for answer in answers} == {
        "application/sparql-results+json"
    }
    assert [column(answer) for answer in answers] == [NAMES, NAMES, NAMES]


def test_a_byte_order_mark_before_a_query_is_no_part_of_it(server: str) -> None:
    url, marked = f"{server}/sparql", "\ufeff" + FAMILIES
    body = {"Content-Type": "application/sparql-query"}
    for answer in (
        httpx.get(url, params={"query": marked}, timeout=600),
        httpx.post(url, data={"query": marked}, timeout=600),
        httpx.post(url, content=marked.encode(), headers=body, timeout=600),
    ):
        assert answer.status_code == 200
        assert column(answer) == NAMES


def test_head_has_the_headers_of_get_and_no_body(server: str) -> None:
    got = ask(server, FAMILIES)
    head = httpx.head(f"{server}/sparql", params={"query": FAMILIES}, timeout=600)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize(
    ("method", "options", "status", "code"),
    [
        ("GET", {"params": {"query": "SELECT"}}, 400, "bad-sparql"),
        ("GET", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}, 400, "one-query"),
        ("GET", {"params": {"query": "ASK {}", "format": "pdf"}}, 400, "unknown-format"),
        ("GET", {"params": {"query": "INSERT DATA { <a:a> <a:a> 1 }"}}, 400, "bad-sparql"),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 403, "read-only"),
        ("POST", {"data": {"update": "CLEAR ALL"}}, 403, "read-only"),
        ("POST", {"data": {"other": "ASK {}"}}, 400, "one-query"),
        ("POST", {"content": "ASK {}"}, 415, "media-type"),
        ("POST", {"json": {"query": "ASK {}"}}, 415, "media-type"),
        ("PUT", {"content": "ASK {}"}, 405, "method-not-allowed"),
        ("DELETE", {}, 405, "method-not-allowed"),
    ],
)
def test_a_request_that_is_wrong_is_refused_with_the_status_that_says_why(
    server: str, method: str, options: dict[str, Any], status: int, code: str
) -> None:
    answer = httpx.request(method, f"{server}/sparql", timeout=600, **options)
    assert answer.status_code == status
    assert error(answer)["code"] == code
    assert error(answer)["remedy"]


@pytest.mark.parametrize(
    ("media_type", "content", "status"),
    [
        ("application/sparql-update", b"CLEAR ALL", 403),
        ("application/sparql-query", b"ASK { \xff }", 400),
        ("application/x-www-form-urlencoded", b"query=%FF", 400),
        ("application/sparql-query", b"ASK {} #" + b"x" * (1 << 20), 413),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused(
    server: str, media_type: str, content: bytes, status: int
) -> None:
    headers = {"Content-Type": media_type}
    answer = httpx.post(f"{server}/sparql", content=content, headers=headers, timeout=600)
    assert answer.status_code == status
    assert error(answer)["what"]


def test_a_method_that_is_not_allowed_is_told_which_are(server: str) -> None:
    assert httpx.put(f"{server}/sparql").headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_syntax_error_has_its_line_and_column(server: str) -> None:
    answer = ask(server, "SELECT *\nWHERE { ?s ?p }")
    assert answer.status_code == 400
    assert error(answer)["where"].startswith("query:2:1")


def test_an_endless_url_is_refused(server: str) -> None:
    answer = ask(server, "ASK {} #" + "x" * 20_000)
    assert answer.status_code == 414
    assert "POST" in error(answer)["remedy"]


# --- formats ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (FAMILIES, "*/*", "application/sparql-results+json"),
        (FAMILIES, "application/json", "application/sparql-results+json"),
        (FAMILIES, "application/sparql-results+xml", "application/sparql-results+xml"),
        (FAMILIES, "text/csv", "text/csv; charset=utf-8"),
        (FAMILIES, "text/*;q=0.5, text/csv;q=0", "text/tab-separated-values; charset=utf-8"),
        (FAMILIES, "text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
        (FAMILIES, "text/csv;q=0.2,application/xml;q=0.9", "application/sparql-results+xml"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        (DESCRIBED, "*/*", "text/turtle; charset=utf-8"),
        (DESCRIBED, "application/n-triples", "application/n-triples"),
        (DESCRIBED, "application/rdf+xml", "application/rdf+xml"),
        (DESCRIBED, "application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        ("DESCRIBE family:ume", "text/turtle", "text/turtle; charset=utf-8"),
    ],
)
def test_the_format_is_the_one_the_client_likes_most(
    server: str, query: str, accept: str, media_type: str
) -> None:
    answer = ask(server, query, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("query", "accept"),
    [(FAMILIES, "text/turtle"), (DESCRIBED, "text/csv"), (FAMILIES, "image/png")],
)
def test_an_answer_in_no_accepted_format_is_refused(server: str, query: str, accept: str) -> None:
    answer = ask(server, query, accept)
    assert answer.status_code == 406
    assert error(answer)["code"] == "not-acceptable"


@pytest.mark.parametrize(
    ("path", "query", "lines", "media_type"),
    [
        ("/sparql", "ASK { ?s ?p ?o }", ["text/boolean", "text/tab-separated-values;q=0.8"], "tsv"),
        ("/sparql", FAMILIES, ["x/y", "text/csv;q=0.1", "text/tab-separated-values"], "tsv"),
        ("/sparql", DESCRIBED, ["application/x-binary-rdf", "text/turtle"], "ttl"),
        ("/sparql", "", ["application/x-binary-rdf", "text/turtle;q=0.3, text/n3;q=0.1"], "ttl"),
        ("/model/ume-7b", "", ["application/x-foo", "text/turtle"], "ttl"),
        ("/query/developers", "", ["application/x-foo", "text/csv;q=0.2"], "csv"),
    ],
)
def test_several_accept_lines_are_one_list(
    server: str, path: str, query: str, lines: list[str], media_type: str
) -> None:
    def asked(accept: list[str]) -> httpx.Response:
        headers = [("Accept", line) for line in accept]
        given = {"query": query} if query else {}
        return httpx.get(f"{server}{path}", params=given, headers=headers, timeout=600)

    several, one = asked(lines), asked([", ".join(lines)])
    assert several.status_code == 200, several.text
    assert several.headers["content-type"] == MEDIA_TYPES[media_type]
    assert several.headers["content-type"] == one.headers["content-type"]


def test_every_header_that_is_a_list_may_stand_in_several_lines(server: str) -> None:
    tag = httpx.get(f"{server}/query/developers.csv", timeout=600).headers["etag"]
    lines = [
        *(("If-None-Match", '"other"'), ("If-None-Match", tag)),
        *(("Accept-Encoding", "br"), ("Accept-Encoding", "gzip")),
    ]
    assert httpx.get(f"{server}/query/developers.csv", headers=lines).status_code == 304
    zipped = httpx.get(f"{server}/queries", headers=lines)
    assert zipped.headers["content-encoding"] == "gzip"

    def language(*lines: str) -> str:
        headers = [("Accept", "text/html"), *(("Accept-Language", line) for line in lines)]
        found = re.search('<html lang="(..)"', httpx.get(f"{server}/", headers=headers).text)
        assert found
        return found[1]

    assert language("de", "ja") == "ja"
    assert language("de, fr;q=0.2", "ja-JP;q=0.9") == "ja"
    assert language("ja;q=0", "*;q=0.1") == "en"
    cookies = [("Accept", "text/html"), ("Cookie", "theme=dark"), ("Cookie", "lang=fr")]
    assert '<html lang="fr" data-theme="dark">' in httpx.get(f"{server}/", headers=cookies).text


@pytest.mark.parametrize("form", ["turtle", "nt", "json-ld", "xml"])
def test_every_format_of_a_graph_holds_the_same_triples(server: str, form: str) -> None:
    answer = ask(server, DESCRIBED, format=form)
    graph = rdflib.Graph().parse(
        data=answer.content, format=answer.headers["content-type"].partition(";")[0]
    )
    assert sorted(map(str, graph.objects())) == NAMES
    assert answer.headers["jagraph-rows"] == str(len(NAMES))


HARD = """SELECT ?a ?b { VALUES (?a ?b) {
  ("tab\\tnew\\nline \\"quoted\\", <b>&amp;" "日本"@ja) (UNDEF <http://example.org/?a=1&b=2>)
  ("1"^^xsd:integer "x\\\\y") ("" UNDEF) (UNDEF UNDEF) } }"""


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_hard_values_come_back_as_they_went(server: str, form: str) -> None:
    import io

    answer = ask(server, HARD, format=form)
    result = rdflib.query.Result.parse(io.BytesIO(answer.content), format=form)
    a, b = rdflib.Variable("a"), rdflib.Variable("b")
    found = [(row.get(a), row.get(b)) for row in result.bindings]
    xsd = rdflib.XSD.integer
    assert found == [
        (rdflib.Literal('tab\tnew\nline "quoted", <b>&amp;'), rdflib.Literal("日本", lang="ja")),
        (None, rdflib.URIRef("http://example.org/?a=1&b=2")),
        (rdflib.Literal("1", datatype=xsd), rdflib.Literal("x\\y")),
        (rdflib.Literal(""), None),
        (None, None),
    ]


def test_csv_is_quoted_as_rfc_4180_says(server: str) -> None:
    assert ask(server, HARD, format="csv").content.decode() == (
        'a,b\r\n"tab\tnew\nline ""quoted"", <b>&amp;",日本\r\n'
        ",http://example.org/?a=1&b=2\r\n1,x\\y\r\n,\r\n,\r\n"
    )


# --- the dataset (2.1.4) ---------------------------------------------------------------------


def size(server: str, query: str = COUNT, **graphs: Any) -> int:
    return int(column(ask(server, query, **graphs))[0])


def test_the_default_graph_is_everything_or_the_graphs_asked_for(server: str) -> None:
    key = "default-graph-uri"
    parts = [size(server, **{key: graph}) for graph in (ASSERTED, DERIVED, ONTOLOGY)]
    assert all(parts)
    assert size(server) == sum(parts)
    assert size(server, **{key: [ASSERTED, DERIVED]}) == parts[0] + parts[1]
    in_text = COUNT.replace("{", f"FROM <{ASSERTED}> FROM <{DERIVED}> {{", 1)
    assert size(server, in_text) == parts[0] + parts[1]


def test_the_protocols_dataset_goes_before_the_querys(server: str) -> None:
    in_text = COUNT.replace("{", f"FROM <{ASSERTED}> {{", 1)
    assert size(server, in_text, **{"default-graph-uri": DERIVED}) == size(
        server, **{"default-graph-uri": DERIVED}
    )


def test_named_graphs_are_those_asked_for(server: str) -> None:
    names = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    assert column(ask(server, names)) == sorted([ASSERTED, DERIVED, ONTOLOGY])
    assert column(ask(server, names, **{"named-graph-uri": DERIVED})) == [DERIVED]
    assert size(server, **{"named-graph-uri": DERIVED}) == 0
    in_text = names.replace("{", f"FROM NAMED <{ASSERTED}> {{", 1)
    assert column(ask(server, in_text)) == [ASSERTED]


def test_a_graph_that_is_not_there_is_an_error_that_lists_the_graphs(server: str) -> None:
    answer = ask(server, COUNT, **{"default-graph-uri": "http://example.org/g"})
    assert answer.status_code == 400
    assert ASSERTED in error(answer)["remedy"]


# --- description, sharing, caching -----------------------------------------------------------


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_without_a_query_the_service_describes_itself(server: str, accept: str) -> None:
    answer = httpx.get(f"{server}/sparql", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(accept)
    graph = rdflib.Graph().parse(data=answer.content, format=accept)
    service = rdflib.URIRef(f"{server}/sparql")
    assert (service, rdflib.RDF.type, SD.Service) in graph
    assert graph.value(service, SD.endpoint) == service
    assert set(graph.objects(service, SD.supportedLanguage)) == {
        SD.SPARQL10Query,
        SD.SPARQL11Query,
    }
    assert set(graph.objects(None, SD.name)) == set(
        map(rdflib.URIRef, (ASSERTED, DERIVED, ONTOLOGY))
    )
    assert set(graph.objects(service, SD.feature)) == {SD.UnionDefaultGraph}


def test_pages_of_other_sites_may_read_answers(server: str) -> None:
    origin = {"Origin": "https://example.org"}
    for answer in (
        httpx.get(f"{server}/sparql", params={"query": "ASK {}"}, headers=origin),
        httpx.get(f"{server}/sparql", params={"query": "SELECT"}, headers=origin),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    asked = origin | {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = httpx.options(f"{server}/sparql", headers=asked)
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]


def test_an_answer_the_client_has_is_not_sent_again(server: str) -> None:
    first = ask(server, FAMILIES)
    again = httpx.get(
        f"{server}/sparql",
        params={"query": FAMILIES},
        headers={"Accept": "*/*", "If-None-Match": first.headers["etag"]},
        timeout=600,
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_server_for_this_machine_does_not_answer_to_other_names(server: str) -> None:
    wrong = httpx.get(f"{server}/sparql", headers={"Host": "attacker.example"})
    assert wrong.status_code == 421
    assert error(wrong)["code"] == "wrong-host"
    right = httpx.get(f"{server}/sparql", headers={"Host": "localhost:1234"})
    assert right.status_code == 200


def test_behind_a_proxy_it_is_called_as_it_is_named_and_links_to_there(server: str) -> None:
    passed_on = {"Host": "graph.example", "X-Forwarded-Proto": "https"}
    answer = httpx.get(f"{server}/openapi.json", headers=passed_on)
    assert answer.json()["servers"] == [{"url": "https://graph.example"}]
    page = httpx.get(f"{server}/query/largest", headers=passed_on | {"Accept": "text/html"})
    assert 'href="https://graph.example/query/largest' in page.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { # \r SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE#>\n<http://127.0.0.1:1/>{?s ?p ?o} }",
        "SELECT * { ?a ?b model:a\\'b . SERVICE <http://127.0.0.1:1/> {} ?c ?d model:a\\'b }",
        "SELECT * { ?a ?b ?c FILTER(?b<'>')SERVICE <http://127.0.0.1:1/>{}FILTER(?b!='') }",
        "SELECT * { ?a ?b 1SERVICE<http://127.0.0.1:1/>{} }",
        "SELECT * { SERVICEmodel:a{} }",
    ],
)
def test_no_query_reaches_another_server(server: str, query: str) -> None:
    answer = ask(server, query)
    assert answer.status_code == 403
    assert error(answer)["code"] == "service-off"


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?license jag:licenseClass license-class:service-terms }",
        'ASK { FILTER("SERVICE <http://127.0.0.1:1/>" != "") }',
        "ASK { # SERVICE <http://127.0.0.1:1/>\n }",
        "ASK { ?service <http://example.org/service#x> 'service' } ",
    ],
)
def test_the_word_service_elsewhere_is_no_service(server: str, query: str) -> None:
    assert ask(server, query).status_code in (200,)
