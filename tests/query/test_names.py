"""A thing is found by any of its names, and never by accident."""

from __future__ import annotations

import pytest

from jagraph.core.errors import RequestError
from jagraph.core.namespaces import iri
from jagraph.graph.cache import Graph
from jagraph.query.name_resolver import Names, fold


@pytest.fixture(scope="module")
def names(tiny: Graph) -> Names:
    return Names.read(tiny.store)


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("ume", "family/ume"),
        ("UME", "family/ume"),
        ("梅モデル", "family/ume"),
        ("ume_7b", "model/ume-7b"),
        ("sakura/Ume-7b-chat", "model/ume-7b-chat"),
        ("https://huggingface.co/sakura/Ume-7b-chat", "model/ume-7b-chat"),
        ("Ency", "dataset/encyclopedia"),
        ("license/open", "license/open"),
        ("https://w3id.org/jagraph/license/open", "license/open"),
        ("Hanako Tanaka", "developer/tanaka"),
    ],
)
def test_found(names: Names, text: str, thing: str) -> None:
    assert names.find(text) == iri(*thing.split("/"))


def test_kind_bounds_the_search(names: Names) -> None:
    with pytest.raises(RequestError, match="nothing is called"):
        names.find("ume", ["dataset"])


def test_live_hub_ids_are_found(live: Graph) -> None:
    found = Names.read(live.store)
    assert found.find("meta-llama/Llama-2-7b-hf") == iri("model", "llama-2-7b")
    assert found.find("Llama 2", ["family", "model"]) == iri("family", "llama-2")
    assert found.find("llama-2", ["license"]) == iri("license", "llama-2")


def test_every_row_of_the_list_is_found_by_its_name(live: Graph) -> None:
    names = Names.read(live.store)
    asked = """
    SELECT ?thing ?name {
      ?thing a jag:ModelFamily ; jag:listing ?listing .
      { ?listing jag:row ?name } UNION { ?thing jag:name ?name }
    }
    """
    rows = list(live.store.select(asked).dicts())
    assert len(rows) > 400
    for row in rows:
        meant = names.meant(row["name"])
        assert row["thing"] in {*meant, names.families.get(meant[0])}, row["name"]
        # a dataset of the same name is asked for as often: then both are named
        assert {thing.split("/")[-2] for thing in meant} <= {"family", "model", "dataset"}
        assert len(meant) == 1 + any("/dataset/" in thing for thing in meant), row["name"]


def test_other_kinds_are_found_by_their_kind(live: Graph) -> None:
    names = Names.read(live.store)
    assert names.find("JMedRoBERTa") == iri("family", "jmedroberta")
    assert names.find("footnote/jmedroberta") == iri("footnote", "jmedroberta")
    assert names.find("JMedRoBERTa", ["footnote"]) == iri("footnote", "jmedroberta")


def test_search_ranks_whole_names_first(names: Names) -> None:
    assert names.search("ume")[0] == iri("family", "ume")


def test_fold_ignores_width_case_and_separators() -> None:
    assert fold("Ｕｍｅ‑7B_Chat") == fold("ume 7b-chat")
