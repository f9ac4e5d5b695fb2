"""An endpoint that misbehaves: what, where, what to do, exit code 3, and nothing half on stdout."""

from __future__ import annotations

import base64
import gzip
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.support.endpoint import HEAD, JSON, ROW, WHOLE, Handler, Script, Server
from tests.support.project import TINY, Run

from jagraph.core.errors import OutsideError, RequestError
from jagraph.graph.cache import Graph
from jagraph.query import result_formats
from jagraph.store import remote
from jagraph.store.endpoint_access import Access
from jagraph.store.http_client import Connection, Reply
from jagraph.store.remote import RemoteStore
from jagraph.store.upload import graph_store

pytestmark = pytest.mark.slow


XSD = "http://www.w3.org/2001/XMLSchema#"
SELECT = "SELECT ?a { ?a ?b ?c }"


@pytest.fixture
def endpoint() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.stopping.set()
        server.shutdown()
        thread.join()


def hang(handler: Handler) -> None:
    handler.server.stopping.wait(600)  # type: ignore[attr-defined]


def drip(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    handler.wfile.write(HEAD.encode())
    while not handler.server.stopping.wait(0.05):  # type: ignore[attr-defined]
        handler.wfile.write((ROW % 1 + ",").encode())


def drop(handler: Handler) -> None:
    handler.reply((HEAD + ROW % 1 + ",").encode(), Content_Length="10000")


def half(handler: Handler) -> None:
    handler.reply((HEAD + ROW % 1).encode())


def virtuoso_stops(handler: Handler) -> None:
    handler.reply(WHOLE, X_SQL_State="S1TAT", X_SQL_Message="anytime query limit")


FAULTS: dict[str, tuple[Script, str]] = {
    "hangs": (hang, "endpoint-timeout"),
    "drips for ever": (drip, "endpoint-timeout"),
    "drops in the middle": (drop, "endpoint-dropped"),
    "ends before the end": (half, "endpoint-unreadable"),
    "sends a web page": (
        lambda handler: handler.reply(b"<html>hello</html>", Content_Type="text/html"),
        "endpoint-unreadable",
    ),
    "sends garbage": (lambda handler: handler.reply(b"\0\1\2garbage"), "endpoint-unreadable"),
    "sends broken gzip": (
        lambda handler: handler.reply(b"no gzip", Content_Encoding="gzip"),
        "endpoint-dropped",
    ),
    "sends nothing": (lambda handler: handler.reply(b""), "endpoint-unreadable"),
    "has a fault": (lambda handler: handler.reply(b"stack overflow", 500), "endpoint-failed"),
    "is busy for long": (lambda handler: handler.reply(b"", 503), "endpoint-failed"),
    "is elsewhere": (
        lambda handler: handler.reply(b"", 302, Location="http://127.0.0.1:1/"),
        "endpoint-moved",
    ),
    "wants a password": (
        lambda handler: handler.reply(b"", 401, WWW_Authenticate="Basic"),
        "endpoint-denied",
    ),
    "stopped early": (virtuoso_stops, "endpoint-cut-off"),
    "has a limit of rows": (
        lambda handler: handler.reply(WHOLE, X_SPARQL_MaxRows="1"),
        "endpoint-cut-off",
    ),
}


def challenge(text: str) -> Script:
    return lambda handler: handler.reply(b"", 401, WWW_Authenticate=text)


def packed(content: bytes) -> Script:
    return lambda handler: handler.reply(content, Content_Encoding="gzip")


def unended(body: bytes, media_type: str) -> Script:
    """Send ``body`` and close the connection, which is the only sign of its end."""

    def script(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", media_type)
        handler.end_headers()
        handler.wfile.write(body)

    return script


def half_chunked(handler: Handler) -> None:
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(WHOLE), WHOLE))  # without the last chunk, 0
    handler.close_connection = True


