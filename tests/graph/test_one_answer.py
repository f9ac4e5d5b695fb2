"""Every model has exactly one answer about each use; a build says where one is lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from jagraph.core.namespaces import DERIVED, JAG
from jagraph.core.project import find_project
from jagraph.graph.build import build, derive, read
from jagraph.graph.cache import Graph
from jagraph.graph.one_answer import wrong_answers
from jagraph.store.base import EmbeddedStore

UME = "https://w3id.org/jagraph/model/ume-7b"


def test_the_list_has_one_answer_per_model_and_use(live: Graph) -> None:
    assert wrong_answers(live.store) is None


def test_the_frozen_project_has_one_answer_per_model_and_use(tiny: Graph) -> None:
    assert wrong_answers(tiny.store) is None


@pytest.fixture
def store(copy: Path) -> ox.Store:
    """A store of its own, with all conclusions about the frozen project."""
    project = find_project(copy)
    store = ox.Store()
    derive(project, read(project), store)
    return store


def _answer(store: ox.Store, use: str) -> ox.Quad:
    about, key = ox.NamedNode(f"https://w3id.org/jagraph/use/{use}"), ox.NamedNode(f"{JAG}use")
    answers = ox.NamedNode(f"{JAG}useAnswer")
    (found,) = [
        quad
        for quad in store.quads_for_pattern(ox.NamedNode(UME), answers, None)
        if isinstance(quad.object, ox.NamedNode)
        and any(store.quads_for_pattern(quad.object, key, about))
    ]
    return found


def test_a_lost_answer_is_said(store: ox.Store) -> None:
    store.remove(_answer(store, "host"))
    assert wrong_answers(EmbeddedStore(store)) == "model/ume-7b has 0 answers about use/host"


def test_two_meanings_under_one_name_are_said(store: ox.Store) -> None:
    answer = _answer(store, "ship").object
    assert isinstance(answer, ox.NamedNode)
    other = ox.NamedNode("https://w3id.org/jagraph/may/yes")
    store.add(ox.Quad(answer, ox.NamedNode(f"{JAG}may"), other, ox.NamedNode(DERIVED)))
    said = wrong_answers(EmbeddedStore(store)) or ""
    assert "has 2 answers about use/ship" in said


def test_a_build_says_that_a_licence_without_a_record_leaves_uses_unanswered(copy: Path) -> None:
    (copy / "data/licenses/mountain.yaml").unlink()
    said: list[str] = []
    build(find_project(copy), said.append)
    assert any("has 0 answers about" in text for text in said)
