"""Questions asked for the first time in their words, each by a fresh process on a warm cache.

Every round asks about another thing, so that no answer can be one that was given before. The
oxigraph command and the rdflib script are asked for the bare rows of the same question in SPARQL.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

from benchmarks.frame import JAGRAPH, Row, command, in_turn

from jagraph import Graph, open_graph, saved_queries
from jagraph.core.namespaces import PREFIXES, shorten
from jagraph.query.binding import bound

ROOT = Path(__file__).parents[1]
_ROUNDS, _SLOW_ROUNDS = 11, 1
_SEED = 1
_SCRIPT = """
import rdflib, sys
graph = rdflib.Graph().parse(sys.argv[1], format="turtle")
print(len(list(graph.query(open(sys.argv[2]).read()))))
"""
_PARENTS = "SELECT DISTINCT ?it { ?child jag:descendsFrom ?it . ?it a jag:Model }"
_CHILDREN = "SELECT DISTINCT ?it { ?it jag:descendsFrom ?parent ; jag:inFamily ?family }"
_JUDGED = "SELECT DISTINCT ?it { ?it a jag:Model ; jag:verdict ?verdict }"
_FAMILIES = "SELECT ?it ?name { ?it a jag:ModelFamily ; jag:name ?name }"
_SEARCH = """
SELECT DISTINCT ?it ?name {{
  ?it jag:name|jag:hubId|skos:altLabel|skos:prefLabel ?name
  FILTER(CONTAINS(LCASE(STR(?name)), "{}"))
}}
"""
_SHOW = """
SELECT ?about ?property ?value {{
  {{ BIND(<{0}> AS ?about) }} UNION {{ <{0}> jag:hasModel ?about }}
  ?about ?property ?value
}}
"""
_TERMS = """
SELECT ?concern ?answer ?reason {{
  <{}> jag:verdict ?verdict .
  ?verdict jag:concern ?concern ; jag:answer ?answer ; jag:reason ?reason
}}
"""


@dataclass(frozen=True)
class Question:
    """One kind of question: the words of the command and the SPARQL for each thing to ask about."""

    name: str
    words: Callable[[str], Sequence[str]]
    sparql: Callable[[str], str]
    things: Sequence[str]


def measure(oxigraph: str | None) -> Iterator[Row]:
    """Yield a row for each question; ``oxigraph`` is the program of that name, where there is one.

    The first contender, with which the others are compared, is a Python that does nothing.
    """
    bare = command(sys.executable, "-c", "pass")
    with tempfile.TemporaryDirectory() as folder, open_graph(ROOT) as graph:
        turtle, quads, store = (Path(folder) / name for name in ("all.ttl", "all.nt", "store"))
        for target in (turtle, quads):
            command(JAGRAPH, "export", "-q", "--project", ROOT, "-o", target)()
        if oxigraph:
            command(oxigraph, "load", "--location", store, "--file", quads)()
        for question in _questions(graph):
            files = _written(question, Path(folder))
            warm, *asked = (
                command(JAGRAPH, *question.words(thing), "-q") for thing in question.things
            )
            warm()
            contenders = {"python -c pass": bare, "jagraph": _one_by_one(asked)}
            if oxigraph:
                contenders["oxigraph query"] = _one_by_one(
                    [
                        command(
                            oxigraph, "query", "--location", store, "--query-file", file,
                            "--results-format", "tsv",
                        )
                        for file in files[1:]
                    ]
                )  # fmt: skip
            row = in_turn(contenders, _ROUNDS)
            script = [command(sys.executable, "-c", _SCRIPT, turtle, file) for file in files[1:]]
            slow = in_turn({"bare": bare, "script": _one_by_one(script)}, _SLOW_ROUNDS)
            yield Row(question.name, 0, row | {"rdflib script": slow["script"]})


def _questions(graph: Graph) -> Iterator[Question]:
    queries = saved_queries(graph)

    def saved(name: str, parameter: str) -> Callable[[str], str]:
        return lambda thing: bound(queries[name], {parameter: thing}, graph.store)

    parents, children = _some(graph, _PARENTS), _some(graph, _CHILDREN)
    judged, families = _some(graph, _JUDGED), _some(graph, _FAMILIES)
    for form in ("tsv", "csv", "json"):
        words = ("query", "descendants", "--format", form, "--base")
        yield Question(
            f"query descendants, {form}",
            lambda thing, words=words: (*words, thing),  # type: ignore[misc]
            saved("descendants", "base"),
            parents,
        )
    parts = [thing.partition("/")[2].partition("-")[0][:5] for thing in families]
    yield Question("search", lambda part: ("search", part), _SEARCH.format, parts)
    full = f"{PREFIXES['family'].removesuffix('family/')}{{}}"
    yield Question(
        "show", lambda thing: ("show", thing), lambda it: _SHOW.format(full.format(it)), families
    )
    yield Question(
        "lineage", lambda thing: ("lineage", thing, "--up"), saved("ancestors", "model"), children
    )
    yield Question(
        "terms", lambda thing: ("terms", thing), lambda it: _TERMS.format(full.format(it)), judged
    )


def _some(graph: Graph, query: str) -> list[str]:
    """Return as many things as there are rounds, and one to begin with; the same for the seed."""
    found = sorted(shorten(row["it"]) for row in graph.select(query).dicts())
    return Random(_SEED).sample(found, _ROUNDS + 1)


def _written(question: Question, folder: Path) -> list[Path]:
    """Write the SPARQL of ``question`` for each of its things, with the prefixes it needs."""
    head = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in PREFIXES.items())
    files = []
    for number, thing in enumerate(question.things):
        files.append(folder / f"{number}.rq")
        files[-1].write_text(head + question.sparql(thing), encoding="utf-8")
    return files


def _one_by_one(acts: Sequence[Callable[[], None]]) -> Callable[[], None]:
    """Return an act that is another one of ``acts`` each time."""
    following = cycle(acts)
    return lambda: next(following)()
