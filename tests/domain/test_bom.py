"""Bills of materials, read back by the libraries of the two standards."""

from __future__ import annotations

import io
import json
import re
from itertools import combinations
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spdx_python_model import v3_0_1 as spdx
from tests.support.project import TINY, Run

from jagraph.core.namespaces import iri
from jagraph.domain.bom.contents import Bill, License, _expression, _Statement, bill_of
from jagraph.domain.bom.cyclonedx import as_cyclonedx
from jagraph.domain.bom.spdx import as_spdx
from jagraph.graph.cache import Graph

MODELS = ("medswallow-70b", "evollm-jp-v1-7b", "llm-jp-3-vila-14b", "yoko-7b-japanese-v1")


def bill(graph: Graph, model: str) -> Bill:
    return bill_of([iri("model", model)], graph.store)


def read_spdx(text: str) -> Any:
    found = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().read(io.BytesIO(text.encode()), found)
    return found


def test_no_bill_names_a_licence_twice(live: Graph) -> None:
    whole = bill(live, "llama-3.1-swallow-8b-instruct-v0.3")
    (root,) = (part for part in whole.parts if part.iri in whole.roots)
    assert root.concluded.expression == (
        "LicenseRef-jagraph-gemma-terms AND LicenseRef-jagraph-llama-3.1"
    )
    for text in (as_spdx(whole), as_cyclonedx(whole)):
        for expression in re.findall(r'[^"]* AND [^"]*', text):
            operands = re.findall(r"[\w.-]+", expression.partition("known: ")[2] or expression)
            named = [one for one in operands if one not in ("AND", "OR")]
            assert len(named) == len(set(named)), expression


@pytest.mark.parametrize("model", MODELS)
def test_spdx_reads_back_whole(live: Graph, model: str) -> None:
    written = as_spdx(bill(live, model))
    found = read_spdx(written)
    assert not found.missing_ids
    spdx.JSONLDSerializer().write(found, io.BytesIO())  # refuses what the model of SPDX forbids
    (document,) = found.foreach_type(spdx.SpdxDocument)
    assert [root.spdxId for root in document.rootElement] == [iri("model", model)]
    assert "Not legal advice" in document.comment


@pytest.mark.parametrize("model", MODELS)
def test_cyclonedx_is_valid_to_the_letter(live: Graph, model: str) -> None:
    written = as_cyclonedx(bill(live, model))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    found = json.loads(written)
    known = {part["bom-ref"] for part in found["components"]}
    known.add(found["metadata"]["component"]["bom-ref"])
    used = {one for node in found["dependencies"] for one in (node["ref"], *node["dependsOn"])}
    assert used == known


def test_every_ancestor_and_dataset_is_a_part(tiny: Graph) -> None:
    found = bill(tiny, "hana-7b")
    assert [part.name for part in found.parts if part.kind == "model"] == [
        *("Hana-7b", "Matsu-7b", "Mountain-7b", "Take-7b", "Ume-7b")
    ]
    assert {part.name for part in found.parts if part.kind == "dataset"} == {
        *("Encyclopedia", "Japanese Encyclopedia")
    }
    assert {(e.child.rpartition("/")[2], e.parent.rpartition("/")[2]) for e in found.edges} == {
        ("hana-7b", "matsu-7b"),
        ("hana-7b", "take-7b"),
        ("matsu-7b", "ume-7b"),
        ("take-7b", "ume-7b"),
        ("ume-7b", "mountain-7b"),
    }


def test_declared_and_concluded_are_kept_apart(tiny: Graph) -> None:
    parts = {part.name: part for part in bill(tiny, "ume-7b-chat").parts}
    chat = parts["Ume-7b-chat"]
    assert chat.declared.expression == "LicenseRef-jagraph-closed"
    assert chat.concluded.expression == "LicenseRef-jagraph-closed AND LicenseRef-jagraph-mountain"


def test_what_is_not_known_is_no_assertion_with_the_reason(tiny: Graph) -> None:
    parts = {part.name: part for part in bill(tiny, "hana-7b").parts}
    assert parts["Matsu-7b"].declared.expression == "NOASSERTION"
    assert parts["Hana-7b"].declared.expression == "LicenseRef-jagraph-open"
    assert parts["Hana-7b"].concluded.expression == "NOASSERTION"
    # Matsu is of the same developer: that it states no licence does not reach Hana
    assert '"OPEN (?)" is marked as not certain' in parts["Hana-7b"].concluded.comment
    assert "LicenseRef-jagraph-mountain" in parts["Hana-7b"].concluded.comment


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=3), st.booleans()),
        min_size=1,
    )
)
@example([(["A", "C", "D"], True), (["B", "C", "D"], True)])
def test_an_expression_has_each_licence_once_and_means_all_statements(
    statements: list[tuple[list[str], bool]],
) -> None:
    made = [
        _Statement(True, "any" if choice else "", "", "", [License(n, n, n, "") for n in names])
        for names, choice in statements
    ]
    expression = _expression(made)
    # only choices of which none is made may have a licence in common
    binding = re.findall(r"\b[A-D]\b", re.sub(r"\([^)]*\)", "", expression))
    assert len(set(binding)) == len(binding)
    for chosen in (set(c) for size in range(5) for c in combinations("ABCD", size)):
        wanted = all(
            bool(chosen & set(names)) if choice else chosen >= set(names)
            for names, choice in statements
        )
        said = all(
            any(one in chosen for one in re.findall("[A-D]", part))
            for part in expression.split(" AND ")
        )
        assert said == wanted


def test_spdx_has_the_profiles_and_both_licences(tiny: Graph) -> None:
    found = read_spdx(as_spdx(bill(tiny, "ume-7b-chat")))
    assert len(list(found.foreach_type(spdx.ai_AIPackage))) == 3
    assert len(list(found.foreach_type(spdx.dataset_DatasetPackage))) == 2
    kinds = [
        str(link.relationshipType).rpartition("/")[2]
        for link in found.foreach_type(spdx.Relationship)
    ]
    assert kinds.count("hasDeclaredLicense") == kinds.count("hasConcludedLicense") == 5
    assert kinds.count("descendantOf") == 2
    assert kinds.count("trainedOn") == 2


@pytest.mark.parametrize("form", ["spdx.json", "cdx.json"])
def test_export_writes_the_same_bytes_twice(form: str, jagraph: Run, tmp_path: Any) -> None:
    for name in ("a", "b"):
        done = jagraph("export", "--bom", "Hana-7b", "-o", f"{name}.{form}", "--project", TINY)
        assert done.returncode == 0, done.stderr
    first, second = ((tmp_path / f"{name}.{form}").read_bytes() for name in ("a", "b"))
    assert first == second


def test_a_bill_in_another_format_is_refused(jagraph: Run) -> None:
    done = jagraph("export", "--bom", "Hana-7b", "-o", "x.ttl", "--project", TINY)
    assert done.returncode == 2
    assert "one of: spdx.json, cdx.json" in done.stderr
