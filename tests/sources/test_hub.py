"""The whole Hub: what a dump says is in the store; what follows equals what the rules derive."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from benchmarks.engines import by_pyshacl, by_shacl
from tests.support.dumps import write_dump
from tests.support.project import TINY, Run

from jagraph import find, models_of
from jagraph.core.errors import OutsideError, RequestError
from jagraph.core.namespaces import ASSERTED, DERIVED, HUB, JAG, ROOT
from jagraph.core.project import Project
from jagraph.domain.lineage import Lineage, derivations
from jagraph.domain.verdicts import ANSWERS_IN_ORDER, USES, Judge
from jagraph.graph.cache import Graph
from jagraph.inference.sparql_rules import apply_rules, load, load_ontology
from jagraph.query.binding import bound
from jagraph.query.catalogue import find_query
from jagraph.query.name_resolver import Names
from jagraph.sources.hub.check import check
from jagraph.sources.hub.imported_store import open_store
from jagraph.sources.hub.importer import Report, import_hub
from jagraph.sources.hub.index import Index
from jagraph.sources.hub.indexed_answers import answer
from jagraph.sources.hub.staging import Staging
from jagraph.store.base import EmbeddedStore, statements

pytestmark = pytest.mark.slow


CURATED = (
    "sakura/Ume-7b",
    "tanaka/hana-open",
    "tanaka/momo-small",
    "sakura/sora-1b",
    "sakura/take-7b",
)
LICENSES = ("", "open", "closed", "mountain", "mit", "other", ["open", "closed"], "unknown")
RELATIONS = ("finetune", "adapter", "merge", "quantized", None)
# steps of the rules that no question needs at the size of the Hub: `terms` reads them per model
NOT_STORED = {
    JAG + name
    for name in (
        "declaredTerm",
        "inheritedTerm",
        "outputTerm",
        "possibleTerm",
        "declaresRestriction",
        "declaresFreedom",
    )
}


def entries() -> list[dict[str, Any]]:
    """A random part of the Hub: trees below the frozen project, merges, cycles, missing parents."""
    choose = random.Random(7)  # noqa: S311, not for secrets
    made: list[dict[str, Any]] = []
    for number in range(120):
        card: dict[str, Any] = {}
        known = [*CURATED, *(entry["id"] for entry in made), "gone/a", "gone/b", "/home/me"]
        if choose.random() < 0.8:
            bases = choose.sample(known, choose.choice((1, 1, 1, 2, 3)))
            card["base_model"] = bases if len(bases) > 1 else bases[0]
            if relation := choose.choice(RELATIONS):
                card["base_model_relation"] = relation
        if license_ := choose.choice(LICENSES):
            card["license"] = license_
        if license_ == "other":
            card["license_name"] = choose.choice(("our-own", "mountain"))
        if choose.random() < 0.3:
            card["datasets"] = ["someone/data"]
        made.append({"id": f"user-{number % 7}/model-{number}", "cardData": card, "tags": []})
    for one, other in ((3, 50), (60, 61)):
        made[one]["cardData"]["base_model"] = made[other]["id"]
        made[other]["cardData"]["base_model"] = [made[one]["id"], "sakura/Ume-7b"]
    made[9]["cardData"]["base_model"] = made[9]["id"]
    made[20]["cardData"]["base_model"] = made[19]["id"].upper()
    made[0]["downloads"] = 7
    made.append(
        {"id": "tanaka/hana-7b", "cardData": {"license": "mit", "base_model": "gone/a"}, "tags": []}
    )
    return made


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The frozen project with the Hub's names of its licences."""
    import shutil

    from jagraph.core.project import find_project

    folder = tmp_path_factory.mktemp("hub-project")
    shutil.copytree(TINY / "data", folder / "data")
    for name in ("open", "closed", "mountain"):
        record = folder / f"data/licenses/{name}.yaml"
        text = record.read_text(encoding="utf-8")
        record.write_text(f"{text}hubLicense: {name}\n", encoding="utf-8")
    return find_project(folder)


@pytest.fixture(scope="module")
def imported(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Report]:
    folder = tmp_path_factory.mktemp("hub")
    dump = write_dump(
        folder / "dump.jsonl", entries(), "{half", "[]", '{"id": "no spaces/here please"}'
    )
    report = import_hub(project, dump, folder / "store", lambda _: None)
    return open_store(folder / "store", project), report