FAULTS |= {
    **{
        f"answers {status}": (
            lambda handler, status=status: handler.reply(WHOLE, status),  # type: ignore[misc]
            "endpoint-cut-off",
        )
        for status in (201, 202, 203, 206, 226)
    },
    "ends before the last chunk": (half_chunked, "endpoint-dropped"),
    "cuts its gzip": (packed(gzip.compress(WHOLE)[:-9]), "endpoint-dropped"),
    "packs it as nobody asked": (
        lambda handler: handler.reply(WHOLE, Content_Encoding="br"),
        "endpoint-unreadable",
    ),
}
XML = "application/sparql-results+xml"
CHALLENGES = {
    "no realm": "Digest",
    "no value": "Digest realm",
    "an unknown algorithm": 'Digest realm="r", nonce="n", algorithm=SHA3',
    "another protection": 'Digest realm="r", nonce="n", qop="auth-int"',
    "a strange protection": 'Digest realm="r", nonce="n", qop="x"',
    "no digest at all": "Digestive",
    "a way of its own": "Negotiate",
}
TERMS = (
    ox.NamedNode("https://w3id.org/jagraph/model/a"),
    ox.Literal('a "quoted" <text> & more', language="en"),
    ox.Literal(5),
)


ASKING = [
    *(
        ["query", "descendants", "--base", "mountain", "--format", form]
        for form in result_formats.FORMATS
    ),
    *(["sparql", SELECT, "--format", form] for form in result_formats.FORMATS),
    ["search", "mountain"],
    ["show", "family/mountain"],
    ["terms", "Ume-7b"],
    ["lineage", "mountain"],
    ["draw", "mountain", "--format", "dot"],
    ["export", "--format", "nq"],
    ["chart", "licenses", "--format", "svg"],
    ["check", "Ume-7b", "--policy", "ship-a-product"],
    ["stats"],
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_endpoint_is_exit_code_3_and_no_half_table(
    fault: str, endpoint: Server, jagraph: Run
) -> None:
    endpoint.script, code = FAULTS[fault]
    patience = "2" if code == "endpoint-timeout" else "600"
    settings = {"JAGRAPH_ENDPOINT_TIMEOUT": patience, "JAGRAPH_ENDPOINT_RETRIES": "1"}
    done = jagraph("sparql", SELECT, "--endpoint", endpoint.url, "--project", TINY, env=settings)
    assert (done.returncode, done.stdout) == (3, "")
    what, where, remedy = done.stderr.splitlines()
    assert what.startswith(f"error[{code}]: ")
    assert where == f"  --> {endpoint.url}"
    assert remedy.startswith("  help: ")


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_no_verb_and_no_format_shows_a_part_of_an_answer(
    words: list[str], endpoint: Server, jagraph: Run
) -> None:
    endpoint.script, code = FAULTS["ends before the end"]
    done = jagraph(*words, "--endpoint", endpoint.url, "--project", TINY)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"error[{code}]: " in done.stderr


def test_half_an_answer_leaves_no_file(endpoint: Server, jagraph: Run, tmp_path: Path) -> None:
    endpoint.script = half
    words = ["sparql", SELECT, "--endpoint", endpoint.url, "--project", TINY]
    assert jagraph(*words, "-o", tmp_path / "answer.tsv").returncode == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", CHALLENGES)
def test_an_odd_challenge_is_a_refusal(kind: str, endpoint: Server) -> None:
    endpoint.script = challenge(CHALLENGES[kind])
    with pytest.raises(OutsideError) as caught:
        store(endpoint, user="u", password="p", retries=0).select(SELECT)  # noqa: S106
    assert caught.value.code == "endpoint-denied"


@pytest.mark.parametrize(
    "headers",
    [
        {"X_SPARQL_MaxRows": "9" * 5000},
        {"X_SPARQL_MaxRows": "²"},
        {"X_SPARQL_MaxRows": "many"},
        {"Retry_After": "9" * 5000},
        {"Age": "-1"},
    ],
)
def test_an_odd_number_in_a_header_is_passed_over(
    headers: dict[str, str], endpoint: Server
) -> None:
    coded = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    endpoint.script = lambda handler: handler.reply(WHOLE, **coded)
    assert next(store(endpoint).select(SELECT).dicts()) == {"a": "1"}


@pytest.mark.parametrize("words", [["chart", "parameters"], ["lineage", "mountain"]], ids=" ".join)
def test_a_number_that_is_none_is_wrong_data(
    words: list[str], endpoint: Server, jagraph: Run, tiny: Graph
) -> None:
    def script(handler: Handler) -> None:
        query = handler.fields["query"][0]
        found = tiny.store.select(query)
        rows = [
            [
                ox.Literal("many") if name == "count" else cell
                for name, cell in zip(found.variables, row, strict=True)
            ]
            for row in found.rows
        ]
        answer = {
            "head": {"vars": found.variables},
            "results": {
                "bindings": [
                    {
                        name: as_json(cell)
                        for name, cell in zip(found.variables, row, strict=True)
                        if cell is not None
                    }
                    for row in rows
                ]
            },
        }
        handler.reply(json.dumps(answer).encode())

    endpoint.script = script
    form = ["--format", "svg"] if words[0] == "chart" else []
    done = jagraph(*words, *form, "--endpoint", endpoint.url, "--project", TINY)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error[not-a-number]: the graph has 'many' where")


def as_json(value: object) -> dict[str, str]:
    if isinstance(value, ox.NamedNode):
        return {"type": "uri", "value": value.value}
    assert isinstance(value, ox.Literal)
    return {"type": "literal", "value": value.value}


def answered(query: str, form: str) -> bytes:
    """Return a whole answer to ``query``, as an engine writes it."""
    filled = ox.Store()
    for number, term in enumerate(TERMS):
        subject = ox.NamedNode(f"https://w3id.org/jagraph/model/{number}")
        filled.add(ox.Quad(subject, ox.NamedNode("https://w3id.org/jagraph/vocab#p"), term))
    found = filled.query(query)
    if isinstance(found, ox.QueryTriples):
        return found.serialize(format=remote._TRIPLES[form]) or b""
    return found.serialize(format=remote._RESULTS[form]) or b""


ROWS = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
WITH_AN_END = [
    *((query, form) for query in (ROWS, "ASK {}") for form in (JSON, XML)),
    (EVERYTHING, "application/rdf+xml"),
]
WITHOUT_AN_END = [(EVERYTHING, form) for form in ("application/n-triples", "text/turtle")]


def read(query: str, form: str, body: bytes, *, bounded: bool = True) -> object:
    """Return what the answer ``body``, cut or not, is taken for."""
    halves = iter([body[: len(body) // 2], body[len(body) // 2 :]])
    reply = Reply("http://endpoint", form, {}, halves, bounded)
    return remote._triples(reply) if query == EVERYTHING else remote._results(reply)


@pytest.mark.parametrize(("query", "form"), WITH_AN_END)
def test_an_answer_cut_at_any_byte_is_not_taken_for_the_whole(query: str, form: str) -> None:
    body = answered(query, form).rstrip()
    whole = read(query, form, body, bounded=False)
    assert whole is True or len(getattr(whole, "rows", whole)) == len(TERMS)
    for end in range(len(body)):
        with pytest.raises(OutsideError) as caught:
            read(query, form, body[:end], bounded=False)
        assert caught.value.code == "endpoint-unreadable"


@pytest.mark.parametrize(("query", "form"), WITHOUT_AN_END)
def test_triples_of_which_nobody_says_where_they_end_are_refused(query: str, form: str) -> None:
    body = answered(query, form)
    assert len(read(query, form, body)) == len(TERMS)  # type: ignore[arg-type]
    with pytest.raises(OutsideError, match="breaks off: nothing tells where it ends"):
        read(query, form, body, bounded=False)
    for end in range(len(body)):
        if not body[:end].rstrip().endswith(b".") and body[:end].strip():
            with pytest.raises(OutsideError):
                read(query, form, body[:end])


def test_triples_that_end_with_the_connection_are_refused(endpoint: Server) -> None:
    endpoint.script = unended(answered(EVERYTHING, "text/turtle"), "text/turtle")
    with pytest.raises(OutsideError) as caught:
        store(endpoint).construct(EVERYTHING)
    assert caught.value.code == "endpoint-unreadable"
    endpoint.script = unended(answered(ROWS, JSON), JSON)
    assert len(store(endpoint).select(ROWS).rows) == len(TERMS)


def test_a_packed_answer_is_read_member_by_member(endpoint: Server) -> None:
    middle = len(WHOLE) // 2
    endpoint.script = packed(gzip.compress(WHOLE[:middle]) + gzip.compress(WHOLE[middle:]))
    assert next(store(endpoint).select(SELECT).dicts()) == {"a": "1"}
    assert endpoint.asked[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("host", ["a..b", "x" * 64, "127.0.0.1:0", "127.0.0.1:99999"])
def test_a_host_that_cannot_be_is_not_reached(host: str) -> None:
    with pytest.raises(OutsideError) as caught:
        RemoteStore(f"http://{host}/", Access(retries=0)).select(SELECT)
    assert caught.value.code == "endpoint-unreachable"


def store(endpoint: Server, **access: object) -> RemoteStore:
    return RemoteStore(endpoint.url, Access(**({"timeout": 600.0} | access)))  # type: ignore[arg-type]


def test_a_server_that_is_busy_is_asked_again(endpoint: Server) -> None:
    endpoint.script = lambda handler: (
        handler.reply(WHOLE) if len(endpoint.asked) == 3 else handler.reply(b"", 503)
    )
    assert next(store(endpoint).select(SELECT).dicts()) == {"a": "1"}
    assert len(endpoint.asked) == 3


def test_as_many_attempts_as_told_and_the_last_answer_counts(endpoint: Server) -> None:
    endpoint.script = lambda handler: handler.reply(b"asleep", 503)
    with pytest.raises(OutsideError, match="HTTP 503: asleep"):
        store(endpoint, retries=1).select(SELECT)
    assert len(endpoint.asked) == 2


def test_a_server_is_given_the_time_it_asks_for(endpoint: Server) -> None:
    endpoint.script = lambda handler: (
        handler.reply(WHOLE)
        if len(endpoint.asked) == 2
        else handler.reply(b"", 429, Retry_After="1")
    )
    asking, begun = store(endpoint), time.monotonic()
    assert next(asking.select(SELECT).dicts()) == {"a": "1"}
    assert time.monotonic() - begun >= 1


@pytest.mark.parametrize(
    ("wait", "access"),
    [("11", {}), ("9" * 5000, {}), ("9", {"timeout": 8.0})],
    ids=["longer than jagraph waits", "for ever", "later than the answer may be"],
)
def test_a_server_that_wants_too_much_time_is_not_asked_again(
    wait: str, access: dict[str, float], endpoint: Server
) -> None:
    endpoint.script = lambda handler: handler.reply(b"", 503, Retry_After=wait)
    begun = time.monotonic()
    with pytest.raises(OutsideError, match="HTTP 503"):
        store(endpoint, retries=5, **access).select(SELECT)
    assert len(endpoint.asked) == 1
    assert time.monotonic() - begun < 8


def test_a_fault_of_the_server_is_not_asked_again(endpoint: Server) -> None:
    endpoint.script = lambda handler: handler.reply(b"", 500)
    with pytest.raises(OutsideError):
        store(endpoint).select(SELECT)
    assert len(endpoint.asked) == 1


def test_nothing_listens_there() -> None:
    with pytest.raises(OutsideError) as caught:
        RemoteStore("http://127.0.0.1:9/sparql", Access(retries=0)).select(SELECT)
    assert caught.value.code == "endpoint-unreachable"


@pytest.mark.parametrize(
    ("method", "query", "sent"),
    [
        ("auto", SELECT, "GET"),
        ("auto", SELECT + "#" * 3000, "POST"),
        ("get", SELECT + "#" * 3000, "GET"),
        ("post", SELECT, "POST"),
    ],
)
def test_get_or_post_as_told(method: str, query: str, sent: str, endpoint: Server) -> None:
    store(endpoint, method=method).select(query)
    assert endpoint.asked[0].command == sent
    assert endpoint.asked[0].fields["query"] == [query]
    graphs = ["asserted", "derived", "ontology"]
    for field in ("default-graph-uri", "named-graph-uri"):
        asked = endpoint.asked[0].fields[field]
        assert [graph.rpartition("/")[2] for graph in asked] == graphs


def test_prefixes_of_jagraph_are_declared_once(endpoint: Server) -> None:
    store(endpoint).select("PREFIX model: <urn:m:> SELECT ?a { ?a jag:name model:x, 'rdfs:no' }")
    sent = endpoint.asked[0].fields["query"][0]
    assert sent.startswith("PREFIX jag: <https://w3id.org/jagraph/vocab#>\nPREFIX model: <urn:m:>")
    assert sent.count("PREFIX") == 2


def test_a_password_is_sent_when_asked_for_and_kept_after(endpoint: Server) -> None:
    def guarded(handler: Handler) -> None:
        if "Authorization" in handler.headers:
            handler.reply(WHOLE)
        else:
            handler.reply(b"", 401, WWW_Authenticate='Basic realm="graph"')

    endpoint.script = guarded
    asking = store(endpoint, user="ume", password="sakura")  # noqa: S106
    for _ in range(2):
        assert asking.select(SELECT).rows
    sent = [handler.headers.get("Authorization") for handler in endpoint.asked]
    basic = "Basic " + base64.b64encode(b"ume:sakura").decode()
    assert sent == [None, basic, basic]


def test_a_token_comes_from_the_environment(endpoint: Server) -> None:
    access = Access.from_environment({"JAGRAPH_ENDPOINT_TOKEN": "t0k3n"})
    RemoteStore(endpoint.url, access).select(SELECT)
    assert endpoint.asked[0].headers["Authorization"] == "Bearer t0k3n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEOUT", "-1"),
        ("TIMEOUT", "nan"),
        ("TIMEOUT", "1e300"),
        ("RETRIES", "9" * 5000),
        ("METHOD", "put"),
        ("RETRIES", "99"),
        ("TOKEN", "é"),
    ],
)
def test_a_setting_out_of_range_is_refused(name: str, value: str) -> None:
    with pytest.raises(RequestError, match=f"JAGRAPH_ENDPOINT_{name}"):
        Access.from_environment({f"JAGRAPH_ENDPOINT_{name}": value})


@pytest.mark.parametrize(
    "url",
    [
        "http://ume:sakura@127.0.0.1/sparql",
        "ftp://ume:sakura@127.0.0.1/",
        "http://ume:sakura@[::1/sparql",
        "http://:80/sakura",
        "sakura",
    ],
)
def test_a_url_with_a_password_or_of_nothing_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(RequestError) as caught:
        RemoteStore(url)
    assert caught.value.code == "bad-endpoint"
    assert "sakura" not in str(caught.value)


def test_a_query_that_is_no_sparql_has_its_line_and_column(endpoint: Server) -> None:
    endpoint.script = lambda handler: handler.reply(b"malformed", 400)
    with pytest.raises(RequestError) as caught:
        store(endpoint).select("SELECT ?a {\n ?a ?b }")
    assert caught.value.code == "bad-sparql"
    assert str(caught.value.where).startswith("query:2:")


def test_a_query_that_is_sparql_and_refused_is_a_fault_of_the_endpoint(endpoint: Server) -> None:
    endpoint.script = lambda handler: handler.reply(b"no \x1b[31mpaths\nhere", 400)
    with pytest.raises(OutsideError) as caught:
        store(endpoint).select(SELECT)
    assert caught.value.code == "endpoint-refused"
    assert caught.value.what.endswith(": no [31mpaths")


def test_a_query_with_a_dataset_of_its_own_keeps_it(endpoint: Server) -> None:
    store(endpoint).select("SELECT ?a FROM <urn:g> { ?a ?b ?c }")
    assert "default-graph-uri" not in endpoint.asked[0].fields


def test_an_answer_is_read_while_it_arrives(endpoint: Server) -> None:
    """A fault in the first rows is found though the server never sends the last ones."""

    def broken_begin(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        handler.wfile.write((HEAD + ROW % 1 + "garbage" * 10_000).encode())
        hang(handler)

    endpoint.script = broken_begin
    with pytest.raises(OutsideError) as caught:
        store(endpoint).select(SELECT)
    assert caught.value.code == "endpoint-unreadable"


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("SELECT * { VALUES ?a { jag:x } ?a jag:p? ?b . ?c jag:q ?b }", True),
        ("SELECT * { VALUES ?a { <urn:x> } ?a (^<urn:p>/jag:p)* ?b . ?c jag:q ?b }", True),
        ("SELECT * { VALUES ?a { jag:x } ?b jag:p? ?a . ?c jag:q ?b }", False),
        ("SELECT * { VALUES ?a { jag:x } ?a jag:p+ ?b . ?c jag:q ?b }", False),
        ("SELECT * { VALUES ?a { 1 } ?c jag:q ?d FILTER(?a * 2 = ?d) }", False),
        ("SELECT * { ?a jag:p? ?b . ?c jag:q ?b }", False),
    ],
)
def test_an_engine_that_overlooks_a_value_is_not_asked_for_it(
    query: str, refused: bool, endpoint: Server
) -> None:
    store(endpoint).select(query)
    endpoint.traces = ("filled", "vocabulary", "united", "astray")
    asking = store(endpoint)
    if refused:
        with pytest.raises(OutsideError, match=r"overlooks VALUES \?a") as caught:
            asking.select(query)
        assert caught.value.code == "endpoint-astray"
    else:
        asking.select(query)
    assert len(endpoint.asked) == (1 if refused else 2)


@pytest.mark.parametrize(
    ("traces", "code"),
    [
        (("united", "vocabulary"), "endpoint-empty"),
        (("united", "filled"), "endpoint-empty"),
        (("united", "filled", "vocabulary", "loading"), "endpoint-half-loaded"),
        (("united", "filled", "vocabulary", "collated"), "endpoint-collated"),
        (("filled", "vocabulary"), "endpoint-parted"),
        (("united", "united", "filled", "vocabulary"), "endpoint-parted"),
    ],
)
def test_an_engine_that_does_not_see_one_whole_graph_is_not_asked(
    traces: tuple[str, ...], code: str, endpoint: Server
) -> None:
    endpoint.traces = traces
    with pytest.raises(OutsideError) as caught:
        store(endpoint).select(SELECT)
    assert (caught.value.code, endpoint.asked) == (code, [])


def test_a_truth_in_a_row_is_read_in_its_canonical_form(endpoint: Server) -> None:
    truth = {"type": "literal", "value": "1", "datatype": f"{XSD}boolean"}
    number = {"type": "literal", "value": "1", "datatype": f"{XSD}integer"}
    rows = [{"a": truth}, {"a": {**truth, "value": "0"}}, {"a": number}]
    answer = {"head": {"vars": ["a"]}, "results": {"bindings": rows}}
    endpoint.script = lambda handler: handler.reply(json.dumps(answer).encode())
    found = [row["a"] for row in store(endpoint).select(SELECT).dicts()]
    assert found == ["true", "false", "1"]


def test_the_truth_of_virtuoso_is_understood(endpoint: Server) -> None:
    answer = {
        "head": {"link": [], "vars": ["__ASK_RETVAL"]},
        "results": {"bindings": [{"__ASK_RETVAL": {"type": "literal", "value": "0"}}]},
    }
    endpoint.script = lambda handler: handler.reply(json.dumps(answer).encode())
    assert store(endpoint).ask("ASK { ?a ?b ?c }") is False


def test_an_engine_that_is_not_known_needs_the_url_of_its_graph_store(endpoint: Server) -> None:
    with pytest.raises(RequestError, match="not known") as caught:
        graph_store(Connection(Access(timeout=600)), endpoint.url)
    assert "--graph-store URL" in caught.value.remedy
