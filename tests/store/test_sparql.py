"""The tokeniser finds the one VALUES block, whatever else looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jagraph.store.sparql_tokens import bind, tokens, values_block

HOSTILE = [
    "# VALUES ?x { <a> }\nSELECT * { VALUES ?x { <b> } }",
    'SELECT * { FILTER("VALUES ?x { <a> }" != ?y) VALUES ?x { <b> } }',
    "SELECT * { FILTER('''VALUES ?x { } }''' != ?y) VALUES ?x { <b> } }",
    "SELECT * { ?s <http://e/VALUES#?x{> ?o } ",
    "SELECT * { values $x {\n <b> # } not here\n } }",
    "SELECT * { VALUES ?xy { <a> } VALUES ?x { <b> } }",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_only_the_real_block_is_replaced(query: str) -> None:
    if values_block(query, "x") is None:
        with pytest.raises(ValueError, match="VALUES"):
            bind(query, "x", "<c>")
        return
    done = bind(query, "x", "<c>")
    assert "<c>" in done
    assert "<b>" not in done
    assert done.count("<a>") == query.count("<a>")


@given(st.text(alphabet="ab ?{}<>#'\"\\\n$VALUESx", max_size=60))
def test_tokens_are_where_they_say(query: str) -> None:
    for token in tokens(query):
        assert query[token.start : token.end] == token.text


@given(st.text(max_size=20))
def test_a_bound_string_never_leaves_its_place(value: str) -> None:
    import pyoxigraph as ox

    query = "SELECT ?x WHERE { VALUES ?x { UNDEF } }"
    rows = list(ox.Store().query(bind(query, "x", str(ox.Literal(value)))))  # type: ignore[arg-type]
    assert [row[0].value for row in rows] == [value]  # type: ignore[index,union-attr]
