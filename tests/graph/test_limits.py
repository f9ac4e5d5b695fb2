"""What comes with a project, a question or an answer cannot crash, call out or run for ever."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.endpoint import Server
from tests.support.project import ROOT, TINY, Run

from jagraph.core.bounded_reader import LARGEST
from jagraph.core.errors import DataError, OutsideError, RequestError
from jagraph.core.project import find_project
from jagraph.domain.policy import read_policy
from jagraph.graph.validation import validate
from jagraph.query.catalogue import find_query
from jagraph.records.context import read_context
from jagraph.store.admission import admit
from jagraph.store.base import EmbeddedStore
from jagraph.store.remote import RemoteStore

pytestmark = pytest.mark.slow


LAUGHS = "a: &a0 [x]\n" + "".join(
    f"{letter}: &{letter}0 [{', '.join([f'*{before}0'] * 9)}]\n"
    for before, letter in zip("abcdefghijklmnop", "bcdefghijklmnopq", strict=True)
)
NESTS = {
    "parentheses": ("SELECT * { FILTER(", "(", "1", ")", ") }"),
    "braces": ("SELECT * { ", "{", "", "}", " }"),
    "optional": ("SELECT * { ", "OPTIONAL { ", "?s ?p ?o", " }", " }"),
    "exists": ("SELECT * { ", "FILTER EXISTS { ", "?s ?p ?o", " }", " }"),
    "brackets": ("SELECT * { ?s ?p ", "[ ?p ", "1", " ]", " }"),
    "lists": ("SELECT * { ?s ?p ", "( ", "1", " )", " }"),
    "functions": ("SELECT * { FILTER(", "STR(", "1", ")", ") }"),
    "signs": ("SELECT * { FILTER(", "!", "true", "", ") }"),
    "paths": ("SELECT * { ?s ", "(", "jag:name", ")*", " ?o }"),
    "triples": ("SELECT * { ?s ?p ", "<<( ?s ?p ", "1", " )>>", " }"),
    "in what may be an IRI": ("SELECT * { FILTER(?a<?b+", "(", "1", ")", ">1) }"),
    "escaped": ("SELECT * { FILTER(", "\\u0028", "1", "\\u0029", ") }"),
    "after a quote that is escaped": ('SELECT * { FILTER("\\u0022 \' "!=', "(", "1", ")", ") }"),
}
CHAINS = {
    "or": ("SELECT * { FILTER(", "?x || ", "?x) }"),
    "union": ("SELECT * { {}", " UNION {}", " }"),
    "filters": ("SELECT * { ", "FILTER(?s) ", "}"),
    "binds": ("SELECT * { ", "{ BIND(1 AS ?b) } ", "}"),
    "minus": ("SELECT * { ", "MINUS {?s ?p ?o} ", "}"),
    "path": ("SELECT * { ?s ", "jag:name/", "jag:name ?o }"),
}


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An HTTP server and the paths it was asked for."""
    reached: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_error(404)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", reached
        server.shutdown()


@pytest.fixture
def own(copy: Path) -> Path:
    """A project with an ontology of its own, as a clone has it."""
    (copy / "ontology").symlink_to(ROOT / "ontology")
    (copy / "queries").symlink_to(ROOT / "queries")
    return copy


def unlinked(folder: Path, name: str) -> Path:
    """Replace the link ``name`` in ``folder`` by links to what is in it, and return the folder."""
    target = folder / name
    inside = target.resolve()
    target.unlink()
    target.mkdir()
    for path in inside.iterdir():
        (target / path.name).symlink_to(path)
    return target


@pytest.mark.parametrize("nest", NESTS.values(), ids=list(NESTS))
@pytest.mark.parametrize("depth", [100, 20_000])
def test_nesting_is_refused_before_the_engine_sees_it(
    nest: tuple[str, str, str, str, str], depth: int
) -> None:
    before, opening, inner, closing, after = nest
    query = before + opening * depth + inner + closing * depth + after
    with pytest.raises(RequestError, match="more than 64 brackets or signs") as refused:
        EmbeddedStore(ox.Store()).answer(query)
    assert str(refused.value.where).startswith("query:1:")


@pytest.mark.parametrize("chain", CHAINS.values(), ids=list(CHAINS))
def test_chains_are_refused_before_the_engine_sees_them(chain: tuple[str, str, str]) -> None:
    before, link, after = chain
    with pytest.raises(RequestError, match="more than 1,000 operators and clauses"):
        EmbeddedStore(ox.Store()).answer(before + link * 20_000 + after)


