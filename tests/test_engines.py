"""The SHACL engine for large data reports what pyshacl reports, result by result."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks.engines import by_pyshacl, by_shacl, repeat_list

from conftest import ROOT, TINY
from jagraph.build import read
from jagraph.project import find_project
from test_shapes import constraints, faults

SHAPES = ROOT / "ontology/shapes.ttl"
PROJECTS = [TINY, *sorted(path for path in (ROOT / "tests/broken").iterdir() if path.is_dir())]
SH = "http://www.w3.org/ns/shacl#"


def written(project: Path) -> bytes:
    return ox.serialize(read(find_project(project)).triples, format=ox.RdfFormat.N_TRIPLES)


@pytest.mark.parametrize("project", PROJECTS, ids=[path.name for path in PROJECTS])
def test_engines_agree_on_records(project: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.nt"
    data.write_bytes(written(project))
    assert by_shacl(data, SHAPES) == by_pyshacl(data, SHAPES)


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
