"""Values of parameters that mean harm."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.support.project import TINY

from jagraph.core.project import find_project
from jagraph.query.catalogue import Parameter, SavedQuery, catalogue

BY_KIND: dict[str, tuple[SavedQuery, Parameter]] = {
    parameter.kind: (saved, parameter)
    for saved in catalogue(find_project(TINY)).values()
    for parameter in saved.parameters
}


STARTS = ["mountain", "mountain/", "family/mountain", "8192", "self", "non-commercial", ""]


BREAKS = ["} #", '" } {', "> } #", "\n", "\\", "'''", '"' * 3, "\0", "\u202e", "> ?x", "}}", "²"]


ENDS = ["", "mountain", "; DROP ALL", "?s ?p ?o", "#"]


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="ab0 ?{}<>#'\"\\\n\r$/:.|_,", max_size=40),
    st.tuples(*map(st.sampled_from, (STARTS, BREAKS, ENDS))).map("".join),
    st.sampled_from(["https://w3id.org/jagraph/family/mountain", *STARTS, "8,192"]),
)