def test_what_is_admitted_at_its_limit_does_not_end_the_process() -> None:
    asked = []
    for before, opening, inner, closing, after in NESTS.values():
        for depth in range(64, 20, -1):
            query = before + opening * depth + inner + closing * depth + after
            if is_admitted(query):
                if "[ " not in opening and "( " not in opening:  # planned for seconds
                    asked.append(query)
                break
    for name, (before, link, after) in CHAINS.items():
        if name != "path":  # planned for minutes
            asked += [q for n in (300, 900) if is_admitted(q := before + link * n + after)]
    asking = (
        "import json, sys, pyoxigraph\n"
        "for query in json.load(sys.stdin):\n"
        "    try: pyoxigraph.Store().query(query, prefixes={'jag': 'urn:'})\n"
        "    except SyntaxError: pass\n"
        "print('alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", asking], input=json.dumps(asked), text=True, capture_output=True
    )
    assert done.stdout == "alive\n"
    assert len(asked) > 15


def is_admitted(query: str) -> bool:
    try:
        admit(query)
    except RequestError:
        return False
    return True


@settings(max_examples=200)
@given(st.lists(st.sampled_from("({[)}]!<>'\"#\\ ?a\n,"), max_size=400).map("".join))
def test_no_disguise_hides_a_nest(noise: str) -> None:
    query = "SELECT * { FILTER(" + "(" * 70 + noise
    assert not is_admitted(query)


