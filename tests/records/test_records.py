"""From YAML to JSON-LD: what is written comes out, at its place, and nothing else."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pyoxigraph as ox
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jagraph.core.namespaces import iri
from jagraph.core.project import Project, find_project
from jagraph.core.visible_text import unseen
from jagraph.graph.build import read
from jagraph.inference.sparql_rules import count_values
from jagraph.records.context import read_context
from jagraph.records.reader import lost_values

texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), exclude_characters="\ufeff"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() == text and text != "" and not unseen(text))  # else refused
ids = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,12}", fullmatch=True)


@settings(max_examples=60)
@given(name=texts, aliases=st.lists(texts, max_size=3, unique_by=lambda t: normalize("NFC", t)))
def test_any_text_survives_the_way_to_rdf(
    tmp_path_factory: object, name: str, aliases: list[str]
) -> None:
    folder: Path = tmp_path_factory.mktemp("project")  # type: ignore[attr-defined]
    record = folder / "data/datasets/poems.yaml"
    record.parent.mkdir(parents=True)
    document = {"name": name, **({"aliases": aliases} if aliases else {})}
    record.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    asserted = read(find_project(folder))
    assert asserted.issues == []
    found = {
        (triple.predicate.value.rpartition("#")[2], triple.object.value)
        for triple in asserted.triples
        if isinstance(triple.object, ox.Literal)
    }
    expected = {("name", normalize("NFC", name))}
    assert found == expected | {("altLabel", normalize("NFC", alias)) for alias in aliases}


@settings(max_examples=60)
@given(identifier=ids)
def test_any_id_becomes_its_iri(tmp_path_factory: object, identifier: str) -> None:
    folder: Path = tmp_path_factory.mktemp("project")  # type: ignore[attr-defined]
    record = folder / "data/datasets/poems.yaml"
    record.parent.mkdir(parents=True)
    record.write_text(f"name: Poems\npartOf: '{identifier}'\n", encoding="utf-8")
    objects = {triple.object for triple in read(find_project(folder)).triples}
    assert ox.NamedNode(iri("dataset", identifier)) in objects


def test_every_value_keeps_its_line_and_column(tiny_project: Project) -> None:
    source = read(tiny_project).records.source
    record = tiny_project.data / "models/kiku.yaml"
    lines = record.read_text(encoding="utf-8").splitlines()
    place = source.find(iri("model", "kiku-70b"), "https://w3id.org/jagraph/vocab#hubId")
    assert place is not None
    assert lines[place.line - 1][place.column - 1 :].startswith("sakura/kiku-70b")


def test_a_value_the_parser_dropped_is_reported(tiny_project: Project) -> None:
    asserted = read(tiny_project)
    counts = dict(count_values(asserted.triples))
    counts[iri("family", "ume"), "https://w3id.org/jagraph/vocab#name"] = 0
    issues = list(lost_values(asserted.records, counts.items(), read_context(tiny_project.context)))
    assert [issue.code for issue in issues] == ["lost-value"]


def test_quantities_become_numbers(tmp_path: Path) -> None:
    from jagraph.graph.build import build

    record = tmp_path / "data/models/sizes.yaml"
    record.parent.mkdir(parents=True)
    written = {"a": "7b", "b": "1.3B", "c": "350m", "d": "2.1T", "e": "4,096", "f": "12k"}
    models = "".join(f"  {key}: {{name: {key}, parameters: '{v}'}}\n" for key, v in written.items())
    record.write_text(f"name: Sizes\nmodels:\n{models}", encoding="utf-8")
    graph = build(find_project(tmp_path), lambda _: None)
    rows = graph.store.select("SELECT ?m ?n { ?m jag:parameterCount ?n } ORDER BY ?m").dicts()
    assert [int(row["n"]) for row in rows] == [
        7_000_000_000, 1_300_000_000, 350_000_000, 2_100_000_000_000, 4_096, 12_000,
    ]  # fmt: skip
