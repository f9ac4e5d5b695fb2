"""Saved queries answered from the index; the ``.rq`` files are the definition.

Each function gives the rows of its file, in the same order. A file is recognised by a digest of its
tokens, whatever terms are bound: one that was changed is answered by the store, as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from jagraph.core.namespaces import PREFIXES
from jagraph.core.rdf_text import Value
from jagraph.inference.channels import DESCENT, WEIGHTS
from jagraph.sources.hub.index import UNDECIDED, Decision, Index
from jagraph.sources.hub.nodes import repository
from jagraph.store.base import Solutions
from jagraph.store.sparql_tokens import tokens, values_block

Row = tuple[Value, ...]
_MODEL = ("family", "familyName", "model", "modelName")
_TERMS = (*_MODEL, "answer", "basis", "license", "licenseName", "reason")
_ANCESTORS = (*_MODEL, "ancestor", "ancestorName", "relation")


def descendants(index: Index, base: str, follow: str) -> Solutions:
    """Answer ``descendants.rq``."""
    carriers = {"distillation": DESCENT, "weights": WEIGHTS}.get(follow)
    if carriers is None:
        return Solutions([*_MODEL, "relation"], [])
    below = np.flatnonzero(_below(index, base, carriers))
    rows = [
        (*model, relation)
        for model, relation in zip(_models(index, below), _relations(index, below), strict=True)
        if relation is not None
    ]
    return Solutions([*_MODEL, "relation"], rows)


def descendants_with_terms(index: Index, base: str, terms: str) -> Solutions:
    """Answer ``descendants-with-terms.rq``."""
    return _with_terms(index, _below(index, base), terms)


def models_with_terms(index: Index, terms: str) -> Solutions:
    """Answer ``models-with-terms.rq``."""
    return _with_terms(index, np.ones(len(index), bool), terms)


def ancestors(index: Index, asked: str) -> Solutions:
    """Answer ``ancestors.rq``."""
    rows: list[Row] = []
    for number in sorted(index.members(asked)):
        (model,) = _models(index, np.asarray([number]))
        relations: dict[int, set[str]] = {}
        for parent, kind in index.parents(number):
            relations.setdefault(parent, set()).add(kind.relation)
        above = np.flatnonzero(index.above([number]) > 0)
        named = [(index.model(one).name, index.model(one).iri, one) for one in above.tolist()]
        for name, iri, one in sorted(named):
            said = ", ".join(sorted(relations[one])) if one in relations else None
            rows.append(
                (
                    *model,
                    ox.NamedNode(iri),
                    ox.Literal(name),
                    None if said is None else ox.Literal(said),
                )
            )
    return Solutions(list(_ANCESTORS), rows)


# what answers which file: the variables of its VALUES blocks, and a digest of all else in it
_ANSWERED: tuple[tuple[Callable[..., Solutions], tuple[str, ...], str], ...] = (
    (ancestors, ("asked",), "789ea0608ff5694a"),
    (descendants, ("base", "follow"), "58623cacc342aeea"),
    (
        descendants_with_terms,
        ("base", "terms"),
        "37a2e5469a4c088b",
    ),
    (
        models_with_terms,
        ("terms",),
        "ae4cbc9663da477a",
    ),
)


def answer(query: str, index: Callable[[], Index]) -> Solutions | None:
    """Return the answer to ``query`` when it is a saved query the index answers, else None.

    ``index`` is called, to read it, only for such a query.
    """
    for function, variables, digest in _ANSWERED:
        frame, terms = _frame(query, variables)
        if frame and sha256(frame.encode()).hexdigest().startswith(digest):
            names = [_name(term) for term in terms]
            return None if None in names else function(index(), *names)
    return None


def _frame(query: str, variables: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the tokens of ``query`` without the contents of its VALUES blocks, and these."""
    terms = []
    for variable in variables:
        block = values_block(query, variable)
        if block is None:
            return "", []
        terms.append(query[block[0] : block[1]].strip())
        query = query[: block[0]] + query[block[1] :]
    return " ".join(token.text for token in tokens(query)), terms


def _name(term: str) -> str | None:
    """Return the IRI of one name as SPARQL writes it or a plain text, None for anything else."""
    if term[:1] == term[-1:] == '"' and term.count('"') == 2 and "\\" not in term:
        return term[1:-1]
    if term.startswith("<") and term.endswith(">") and " " not in term:
        return term[1:-1]
    prefix, colon, local = term.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and " " not in local else None


def _below(index: Index, base: str, carriers: int = DESCENT) -> NDArray[np.bool_]:
    """Tell of each model whether it comes from a model of ``base`` by edges of ``carriers``."""
    starts = index.members(base)
    distance = index.below(starts, carriers)
    found = distance > 0
    # a model of the base may descend from another one of it, on a cycle also from itself through it
    for start in starts:
        found[start] = len(starts) > 1 and bool(
            set(np.flatnonzero(index.above([start], carriers) > 0).tolist()) & set(starts)
        )
    return found


def _models(index: Index, numbers: NDArray[np.int64]) -> Iterator[tuple[Value, ...]]:
    """Yield family, its name, model and its name, as SPARQL terms."""
    named, literal = ox.NamedNode, ox.Literal
    curated = index.tables.curated
    prefix = repository("")
    for number, name in zip(numbers.tolist(), index.names(numbers), strict=True):
        known = curated.get(number)
        if known is None:
            iri, words = named(prefix + name), literal(name)
            yield iri, words, iri, words
        else:
            yield (
                named(known.family),
                literal(known.family_name),
                named(known.iri),
                literal(known.name),
            )


def _relations(index: Index, numbers: NDArray[np.int64]) -> Iterator[ox.Literal | None]:
    """Yield how each model comes from its parents, None for one without."""
    begins, ends = index.up_first[numbers].tolist(), index.up_first[numbers + 1].tolist()
    said: dict[bytes, ox.Literal | None] = {b"": None}
    for begin, end in zip(begins, ends, strict=True):
        kinds = index.up_kind[begin:end]
        key = kinds.tobytes()
        if key not in said:
            relations = {index.tables.kinds[kind].relation for kind in kinds.tolist()}
            said[key] = ox.Literal(", ".join(sorted(relations)))
        yield said[key]


def _with_terms(index: Index, among: NDArray[np.bool_], terms: str) -> Solutions:
    if terms not in index.tables.concerns:
        return Solutions(list(_TERMS), [])
    column = index.decisions[:, index.tables.concerns.index(terms)]
    decided = index.tables.decisions
    strength = np.asarray([one.strength for one in decided] + [0], np.int32)
    no = np.asarray([one.answer == "no" for one in decided] + [True])
    numbers = np.flatnonzero(among)
    found = column[index.profile[numbers]]
    kept = (found != UNDECIDED) & ~no[found]
    numbers, found = numbers[kept], found[kept]
    order = np.argsort(-strength[found], kind="stable")
    numbers, found = numbers[order], found[order]
    written = {number: _decision(decided[number]) for number in np.unique(found).tolist()}
    rows = [
        (*model, *written[number])
        for model, number in zip(_models(index, numbers), found.tolist(), strict=True)
    ]
    return Solutions(list(_TERMS), rows)


def _decision(one: Decision) -> Row:
    return (
        ox.Literal(one.answer),
        ox.Literal(one.basis),
        ox.NamedNode(one.license) if one.license else None,
        ox.Literal(one.license_name) if one.license_name else None,
        ox.Literal(one.reason),
    )
