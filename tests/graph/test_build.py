"""The pipeline: the same bytes twice, a cache that heals, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import CanonicalizationAlgorithm
from tests.support.project import Run

from jagraph.core.errors import DataError
from jagraph.core.namespaces import ASSERTED, DERIVED
from jagraph.core.project import Project, find_project
from jagraph.graph import export
from jagraph.graph.build import build, read
from jagraph.graph.cache import Graph
from jagraph.inference.sparql_rules import count_values
from jagraph.records.context import read_context
from jagraph.store.base import statements

pytestmark = pytest.mark.slow


def silent(_: str) -> None:
    return None


@pytest.mark.parametrize("form", export.FORMATS)
def test_two_builds_export_the_same_bytes(form: str, tiny_project: Project) -> None:
    context = read_context(tiny_project.context)
    once = export.export(build(tiny_project, silent, fresh=True).store, form, context)
    twice = export.export(build(tiny_project, silent, fresh=True).store, form, context)
    assert once == twice


@pytest.mark.parametrize(
    ("form", "parser"),
    [
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("nq", ox.RdfFormat.N_QUADS),
        ("trig", ox.RdfFormat.TRIG),
    ],
)
def test_every_format_gives_the_same_triples_back(
    form: str, parser: ox.RdfFormat, tiny: Graph
) -> None:
    written = export.export(tiny.store, form, read_context(tiny.project.context))
    back = {str(quad.triple) for quad in ox.parse(written, format=parser)}
    assert back == {str(triple) for triple in statements(tiny.store)}


def test_no_triple_is_asserted_and_derived(tiny: Graph) -> None:
    assert not set(tiny.store.triples(ASSERTED)) & set(tiny.store.triples(DERIVED))


def test_no_blank_nodes(live: Graph) -> None:
    for triple in statements(live.store):
        assert isinstance(triple.subject, ox.NamedNode)
        assert not isinstance(triple.object, ox.BlankNode)


def test_every_value_of_every_record_is_a_triple(tiny_project: Project) -> None:
    asserted = read(tiny_project)
    counts = dict(count_values(asserted.triples))
    written = asserted.records.source.values
    assert asserted.issues == []
    assert all(counts[key] == len({text for text, _ in found}) for key, found in written.items())


def test_canonical_form_has_no_other_triples_than_rdflib_reads(tiny_project: Project) -> None:
    """A second JSON-LD processor understands the records in the same way."""
    import json

    import rdflib

    context = read_context(tiny_project.context)
    documents = read(tiny_project).records.documents
    text = json.dumps({"@context": context.document, "@graph": documents})
    theirs = ox.Dataset(
        ox.parse(
            rdflib.Graph().parse(data=text, format="json-ld").serialize(format="nt").encode(),
            format=ox.RdfFormat.N_TRIPLES,
        )
    )
    ours = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in read(tiny_project).triples)
    for dataset in (ours, theirs):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert ours == theirs


def test_second_build_comes_from_the_cache(copy: Path) -> None:
    said: list[str] = []
    (copy / "data/datasets/fresh.yaml").write_text("name: Fresh\n", encoding="utf-8")
    first = build(find_project(copy), said.append)
    again = build(find_project(copy), said.append)
    assert first.folder == again.folder
    assert len(said) == 1


def test_changed_record_builds_again(copy: Path) -> None:
    project = find_project(copy)
    before = build(project, silent).folder
    record = copy / "data/models/ume.yaml"
    record.write_text(record.read_text(encoding="utf-8") + "note: changed\n", encoding="utf-8")
    assert build(project, silent).folder != before


@pytest.mark.parametrize("damage", ["sources.json", "store"])
def test_damaged_cache_is_built_again_and_said(copy: Path, damage: str) -> None:
    said: list[str] = []
    record = copy / "data/datasets/questions.yaml"
    record.write_text(f"name: Questions {damage}\n", encoding="utf-8")
    folder = build(find_project(copy), said.append).folder
    if damage == "store":
        for path in (folder / "store").iterdir():
            path.write_bytes(b"broken")
    else:
        (folder / damage).write_text("{", encoding="utf-8")
    again = build(find_project(copy), said.append)
    assert any("damaged" in text for text in said)
    assert again.store.ask("ASK { ?m a jag:Model }")


def test_unreadable_record_stops_the_build_with_its_place(copy: Path) -> None:
    (copy / "data/models/ume.yaml").write_text("name: [", encoding="utf-8")
    with pytest.raises(DataError) as wrong:
        build(find_project(copy), silent)
    assert "data/models/ume.yaml:" in str(wrong.value)


def test_cycle_is_survived(copy: Path) -> None:
    record = copy / "data/models/sora.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(
        text + "  - {relation: fineTunedFrom, from: sora-1b, stated: base-cell}\n", encoding="utf-8"
    )
    graph = build(find_project(copy), silent)
    assert not graph.store.ask("ASK { model:sora-1b jag:descendsFrom model:sora-1b }")


@pytest.mark.parametrize("name", ["models/x.yml", "models/x.YAML", "models/more/x.yaml", "x.yaml"])
def test_a_file_that_is_not_read_stops_an_answer_until_it_is_gone(
    name: str, copy: Path, jagraph: Run
) -> None:
    assert jagraph("stats", "--project", copy).returncode == 0
    stray = copy / "data" / name
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("name: X\n", encoding="utf-8")
    for _ in range(2):
        done = jagraph("stats", "--project", copy)
        assert done.returncode == 1
        assert "error[unread-file]: this file is not read" in done.stderr
        assert f"--> data/{name}:1:1" in done.stderr
    stray.unlink()
    assert jagraph("stats", "--project", copy).returncode == 0