@pytest.fixture(scope="module")
def hub(imported: tuple[Graph, Report]) -> Graph:
    return imported[0]


@pytest.fixture(scope="module")
def ruled(hub: Graph) -> ox.Store:
    """What the rules derive when they run on everything that is asserted."""
    store = ox.Store()
    load_ontology(store, hub.project.vocabulary)
    for graph in (ASSERTED, HUB):
        load(store, hub.store.triples(graph), graph)
    apply_rules(store, hub.project.rules())
    return store


def test_what_follows_equals_what_the_rules_derive(hub: Graph, ruled: ox.Store) -> None:
    ours, by_rules = (
        {str(t) for t in store.triples(DERIVED) if t.predicate.value not in NOT_STORED}
        for store in (hub.store, EmbeddedStore(ruled))
    )
    assert not ours - by_rules
    assert not by_rules - ours
    for name in (
        *("descendsFrom", "weightsUnder", "possiblyInheritedStatement", "outputStatement"),
        *("useAnswer", "conflictKind"),
    ):
        assert any(f"<{JAG}{name}>" in triple for triple in ours), name


def test_report_counts_lines_and_names_what_is_malformed(imported: tuple[Graph, Report]) -> None:
    report = imported[1]
    assert (report.lines, report.repositories, report.in_the_list) == (124, 121, 1)
    assert (report.named_only, report.lost) == (2, 3)
    paths = [n for n, entry in enumerate(entries(), 1) if "/home/me" in str(entry["cardData"])]
    assert paths
    assert [fault.line for fault in report.faults] == [*paths, 122, 123, 124]
    assert report.faults[-3].why.startswith("not JSON")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("descendants", {"base": "mountain"}),
        ("descendants", {"base": "user-0/model-0"}),
        ("descendants", {"base": "gone/a"}),
        ("descendants", {"base": "ume"}),
        *(("descendants", {"base": base, "follow": "weights"}) for base in ("mountain", "momo")),
        ("descendants-with-terms", {"base": "mountain", "terms": "non-commercial"}),
        ("descendants-with-terms", {"base": "Ume-7b", "terms": "naming"}),
        ("models-with-terms", {"terms": "share-alike"}),
        ("ancestors", {"model": "hana"}),
        *(("ancestors", {"model": f"user-{n % 7}/model-{n}"}) for n in (3, 9, 50, 119)),
    ],
)
def test_index_and_query_give_the_same_rows(
    name: str, parameters: dict[str, str], hub: Graph
) -> None:
    text = bound(find_query(hub.project, name), parameters, hub.store)
    by_index = answer(text, lambda: open_index(hub))
    assert by_index is not None, "the file has changed: the index no longer answers it"
    by_query = EmbeddedStore.open(hub.folder / "store").select(text)
    assert by_index.variables == by_query.variables
    assert tidy(by_index.rows) == tidy(by_query.rows)


def open_index(hub: Graph) -> Index:
    assert hub.folder is not None
    return Index(hub.folder / "index")


def tidy(rows: list[Any]) -> list[tuple[str, ...]]:
    """The rows as text; the order within one cell of several relations is not defined."""
    return [tuple(", ".join(sorted(str(cell).split(", "))) for cell in row) for row in rows]


@pytest.mark.parametrize("thing", ["user-3/model-3", "mountain", "gone/b", "user-1/model-50"])
@pytest.mark.parametrize("direction", ["up", "down", "both"])
def test_walks_in_the_index_equal_walks_over_everything(
    thing: str, direction: Any, hub: Graph
) -> None:
    start = find(hub, thing, "family", "model")
    whole = Lineage.read(EmbeddedStore.open(hub.folder / "store"))
    for depth in (None, 1):
        ours, theirs = (
            way.walk([start], direction, depth) for way in (derivations(hub.store), whole)
        )
        assert (ours.models, ours.depths, ours.roots) == (
            theirs.models,
            theirs.depths,
            theirs.roots,
        )
        assert sorted(ours.edges) == sorted(theirs.edges)
        assert ours.cycles() == theirs.cycles()