def test_many_values_are_no_chain() -> None:
    values = " ".join(f'"{number}" <http://e.example/a_({number})>' for number in range(20_000))
    found = EmbeddedStore(ox.Store()).select(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")
    assert len(found.rows) == 40_000


@pytest.mark.parametrize("update", ["LOAD <http://e.example/>", "DELETE WHERE { ?s ?p ?o }"])
def test_an_update_is_refused_everywhere(update: str) -> None:
    for store in (EmbeddedStore(ox.Store()), RemoteStore("http://127.0.0.1:1/")):
        with pytest.raises(RequestError, match="would change a graph"):
            store.answer(update)


def test_service_asks_nobody_unless_it_is_allowed(
    jagraph: Run, listener: tuple[str, list[str]]
) -> None:
    url, reached = listener
    query = f"SELECT * {{ SERVICE <{url}sparql> {{ ?s ?p ?o }} }}"
    refused = jagraph("sparql", query, "--project", TINY)
    assert refused.returncode == 2
    assert "error[service-off]" in refused.stderr
    assert "query:1:12" in refused.stderr
    assert "--allow-service" in refused.stderr
    assert not reached
    assert jagraph("sparql", "--allow-service", query, "--project", TINY).returncode != 0
    assert reached


def test_no_part_of_a_cloned_project_calls_out(
    own: Path, jagraph: Run, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, reached = listener
    called = f"SERVICE <{url}sparql> {{ ?node ?path ?value }}"
    ontology, queries = unlinked(own, "ontology"), unlinked(own, "queries")

    def refused(code: str, place: str, *words: str | Path) -> None:
        done = jagraph(*words, "--project", own)
        assert done.returncode in (1, 3), done.stderr
        assert f"error[{code}]" in done.stderr
        assert place in done.stderr
        assert not reached

    mine = tmp_path / "mine"
    mine.mkdir()
    text = f"#+ title: T?\n#+ description: D\nSELECT ?node WHERE {{\n  {called}\n}}\n"
    for folder in (mine, queries):
        (folder / "calling.rq").write_text(text, encoding="utf-8")
        words = ("--queries", mine) if folder == mine else ()
        refused("service-off", "calling.rq:4:3", "query", "calling", *words)
        (folder / "calling.rq").unlink()
    checks = unlinked(queries, "checks")
    (checks / "calling.rq").write_text(f"SELECT * {{\n  {called} }}", encoding="utf-8")
    refused("service-off", "checks/calling.rq:2:3", "validate")
    (checks / "calling.rq").unlink()
    shapes = (ROOT / "ontology/shapes.ttl").read_text(encoding="utf-8")
    (ontology / "shapes.ttl").unlink()
    for more in (
        f'[] sh:sparql [ sh:select "SELECT $this {{ SERVICE\\t<{url}x> {{ ?s ?p ?o }} }}" ] .',
        f"<urn:shapes> <http://www.w3.org/2002/07/owl#imports> <{url}more.ttl> .",
        f'[] sh:js [ sh:jsLibrary [ sh:jsLibraryURL "{url}code.js" ] ] .',
    ):
        (ontology / "shapes.ttl").write_text(f"{shapes}\n{more}\n", encoding="utf-8")
        refused("shape-runs-code", "shapes.ttl", "validate")
    (ontology / "shapes.ttl").write_text(shapes, encoding="utf-8")
    rules = unlinked(ontology, "rules")
    rule = f"CONSTRUCT {{ ?node ?path ?value }} WHERE {{\n{called} }}"
    (rules / "99-calling.rq").write_text(rule, encoding="utf-8")
    refused("service-off", "99-calling.rq:2:1", "stats")
    (rules / "99-calling.rq").unlink()
    (ontology / "context.jsonld").unlink()
    for context in (f'"{url}c"', f'{{"@import": "{url}c"}}', f'{{"a": {{"@context": "{url}c"}}}}'):
        (ontology / "context.jsonld").write_text(f'{{"@context": {context}}}', encoding="utf-8")
        refused("unreadable-context", "context.jsonld", "stats")


def test_a_context_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "context.jsonld"
    for opening, closing, depth in (
        ('{"a": {"@context": ', "}}", 20),
        ('{"a": {"@context": ', "}}", 500),
        ("[", "]", 100_000),
    ):
        path.write_text(f'{{"@context": {opening * depth}{{}}{closing * depth}}}', "utf-8")
        with pytest.raises(OutsideError, match="the JSON-LD context cannot be read"):
            read_context(path)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LAUGHS, "yaml-alias"),
        ("a: &a {b: *a}\n", "yaml-alias"),
        ("a: " + "[" * 900 + "]" * 900, "too-deep"),
        ("- " * 900 + "a", "too-deep"),
        ("a: " + "[" * 100_000, "bad-yaml"),
        ("name: " + "w" * (16 << 20), "too-large"),
    ],
    ids=["laughs", "circle", "brackets", "dashes", "libyaml", "large"],
)
def test_yaml_without_end_is_refused_wherever_it_is_read(
    text: str, code: str, copy: Path, tmp_path: Path
) -> None:
    record = copy / "data/models/hostile.yaml"
    record.write_text(text, encoding="utf-8")
    found = validate(find_project(copy))
    assert {issue.code for issue in found} == {code}
    assert {issue.position.file for issue in found} == {Path("data/models/hostile.yaml")}
    policy = tmp_path / "policy.yaml"
    policy.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_policy(policy, EmbeddedStore(ox.Store()))
    assert f"{policy}:1:" in str(refused.value.where) or f"{policy}:2:" in str(refused.value.where)
    mine = tmp_path / "mine"
    mine.mkdir()
    header = "".join(f"#+ {line}\n" for line in text.splitlines())
    (mine / "hostile.rq").write_text(f"{header}SELECT * {{}}", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        find_query(find_project(copy), "hostile", [mine])
    assert "hostile.rq:" in str(refused.value.where)


def test_a_query_file_of_many_megabytes_is_not_read(
    own: Path, jagraph: Run, tmp_path: Path
) -> None:
    large = tmp_path / "large.rq"
    large.write_text("ASK {}" + " " * LARGEST, encoding="utf-8")
    checks = unlinked(unlinked(own, "queries"), "checks")
    (checks / "large.rq").symlink_to(large)
    done = jagraph("validate", "--project", own)
    assert (done.returncode, "large.rq:1:1" in done.stderr) == (1, True)


A_SHAPE = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:shape> a sh:NodeShape ; sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ] .
"""


@pytest.mark.parametrize("opening", ["<<( <urn:s> <urn:p> ", "( ", "[ <urn:p> "])
def test_turtle_without_end_does_not_end_the_process(own: Path, jagraph: Run, opening: str) -> None:
    closing = {"<": " )>>", "(": ")", "[": "]"}[opening[0]]
    text = f"{A_SHAPE}<urn:s> <urn:p> {opening * 20_000} 1 {closing * 20_000} ."
    for name, verb in (("shapes.ttl", "validate"), ("jagraph.ttl", "stats")):
        ontology = (
            unlinked(own, "ontology") if (own / "ontology").is_symlink() else own / "ontology"
        )
        (ontology / name).unlink()
        (ontology / name).write_text(text, encoding="utf-8")
        done = jagraph(verb, "--project", own)
        assert done.returncode in (0, 1), done.stderr
        assert "error[bug]" not in done.stderr


TRIPLES = "<<( <urn:s> <urn:p> " * 20_000 + "<urn:o>" + " )>>" * 20_000
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 9}">' for n in range(1, 40))
RDF = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
XML = (
    f'<!DOCTYPE r [<!ENTITY a0 "w">{ENTITIES}]>{RDF}<r:Description><e:p>&a39;</e:p></r:Description>'
)


@pytest.mark.parametrize(
    ("media_type", "text", "why"),
    [
        ("application/n-triples", f"<urn:s> <urn:p> {TRIPLES} .", "64 triples within one another"),
        ("text/turtle", f"<urn:s> <urn:p> {TRIPLES} .", "64 triples within one another"),
        ("application/rdf+xml", f"{XML}</r:RDF>", "it declares XML entities"),
    ],
)
def test_an_endpoints_answer_without_end_is_refused(media_type: str, text: str, why: str) -> None:
    with Server() as endpoint:
        threading.Thread(target=endpoint.serve_forever, args=(0.02,)).start()
        endpoint.script = lambda handler: handler.reply(text.encode(), Content_Type=media_type)
        with pytest.raises(OutsideError, match=why):
            RemoteStore(endpoint.url).answer("CONSTRUCT WHERE { ?s ?p ?o }")
        endpoint.shutdown()


SLOW = (
    "CONSTRUCT { ?a ?b ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "FILTER(STR(?c) = CONCAT(STR(?f), STR(?i))) }"
)


@pytest.mark.parametrize("target", ["", "out.ttl"])
@pytest.mark.usefixtures("tiny")
def test_ctrl_c_ends_a_long_question_within_a_second(target: str, tmp_path: Path) -> None:
    words = [
        "sparql",
        SLOW,
        "--project",
        str(ROOT / "tests/tiny"),
        *(("-o", target) if target else ()),
    ]
    asked = subprocess.Popen(
        [sys.executable, "-m", "jagraph", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        until = time.monotonic() + 120
        while not is_computing(asked.pid) and time.monotonic() < until:
            time.sleep(0.1)
        assert asked.poll() is None
        asked.send_signal(signal.SIGINT)
        out, err = asked.communicate(timeout=60)
    finally:
        asked.kill()
    assert (asked.returncode, out, err) == (130, b"", b"stopped\n")
    assert list(tmp_path.iterdir()) == []


def is_computing(process: int) -> bool:
    """Tell whether ``process`` has the store open and has computed for a second since."""
    files = Path(f"/proc/{process}/fd")
    stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    computed = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    try:
        opened = any("/store/" in str(file.readlink()) for file in files.iterdir())
    except FileNotFoundError:  # one was closed meanwhile
        return False
    return opened and computed > 3


LAYER = "#+ layer: facts\n"
ENDLESS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"
FOUND = "SELECT ?node (COUNT(*) AS ?path) (1 AS ?value) (1 AS ?message) (1 AS ?help)"
IMPATIENT = """
import sys
import jagraph.core.time_limit
jagraph.core.time_limit.SECONDS = 1.0
from jagraph.__main__ import main
sys.argv = ["jagraph", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize(
    ("place", "query"),
    [
        ("ontology/rules/02-endless.rq", f"{LAYER}CONSTRUCT {{ ?a ?e ?i }} {{ {ENDLESS} }}"),
        ("queries/checks/endless.rq", f"{FOUND} {{ {ENDLESS} BIND(?a AS ?node) }} GROUP BY ?node"),
    ],
)
def test_a_rule_or_check_that_does_not_end_is_given_up_and_named(
    place: str, query: str, own: Path, tmp_path: Path
) -> None:
    outer, inner, name = place.split("/")
    (unlinked(unlinked(own, outer), inner) / name).write_text(query, encoding="utf-8")
    command = [sys.executable, "-c", IMPATIENT, "validate", "--project", str(own)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "JAGRAPH_CACHE": str(tmp_path / "cache")},
    )
    assert done.returncode == 1
    assert "error[too-long]: this query runs for more than 1 seconds" in done.stderr
    assert place in done.stderr
