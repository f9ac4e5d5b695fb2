"""The rules' answers about uses against a computation in plain Python, on records and at random."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import ontology
from tests.support.recorded import concluded, records
from tests.support.rule_runs import LABEL, THING, TYPE, derived, node, triple
from tests.support.use_answers import (
    CARRIERS,
    LEAVING_MOST,
    NAMES,
    RESTRICTIONS,
    USES,
    WIDER,
    Derivation,
    Document,
    Model,
    Records,
    Statement,
    Term,
    answers,
)

from jagraph.core.namespaces import JAG
from jagraph.graph.cache import Graph
from jagraph.store.base import EmbeddedStore

pytestmark = pytest.mark.slow

Draw = Callable[[st.SearchStrategy[object]], object]
MODELS = tuple(f"{THING}model/m{number}" for number in range(5))
LICENSES = tuple(f"{THING}license/l{number}" for number in range(4))
FOOTNOTE = f"{THING}footnote/f"
RELATIONS = ("derivedFrom", "fineTunedFrom", "mergedFrom", "distilledFrom", "trainedOnOutputOf")
RIGHTS = ("use", "distribution", "derivative-works", "hosting", "use-outputs", "train-other-models")
OCCASIONS = ("use", "distribution", "hosting", "modification", "release", "training")
ACTIONS = {
    "permission": (*RIGHTS, *RIGHTS[:3], *RIGHTS[:3], "additional-terms"),
    "prohibition": (*RIGHTS, "commercial-use", "additional-terms"),
    "condition": (
        "threshold",
        "ask-first",
        "apply-first",
        "registration",
        "territory",
        "non-competing",
    ),
    "duty": ("notice", "naming", "share-alike", "use-policy", "pass-on-policy"),
    "risk": ("law",),
}


def test_the_computation_knows_what_the_ontology_has() -> None:
    assert set(USES) == ontology.concepts("use")
    assert set(WIDER) == ontology.concepts("purpose")
    assert set(NAMES) == ontology.concepts("may")
    restricting = ontology.ONTOLOGY.subjects(ontology.JAG.isRestriction)
    assert {ontology.local(action) for action in restricting} == RESTRICTIONS


def test_the_list_is_answered_as_computed(live: Graph) -> None:
    assert concluded(live.store) == answers(records(live.store))


def test_the_frozen_project_is_answered_as_computed(tiny: Graph) -> None:
    assert concluded(tiny.store) == answers(records(tiny.store))


@st.composite
def _terms(draw: Callable[..., object]) -> Term:
    rule = draw(
        st.sampled_from(("permission",) * 4 + ("prohibition", "condition", "duty", "duty", "risk"))
    )
    assert isinstance(rule, str)
    some = st.lists(st.sampled_from(("weights", "distillation", "outputs", "copies")), max_size=3)
    reaches = draw(st.one_of(st.just(["weights"]), st.just(["weights"]), some.filter(bool)))
    purposes = st.sampled_from(("", "", "", *WIDER))
    purpose = draw(purposes) if rule in ("permission", "prohibition", "condition") else ""
    limits = draw(st.lists(st.sampled_from(RIGHTS), max_size=2)) if rule == "condition" else []
    occasions = st.lists(st.sampled_from(OCCASIONS), min_size=1, max_size=3)
    due: object = []
    if rule in ("duty", "prohibition"):
        due = draw(occasions if rule == "duty" else st.one_of(st.just([]), occasions))
    return Term(
        rule,
        draw(st.sampled_from(ACTIONS[rule])),  # type: ignore[arg-type]
        tuple(sorted(set(reaches))),  # type: ignore[call-overload]
        purpose,  # type: ignore[arg-type]
        tuple(sorted(set(limits))),  # type: ignore[call-overload]
        tuple(sorted(set(due))),  # type: ignore[call-overload]
        draw(st.sampled_from((False, False, False, True))),  # type: ignore[arg-type]
        draw(st.booleans()) if rule == "prohibition" else False,  # type: ignore[arg-type]
    )


_GRANTS = tuple(Term("permission", right) for right in RIGHTS[:3])
_DOCUMENTS = st.builds(
    Document,
    st.one_of(
        st.lists(_terms(), max_size=6).map(tuple),
        st.lists(_terms(), max_size=3).map(lambda terms: (*_GRANTS, *terms)),
    ),
    st.sampled_from(("whole", "whole", "whole", "partly", "name", "no")),
    st.just(True),
    st.sampled_from((False, False, False, True)),
    st.lists(st.sampled_from(LICENSES), max_size=1).map(tuple),
)
_FOOTNOTES = st.lists(_terms().filter(lambda term: term.rule != "permission"), max_size=2).map(
    lambda terms: Document(tuple(terms), "", is_license=False)
)
_STATEMENTS = st.builds(
    Statement,
    st.lists(st.sampled_from(LICENSES), min_size=1, max_size=3, unique=True).map(tuple),
    st.booleans(),
    st.sampled_from((True, True, True, False)),
    st.sampled_from(((), (), (FOOTNOTE,))),
)
_DERIVATIONS = st.lists(
    st.builds(
        Derivation,
        st.sampled_from(MODELS),
        st.sampled_from(RELATIONS),
        st.sampled_from((True, True, False)),
    ),
    max_size=3,
    unique=True,
).map(tuple)


@st.composite
def _records(draw: Callable[..., object]) -> Records:
    documents: dict[str, Document] = {FOOTNOTE: draw(_FOOTNOTES)}  # type: ignore[dict-item]
    for name in LICENSES:
        documents[name] = draw(_DOCUMENTS)  # type: ignore[assignment]
    statements: dict[str, Statement] = {}
    models: dict[str, Model] = {}
    for name in MODELS:
        stated = draw(st.lists(_STATEMENTS, max_size=2))
        assert isinstance(stated, list)
        names = [f"{name}#licenses.{number}" for number in range(1, len(stated) + 1)]
        for own, statement in zip(names, stated, strict=True):
            several = len(statement.licenses) > 1
            statements[own] = Statement(
                statement.licenses,
                statement.to_choose and several,
                statement.certain,
                statement.footnotes,
            )
        if not names:
            names = [f"{name}#no-license"]
            statements[names[0]] = Statement()
        edges = draw(_DERIVATIONS)
        models[name] = Model(
            tuple(names),
            frozenset(draw(st.lists(st.sampled_from("ab"), max_size=2))),  # type: ignore[call-overload]
            tuple(edge for edge in edges if edge.parent != name),  # type: ignore[attr-defined]
            draw(st.sampled_from((False, False, False, True))),  # type: ignore[arg-type]
            draw(st.sampled_from((False,) * 7 + (True,))),  # type: ignore[arg-type]
        )
    lacking = {
        name: Model(m.statements, m.developers, m.derivations, m.is_service, False)
        for name, m in models.items()
        if not m.derivations
    }
    return Records(models | lacking, statements, documents)


def described(world: Records) -> list[ox.Triple]:
    """The triples that records of this content would give."""
    found: list[ox.Triple] = []

    def say(subject: str, key: str, *values: ox.NamedNode | ox.Literal) -> None:
        found.extend(triple(ox.NamedNode(subject), key, value) for value in values)

    for name, document in world.documents.items():
        say(name, TYPE, ox.NamedNode(JAG + ("License" if document.is_license else "Footnote")))
        say(name, LABEL, ox.Literal(name.rpartition("/")[2]))
        if document.is_license:
            say(name, "read", node("extent", document.read))
            kind = "service-terms" if document.is_service else "unknown"
            say(name, "licenseClass", node("license-class", kind))
            say(name, "mayBecome", *map(ox.NamedNode, document.may_become))
        for number, term in enumerate(document.terms, 1):
            place = f"{name}#terms.{number}"
            say(name, "term", ox.NamedNode(place))
            say(place, "rule", node("rule", term.rule))
            say(place, "action", node("action", term.action))
            say(place, "reach", *(node("reach", reach) for reach in term.reaches))
            say(place, "limits", *(node("action", right) for right in term.limits))
            say(place, "due", *(node("occasion", occasion) for occasion in term.due))
            if term.purpose:
                say(place, "purpose", node("purpose", term.purpose))
            say(place, "confidence", node("confidence", "low" if term.doubted else "high"))
            if term.leaves_most:
                say(place, "except", node("exception", min(LEAVING_MOST)))
            if term.action == "threshold":
                say(place, "threshold", ox.Literal("1M"))
                say(place, "thresholdOf", node("threshold", "monthly-users"))
            if term.action == "territory":
                say(place, "territory", node("territory", "eu"))
    for name, model in world.models.items():
        say(name, TYPE, ox.NamedNode(f"{JAG}Model"))
        say(name, LABEL, ox.Literal(name.rpartition("/")[2]))
        say(name, "inFamily", ox.NamedNode(name))
        say(name, "developedBy", *(node("developer", one) for one in sorted(model.developers)))
        if model.is_service:
            say(name, "availability", node("availability", "service"))
        for number, edge in enumerate(model.derivations):
            place = f"{name}#derivations.{number}"
            say(name, "derivation", ox.NamedNode(place))
            say(place, "parent", ox.NamedNode(edge.parent))
            say(place, "relation", ox.NamedNode(JAG + edge.relation))
            if not edge.certain:
                say(place, "certain", ox.Literal(False))
            if model.has_further_parent:
                say(place, "furtherParents", node("further-parents", "unknown"))
        for own in model.statements:
            statement = world.statements[own]
            if statement.licenses:
                say(name, "licenseStatement", ox.NamedNode(own))
                say(own, "statedBy", ox.NamedNode(name))
                say(own, "license", *map(ox.NamedNode, statement.licenses))
                say(own, "footnote", *map(ox.NamedNode, statement.footnotes))
            if len(statement.licenses) > 1:
                say(own, "joined", node("joining", "any" if statement.to_choose else "all"))
            if not statement.certain:
                say(own, "certain", ox.Literal(False))
    return found


@settings(max_examples=60)
@given(_records())
def test_the_rules_agree_with_the_computation(world: Records) -> None:
    assert set(CARRIERS) <= set(RELATIONS)
    store = EmbeddedStore(derived(described(world)))
    assert concluded(store) == answers(world)