def test_a_chain_between_two_repositories_is_as_short(hub: Graph) -> None:
    whole = Lineage.read(EmbeddedStore.open(hub.folder / "store"))
    end = find(hub, "mountain", "family")
    below = [iri for iri, _ in whole.walk([end], "down").depths if "/hub/" in iri]
    assert below
    start = below[-1]
    ours = derivations(hub.store).path(start, end)
    assert len(ours.models) == len(whole.path(start, end).models)
    assert {edge.child for edge in ours.edges} | {edge.parent for edge in ours.edges} == set(
        ours.models
    )


def test_names_find_repositories_by_id_and_refuse_others(hub: Graph) -> None:
    assert find(hub, "user-3/model-3") == "https://w3id.org/jagraph/hub/user-3/model-3"
    assert find(hub, "hub/gone/a", "family", "model").endswith("/hub/gone/a")
    assert find(hub, "tanaka/hana-7b").endswith("/model/hana-7b")
    assert "user-3/model-3" not in Names.read(hub.store).exact
    with pytest.raises(RequestError, match="nothing is called"):
        find(hub, "user-3/model-4000")


def test_terms_of_a_repository_come_through_its_statements(hub: Graph, ruled: ox.Store) -> None:
    judge = Judge(hub.store, hub.sources())
    ways = ("declaredTerm", "inheritedTerm", "outputTerm", "possibleTerm")
    for number in range(0, 120, 7):
        (model,) = models_of(hub, f"user-{number % 7}/model-{number}")
        found = judge.judge(model, USES)
        by_rules = {
            (way, quad.object.value)
            for way in ways
            for quad in ruled.quads_for_pattern(
                ox.NamedNode(model), ox.NamedNode(JAG + way), None, None
            )
        }
        assert bool(found.terms) == bool(by_rules)
        assert {term.way for term in found.terms} <= {way for way, _ in by_rules}
        assert [verdict.use for verdict in found.verdicts] == list(USES)
        assert {verdict.answer for verdict in found.verdicts} <= set(ANSWERS_IN_ORDER)


def test_differences_are_listed_and_the_record_holds(hub: Graph) -> None:
    text = bound(find_query(hub.project, "hub-differences"), {}, hub.store)
    rows = [row[4:] for row in hub.store.select(text).rows]
    assert [tuple(cell.value for cell in row) for row in rows] == [
        ("license", "Open License", "mit", "121"),
        ("parent", "Matsu-7b, Take-7b", "gone/a", "121"),
    ]
    assert not hub.store.ask(
        "ASK { model:hana-7b jag:derivedFrom ?x . FILTER(STRENDS(STR(?x), 'gone/a')) }"
    )


@pytest.mark.parametrize("form", ["nt", "nq", "ttl"])
def test_an_imported_store_is_exported_whole(
    form: str, hub: Graph, jagraph: Run, tmp_path: Path
) -> None:
    assert hub.folder is not None
    there = ("--store", hub.folder.parent, "--project", hub.project.root)
    target = tmp_path / f"all.{form}"
    assert jagraph("export", "-o", target, *there).returncode == 0
    read = ox.parse(path=target, format=ox.RdfFormat.from_extension(form))
    assert sorted(str(quad.triple) for quad in read) == list(map(str, statements(hub.store)))
    piped = jagraph("export", "--format", form, *there)
    assert piped.stdout.encode() == target.read_bytes()


def test_an_imported_store_is_too_large_for_one_document(
    hub: Graph, jagraph: Run, tmp_path: Path
) -> None:
    assert hub.folder is not None
    target = tmp_path / "all.jsonld"
    target.write_text("old")
    done = jagraph("export", "-o", target, "--store", hub.folder.parent)
    assert (done.returncode, target.read_text()) == (2, "old")
    assert "error[too-large]" in done.stderr


def test_what_an_import_writes_conforms_to_its_shapes(hub: Graph) -> None:
    assert check(hub, lambda _: None) == []


