"""The SHACL engine for large data reports what pyshacl reports, result by result."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks.engines import by_pyshacl, by_shacl, repeat_list
from tests.support.project import ROOT, TINY
from tests.support.shape_faults import constraints, faults

from jagraph.core.project import find_project
from jagraph.graph.build import read
from jagraph.records.record_types import KINDS

pytestmark = pytest.mark.slow


SHAPES = ROOT / "ontology/shapes.ttl"
PROJECTS = [TINY, *sorted(path for path in (ROOT / "tests/broken").iterdir() if path.is_dir())]
_KINDS = "|".join([kind.namespace for kind in KINDS] + ["model"])
_THING = re.compile(rf"<https://w3id\.org/jagraph/(?:{_KINDS})/[^#>]+".encode())
SH = "http://www.w3.org/ns/shacl#"


def written(project: Path) -> bytes:
    return ox.serialize(read(find_project(project)).triples, format=ox.RdfFormat.N_TRIPLES)


def test_engines_agree_on_every_kind_of_mistake(tmp_path: Path) -> None:
    """The frozen project and all broken ones in one run, the things of each under other names."""
    data = tmp_path / "data.nt"
    with data.open("wb") as out:
        for project in PROJECTS:
            out.write(_THING.sub(rb"\g<0>-in-" + project.name.encode(), written(project)))
    found = by_shacl(data, SHAPES)
    assert found == by_pyshacl(data, SHAPES)
    assert len({(shape, component) for *_, component, shape, _ in found}) > 20


def test_engines_agree_on_faults_of_every_kind_in_the_live_data(tmp_path: Path) -> None:
    """They differ in one point, where pyshacl is milder than SHACL 4.3 and reports more anyway.

    A value that cannot be compared is less than nothing: "does not return true" is a result. All
    such values have another result, for their datatype, in both engines.
    """
    data = tmp_path / "data.nt"
    data.write_bytes(written(ROOT))
    assert by_shacl(data, SHAPES) == Counter()
    data.write_bytes(written(ROOT) + faults().serialize(format="nt", encoding="utf-8"))
    found, reference = by_shacl(data, SHAPES), by_pyshacl(data, SHAPES)
    assert reference - found == Counter()
    for focus, path, value, component, shape, severity in found - reference:
        assert component == f"<{SH}MinInclusiveConstraintComponent>"
        assert not value.endswith("integer>")
        datatype = f"<{SH}DatatypeConstraintComponent>"
        assert reference[focus, path, value, datatype, shape, severity] == 1
    assert len(reference) >= len(list(constraints()))


def test_repeated_list_has_two_faults_in_each_repetition(tmp_path: Path) -> None:
    once = repeat_list(1, tmp_path / "once.nt")
    assert repeat_list(2 * once, tmp_path / "twice.nt") == 2 * once
    one, two = (by_shacl(tmp_path / f"{name}.nt", SHAPES) for name in ("once", "twice"))
    assert (sum(one.values()), sum(two.values())) == (2, 4)
    assert {result[3] for result in one} == {
        f"<{SH}MaxCountConstraintComponent>",
        f"<{SH}ClosedConstraintComponent>",
    }
