"""Whatever a value holds, it becomes one term in the one VALUES block, or it is refused."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from tests.support.hostile_values import BY_KIND, HOSTILE

from jagraph.core.errors import RequestError
from jagraph.graph.cache import Graph
from jagraph.query.binding import bound
from jagraph.query.name_resolver import Names
from jagraph.store.sparql_tokens import values_block


@pytest.fixture(scope="module")
def names(tiny: Graph) -> Names:
    return Names.read(tiny.store)


@pytest.mark.parametrize("kind", BY_KIND)
@given(value=HOSTILE)
@example(value="mountain> } #")
@example(value="https://w3id.org/jagraph/family/mountain> } ?s ?p ?o #")
@example(value="9" * 5000)
@settings(max_examples=50, deadline=None)
def test_a_value_is_one_term_or_refused(kind: str, value: str, tiny: Graph, names: Names) -> None:
    saved, parameter = BY_KIND[kind]
    try:
        text = bound(saved, {parameter.name: value}, tiny.store, names)
    except RequestError as refused:
        assert refused.remedy  # noqa: PT017, either may come
        return
    if not value and not parameter.required:
        assert text == saved.text
        return
    before, after = (values_block(query, parameter.variable) for query in (saved.text, text))
    assert before is not None
    assert after is not None
    assert text[: after[0]] == saved.text[: before[0]]
    assert text[after[1] :] == saved.text[before[1] :]
    term = text[after[0] : after[1]]
    alone = ox.Store().query(f"SELECT ?x WHERE {{ VALUES ?x {{ {term} }} }}")
    assert isinstance(alone, ox.QuerySolutions)
    assert len(list(alone)) == 1
    assert isinstance(ox.Store().query(text), ox.QuerySolutions)


@pytest.mark.parametrize("kind", BY_KIND)
def test_an_empty_value_leaves_out_only_what_may_be_left_out(
    kind: str, tiny: Graph, names: Names
) -> None:
    saved, parameter = BY_KIND[kind]
    if parameter.required:
        with pytest.raises(RequestError):
            bound(saved, {parameter.name: ""}, tiny.store, names)
    else:
        assert bound(saved, {parameter.name: ""}, tiny.store, names) == saved.text