def test_engines_agree_on_faults_in_what_an_import_writes(hub: Graph, tmp_path: Path) -> None:
    """One fault of every kind, beside what is right; pyshacl is the reference."""
    model, stage = f"{ROOT}hub/user-0/model-0", f"{ROOT}hub-dataset/someone/data#training"
    parent = next(
        triple
        for triple in hub.store.triples(HUB)
        if triple.predicate.value == f"{JAG}parent" and "mountain" not in triple.object.value
    )
    day, whole = (f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("date", "integer"))
    faults = f"""
    <{model}> <{JAG}hubId> "two ids" .
    <{model}> <{JAG}downloads> "-1"^^<{whole}> .
    <{model}> <http://purl.org/dc/terms/created> "2024-13-45"^^<{day}> .
    <{model}> <http://purl.org/dc/terms/language> "Japanese" .
    <{model}> <{JAG}licenseStatement> <{stage}> .
    <{model}> <{JAG}unheardOf> "x" .
    <{stage}> <{JAG}usedDataset> "a text" .
    {parent.subject} <{JAG}relation> <{JAG}hubId> .
    {parent.subject} <{JAG}inferred> "maybe" .
    {parent.subject} <{JAG}parent> <{model}> .
    <{ROOT}hub-statement/none> <{JAG}words> "words" .
    <{ROOT}hub-license/new> a <{JAG}License> .
    <{ROOT}model/hana-7b#hub-difference.license> <{JAG}differsIn> <{JAG}hubId> .
    """.replace(" a <", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <")
    data = tmp_path / "hub.nt"
    lines = (f"{triple} .\n" for triple in hub.store.triples(HUB))
    data.write_text("".join(lines) + faults, encoding="utf-8")
    found, reference = (
        by_shacl(data, hub.project.hub_shapes),
        by_pyshacl(data, hub.project.hub_shapes),
    )
    assert found == reference
    assert len({(shape, component) for *_, component, shape, _ in found}) >= 13


def test_store_is_checked_by_the_verb(hub: Graph, jagraph: Run) -> None:
    assert hub.folder is not None
    done = jagraph("validate", "--store", hub.folder.parent, "--project", hub.project.root)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith("0 constraints fail\n")


def test_downloads_are_ranked_with_the_terms(hub: Graph) -> None:
    text = bound(find_query(hub.project, "hub-popular"), {"terms": "naming"}, hub.store)
    (row,) = hub.store.select(text).dicts()
    assert (row["modelName"], row["downloads"]) == ("user-0/model-0", "7")


def test_a_second_import_into_a_store_is_refused_while_one_runs(
    tmp_path: Path, project: Project
) -> None:
    dump = write_dump(tmp_path / "dump.jsonl", [{"id": "a/1"}])
    (tmp_path / "kept").mkdir()
    running = Staging(tmp_path / "kept/staging.sqlite")
    running.fill(dump, lambda _: None)
    with pytest.raises(OutsideError) as wrong:
        import_hub(project, dump, tmp_path / "kept", lambda _: None)
    running.close()
    assert wrong.value.code == "import-runs"


def test_what_else_is_in_the_folder_of_a_store_stays(tmp_path: Path, project: Project) -> None:
    dump = write_dump(tmp_path / "dump.jsonl", [{"id": "a/1"}])
    for _ in range(2):
        import_hub(project, dump, tmp_path, lambda _: None)
    (graph,) = tmp_path.glob("graph-*")
    assert {path.name for path in tmp_path.iterdir()} == {"dump.jsonl", "current", graph.name}


def test_a_graph_that_is_being_read_outlives_a_new_import(tmp_path: Path, project: Project) -> None:
    for name in ("first", "second"):
        dump = write_dump(tmp_path / f"{name}.jsonl", [{"id": f"a/{name}"}])
        import_hub(project, dump, tmp_path / "kept", lambda _: None)
        if name == "first":
            reader = open_store(tmp_path / "kept", project)
    is_there = "ASK { <https://w3id.org/jagraph/hub/a/%s> a jag:Model }"
    assert [reader.store.ask(is_there % name) for name in ("first", "second")] == [True, False]
    assert open_store(tmp_path / "kept", project).store.ask(is_there % "second")


def test_a_folder_that_is_no_store_is_refused(jagraph: Run) -> None:
    done = jagraph("query", "merges", "--store", "nowhere")
    assert done.returncode == 2
    assert "jagraph import-hub" in done.stderr
