"""rdflib, which plans nothing, gives the answers of the embedded store, for every saved query."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from tests.support.project import ROOT
from tests.support.query_parameters import PARAMETERS

from jagraph.graph.cache import Graph
from jagraph.query.binding import bound
from jagraph.query.catalogue import find_query

pytestmark = pytest.mark.slow

NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def read(tiny: Graph) -> rdflib.Graph:
    triples = tiny.store.construct("CONSTRUCT WHERE { ?s ?p ?o }")
    written = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=written, format="nt")


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_answers_every_saved_query_alike(name: str, read: rdflib.Graph, tiny: Graph) -> None:
    text = bound(find_query(tiny.project, name), PARAMETERS.get(name, {}), tiny.store)
    ours = [[term and term.value for term in row] for row in tiny.store.select(text).rows]
    theirs = [[None if term is None else str(term) for term in row] for row in read.query(text)]
    assert theirs == ours
