"""Foreign engines give the answers of the embedded store, for every saved query."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest
from tests.support.project import ROOT, TINY, Run
from tests.support.query_parameters import PARAMETERS
from tests.support.triplestores import comunica, oxigraph, virtuoso

from jagraph.cli.verbs import cli
from jagraph.core.errors import OutsideError
from jagraph.core.namespaces import DERIVED
from jagraph.graph.build import derive, read
from jagraph.graph.cache import Graph
from jagraph.graph.export import export, triples_as_turtle
from jagraph.query.binding import bound
from jagraph.query.catalogue import catalogue
from jagraph.records.context import read_context
from jagraph.store.base import EmbeddedStore, Store, statements
from jagraph.store.endpoint_access import Access
from jagraph.store.http_client import Connection
from jagraph.store.remote import RemoteStore
from jagraph.store.upload import graph_store, upload

EMPTY: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
}
PATIENT = Access(user="dba", password="dba", timeout=600)  # noqa: S106, Virtuoso's as it comes
ENVIRONMENT = {
    "JAGRAPH_ENDPOINT_USER": PATIENT.user,
    "JAGRAPH_ENDPOINT_PASSWORD": PATIENT.password,
    "JAGRAPH_ENDPOINT_TIMEOUT": "600",
}
FROM_A_VALUE = """
SELECT DISTINCT ?model {
  VALUES ?base { family:mountain } ?base jag:hasModel? ?root . ?model jag:descendsFrom ?root
}
"""
EVERYTHING = "SELECT ?a { ?a ?b ?c }"
VERBS = [
    ["query", "descendants", "--base", "mountain"],
    ["sparql", "CONSTRUCT { ?m a jag:Model } WHERE { ?m a jag:Model }"],
    ["search", "mountain"],
    ["show", "family/mountain"],
    ["terms", "Ume-7b"],
    ["lineage", "mountain", "--down", "--format", "tsv"],
    ["draw", "mountain", "--down", "--format", "dot"],
    ["export", "--format", "nq"],
    ["stats"],
]


@pytest.fixture(scope="module", params=[*EMPTY, "comunica"])
def engine(
    request: pytest.FixtureRequest, tiny: Graph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The endpoint of an engine with the frozen project, loaded by the verb where it can be."""
    folder = tmp_path_factory.mktemp(request.param)
    start = EMPTY.get(request.param)
    with (
        start(folder) if start else comunica(folder, as_file(tiny)) as url,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        if start:
            words = ["load", "--endpoint", url, "--project", str(TINY), "-q"]
            cli.main(words, standalone_mode=False)
        yield url


def as_file(graph: Graph) -> bytes:
    """Return the file that the README makes for an engine that reads one."""
    merged = triples_as_turtle(graph.store.construct("CONSTRUCT WHERE { ?s ?p ?o }"))
    return merged + export(graph.store, "trig", read_context(graph.project.context))


@pytest.fixture(scope="module")
def remote(engine: str) -> RemoteStore:
    return RemoteStore(engine, PATIENT)


def different(one: Store, other: Graph) -> list[str]:
    """Return the saved queries to which ``one`` has other rows than ``other``, or another order."""
    asked = {
        name: bound(query, PARAMETERS.get(name, {}), other.store)
        for name, query in catalogue(other.project).items()
    }
    answers = {name: other.store.select(text).rows for name, text in asked.items()}
    assert sum(map(bool, answers.values())) > len(answers) * 0.9
    return [name for name, text in asked.items() if one.select(text).rows != answers[name]]


def test_memory_answers_every_saved_query_like_the_disk(tiny: Graph) -> None:
    store = ox.Store()
    derive(tiny.project, read(tiny.project), store)
    assert different(EmbeddedStore(store), tiny) == []


def test_an_engine_answers_every_saved_query_like_the_disk(
    remote: RemoteStore, tiny: Graph
) -> None:
    assert different(remote, tiny) == []


def test_an_engine_gives_back_every_triple(remote: RemoteStore, tiny: Graph) -> None:
    assert statements(remote) == statements(tiny.store)


def test_an_engine_sees_the_graphs_as_one(remote: RemoteStore, tiny: Graph) -> None:
    """Comunica would give the end of a path of length 0 once for each graph."""
    query = "SELECT ?model { family:mountain jag:hasModel? ?model } ORDER BY ?model"
    assert remote.select(query).rows == tiny.store.select(query).rows


def test_an_engine_tells_truth(remote: RemoteStore) -> None:
    assert remote.ask("ASK { ?model a jag:Model }")
    assert not remote.ask("ASK { ?model a jag:Nothing }")


def test_an_engine_answers_a_path_from_a_value_rightly_or_not_at_all(
    remote: RemoteStore, tiny: Graph
) -> None:
    """Virtuoso overlooks the value, and says nothing of it."""
    turned = FROM_A_VALUE.replace("?base jag:hasModel? ?root", "?root (^jag:hasModel)? ?base")
    right = len(tiny.store.select(FROM_A_VALUE).rows)
    assert len(remote.select(turned).rows) == right
    try:
        found: object = len(remote.select(FROM_A_VALUE).rows)
    except OutsideError as refused:
        found = refused.code
    assert found in (right, "endpoint-astray")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_a_verb_says_the_same_of_an_endpoint(verb: list[str], engine: str, jagraph: Run) -> None:
    here = jagraph(*verb, "--project", TINY)
    there = jagraph(*verb, "--project", TINY, "--endpoint", engine)
    assert (there.returncode, there.stderr.count("error")) == (0, 0), there.stderr
    assert there.stdout == without_lines(here.stdout) != ""


def without_lines(text: str) -> str:
    """Return ``text`` without the places of records, which an endpoint does not know."""
    return re.sub(r"^data/\S+:\d+\n|  (@\d+|data/\S+:\d+:\d+)$", "", text, flags=re.MULTILINE)


def test_the_commands_of_the_document_fill_an_engine_and_ask_it(
    tmp_path: Path, jagraph: Run
) -> None:
    document = (ROOT / "docs/engines.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^export (JAGRAPH_ENDPOINT_USER.*?)^```$", document, re.M | re.S)
    settings, *commands = (line.partition("    #")[0] for line in block.splitlines())
    env = dict(setting.split("=") for setting in settings.split())
    with oxigraph(tmp_path) as url:
        for command in commands:
            for shown in ("http://localhost:7878/query", "http://localhost:3030/list/sparql"):
                command = command.replace(shown, url)
            command = command.replace("http://localhost:3030/list/data", urljoin(url, "/store"))
            _, *args = shlex.split(command.replace("llama-2", "mountain"))
            done = jagraph(*args, "--project", TINY, env={**ENVIRONMENT, **env})
            assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 1


class Cut(Connection):
    """A connection that breaks at the fourth request: in the middle of the first graph."""

    left = 4

    def send(
        self, method: str, url: str, fields: Mapping[str, str], content: bytes, media_type: str
    ) -> None:
        self.left -= 1
        if not self.left:
            raise OutsideError("endpoint-dropped", "the cable is cut")
        super().send(method, url, fields, content, media_type)


def test_a_store_answers_only_when_all_is_there(tmp_path: Path, tiny: Graph) -> None:
    with oxigraph(tmp_path) as url:
        whole = Connection(PATIENT)
        target = graph_store(whole, url)
        with pytest.raises(OutsideError) as empty:
            RemoteStore(url, PATIENT).select(EVERYTHING)
        with pytest.raises(OutsideError, match="cable"):
            upload(tiny.store, Cut(PATIENT), target, print, portion=100)
        with pytest.raises(OutsideError) as half:
            RemoteStore(url, PATIENT).select(EVERYTHING)
        assert (empty.value.code, half.value.code) == ("endpoint-empty", "endpoint-half-loaded")
        stale = b"<urn:a> <urn:b> <urn:c> ."
        whole.send("POST", target, {"graph": DERIVED}, stale, "text/turtle")
        sent = upload(tiny.store, whole, target, print)
        assert statements(RemoteStore(url, PATIENT)) == statements(tiny.store)
        assert sent > len(statements(tiny.store))
