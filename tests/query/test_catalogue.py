"""Every query file is whole: explained in three languages, with values to pick and an example."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.imported_only import ONLY_IMPORTED
from tests.support.project import ROOT, TINY, Run

from jagraph.core.errors import DataError, OutsideError, RequestError
from jagraph.core.namespaces import LANGUAGES
from jagraph.core.project import Folders, Project, find_project
from jagraph.graph.cache import Graph
from jagraph.query.binding import bound, run
from jagraph.query.catalogue import (
    Parameter,
    SavedQuery,
    catalogue,
    featured,
    find_query,
    glossary_of,
)
from jagraph.query.name_resolver import Names
from jagraph.query.parameters import choices
from jagraph.store.sparql_tokens import projection

OURS = catalogue(find_project(ROOT))


def _with_queries(project: Project, folder: Path) -> Project:
    return Project(Folders(**vars(project.folders) | {"queries": str(folder)}))


QUERIES = pytest.mark.parametrize("saved", OURS.values(), ids=list(OURS))
PARAMETERS = [
    pytest.param(saved, parameter, id=f"{name}-{parameter.name}")
    for name, saved in OURS.items()
    for parameter in saved.parameters
]
SAME = {"redistribution"}  # one word in English and French
OWN = """#+ title: Which models are small?
#+ description: By their parameters.
#+ columns: {smallness: how small it is}
SELECT ?model (1 AS ?smallness) WHERE { ?model a jag:Model } ORDER BY ?model
"""


@pytest.fixture(scope="module")
def names(live: Graph) -> Names:
    return Names.read(live.store)


def texts(saved: SavedQuery) -> dict[str, dict[str, str]]:
    """Return every text of a query by what it explains, each by language."""
    found = {"title": dict(saved.titles), "description": dict(saved.descriptions)}
    for parameter in saved.parameters:
        found[f"--{parameter.name}"] = dict(parameter.helps)
        for value, label in parameter.choices.items():
            found[f"--{parameter.name} {value}"] = dict(label)
    for column in saved.columns:
        found[f"?{column.name}"] = dict(column.meanings)
    return found


@QUERIES
def test_everything_is_said_in_three_languages(saved: SavedQuery) -> None:
    for what, words in texts(saved).items():
        assert tuple(words) == LANGUAGES, what
        if words["en"] not in SAME:
            assert len(set(words.values())) == len(LANGUAGES), f"{what} is copied"
        assert any(letter > "\u3000" for letter in words["ja"]), what


@QUERIES
def test_titles_are_questions(saved: SavedQuery) -> None:
    assert saved.title.endswith("?")
    assert saved.title_in("fr").endswith(" ?")
    assert saved.title_in("ja").endswith(("か", ")"))


def test_query_remembered_is_the_query_read() -> None:
    for name, saved in OURS.items():
        for _ in range(2):
            assert find_query(find_project(ROOT), name) == saved


def test_what_queries_say_alike_of_a_parameter_stands_once(
    tmp_path: Path, tiny_project: Project
) -> None:
    """What the query says itself goes before it, and what is remembered does not outlive it."""
    project = _with_queries(tiny_project, tmp_path)
    head = "#+ title: x\n#+ description: y\n#+ parameters:\n#+   s: {}\n#+   t: {help: mine}\n"
    (tmp_path / "alike.rq").write_text(
        head + "SELECT ?s { VALUES ?s { UNDEF } VALUES ?t { UNDEF } }", encoding="utf-8"
    )
    with pytest.raises(DataError, match="'s' has no kind"):
        find_query(project, "alike")
    shared = tmp_path / "parameters.yaml"
    for words in ("one", "other"):
        lines = [f"{name}: {{kind: number, help: {words}}}\n" for name in "st"]
        shared.write_text("".join(lines), encoding="utf-8")
        for _ in range(2):
            parameters = find_query(project, "alike").parameters
            assert [parameter.help for parameter in parameters] == [words, "mine"]
    shared.write_text("s: {kind: number, variable: t}\n", encoding="utf-8")
    with pytest.raises(DataError, match="no key 'variable'") as wrong:
        find_query(project, "alike")
    assert str(wrong.value.where).startswith(f"{shared}:1:")


@QUERIES
def test_example_has_an_answer_with_the_columns_it_promises(
    saved: SavedQuery, live: Graph, names: Names
) -> None:
    assert bool(saved.example) == bool(saved.parameters)
    found = run(saved, saved.example, live.store, names)
    assert found.rows or saved.name in ONLY_IMPORTED
    assert [column.name for column in saved.columns] == found.variables


@QUERIES
def test_tags_have_names(saved: SavedQuery) -> None:
    assert saved.tags
    assert set(saved.tags) <= set(glossary_of(find_project(ROOT)).tags)


@pytest.mark.parametrize(("saved", "parameter"), PARAMETERS)
def test_every_value_offered_is_taken(
    saved: SavedQuery, parameter: Parameter, live: Graph, names: Names
) -> None:
    offered = choices(parameter, live.store, "en", names)
    values = [choice.value for choice in offered]
    assert values
    assert len(values) == len(set(values))
    for choice in offered:
        assert choice.label
        bound(saved, {parameter.name: choice.value}, live.store, names)
    if parameter.required and parameter.kind != "number":
        assert parameter.default in values


def test_a_list_of_bases_holds_only_what_something_descends_from(live: Graph) -> None:
    base = find_query(live.project, "descendants").parameters[0]
    offered = {choice.value for choice in choices(base, live.store, "en")}
    assert {"llama-2", "youri-7b"} <= offered
    assert "houou-7b" not in offered, "nothing descends from it"


def test_values_are_offered_in_the_readers_language(live: Graph) -> None:
    terms = find_query(live.project, "models-with-terms").parameters[0]
    english, japanese = (choices(terms, live.store, language) for language in ("en", "ja"))
    assert {choice.value for choice in english} == {choice.value for choice in japanese}
    assert "帰属表示" in {choice.label for choice in japanese}


def test_six_questions_are_featured_in_an_order_without_gaps() -> None:
    assert [saved.featured for saved in featured(OURS)] == [1, 2, 3, 4, 5, 6]
    assert featured(OURS)[0].name == "descendants-with-terms"


@pytest.mark.parametrize(
    ("header", "line", "what"),
    [
        ("", 1, "begins with a header"),
        ("#+ title: x", 1, "no description"),
        ("#+ title: x\n#+ description: y\n#+ tag: z", 3, "no key 'tag'"),
        ("#+ title: x\n#+ title: y", 2, "stands twice"),
        ("#+ title: x\n#+ description: a: b", 2, "not YAML"),
        ("#+ title: {ja: か}\n#+ description: y", 1, "English text is missing"),
        ("#+ title: {jp: か}\n#+ description: y", 1, "no key 'jp'"),
        ("#+ title: [x]\n#+ description: y", 1, "mapping is wanted"),
        ("#+ title: x\n#+ description: y\n#+ tags: z", 3, "list is wanted"),
        ("#+ title: x\n#+ description: y\n#+ featured: first", 3, "featured is a place"),
        ("#+ title: x\n#+ description: y\n#+ columns: {t: z}", 3, "no key 't'"),
        ("#+ title: x\n#+ description: y\n#+ example: {a: b}", 3, "no key 'a'"),
        (
            "#+ title: x\n#+ description: y\n#+ parameters:\n#+   a: {kind: number, help: h}",
            4,
            "no VALUES",
        ),
        (
            "#+ title: x\n#+ description: y\n#+ parameters:\n#+   s: {kind: choice, help: h}",
            4,
            "has choices",
        ),
        (
            "#+ title: x\n#+ description: y\n#+ parameters:\n#+   s: {kind: licence, help: h}",
            4,
            "kind cannot be 'licence'",
        ),
        (
            "#+ title: x\n#+ description: y\n#+ parameters:\n#+   s: {kind: model|number, help: h}",
            4,
            "kind cannot be 'number'",
        ),
        ("#+ title: x\n#+ description: &d y\n#+ tags: [*d]", 3, r"\*d is an alias"),
        ("#+ title: x\n#+ description: a\u202eb", 2, r"the text has \\u202e"),
        ("#+ title: x\n#+ description: a\u2028b", 2, "not YAML"),
        ("#+ title: x\n#+ description: a\x0cb", 2, "not YAML"),
    ],
)
def test_a_wrong_header_is_refused_with_its_line(
    header: str, line: int, what: str, tmp_path: Path, tiny_project: Project
) -> None:
    body = "SELECT ?s { VALUES ?s { 1 } }\n"
    (tmp_path / "bad.rq").write_text(f"{header}\n{body}" if header else body, encoding="utf-8")
    with pytest.raises(DataError, match=what) as wrong:
        catalogue(_with_queries(tiny_project, tmp_path))
    assert wrong.value.code == "bad-query-header"
    assert str(wrong.value.where).startswith(f"{tmp_path.as_posix()}/bad.rq:{line}:")
    assert wrong.value.remedy


def test_a_saved_query_is_a_select_query(tmp_path: Path, tiny_project: Project) -> None:
    (tmp_path / "bad.rq").write_text("#+ title: x\n#+ description: y\nASK {}", encoding="utf-8")
    with pytest.raises(DataError, match="SELECT"):
        catalogue(_with_queries(tiny_project, tmp_path))


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT ?a (COUNT(DISTINCT ?x) AS ?b) WHERE { ?x ?y ?a }", ("a", "b")),
        ("SELECT DISTINCT ?a $b FROM <g> { SELECT ?c { } }", ("a", "b")),
        ("# SELECT ?x\nSELECT (COALESCE(MIN(?s), '?z AS ?y') AS ?c){}", ("c",)),
        ("SELECT * { ?s ?p ?o }", ()),
        ("ASK { SELECT ?x { } }", None),
    ],
)
def test_columns_are_read_from_the_outer_select(
    query: str, columns: tuple[str, ...] | None
) -> None:
    assert projection(query) == columns


def test_own_folder_adds_to_ours(tmp_path: Path, tiny_project: Project, tiny: Graph) -> None:
    (tmp_path / "small.rq").write_text(OWN, encoding="utf-8")
    assert set(catalogue(tiny_project, [tmp_path])) == {*OURS, "small"}
    own = find_query(tiny_project, "small", [tmp_path])
    meanings = [column.meaning_in("ja") for column in own.columns]
    assert meanings == ["モデル(一組の重み)", "how small it is"]
    assert run(own, {}, tiny.store).rows


def test_one_name_in_two_folders_is_refused_with_both_files(
    tmp_path: Path, tiny_project: Project
) -> None:
    (tmp_path / "largest.rq").write_text(OWN, encoding="utf-8")
    with pytest.raises(DataError) as wrong:
        find_query(tiny_project, "descendants", [tmp_path])
    assert str(tmp_path / "largest.rq") in wrong.value.what
    assert str(tiny_project.queries / "largest.rq") in wrong.value.what


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("small.RQ", "call it small.rq"),
        ("colums.yaml", "did you mean columns.yaml"),
        ("columns.yml", "did you mean columns.yaml"),
        ("Tags.YAML", "did you mean tags.yaml"),
        ("below/small.rq", "give --queries"),
        ("below/small.Rq", "give --queries"),
    ],
)
def test_a_file_that_is_not_read_is_refused(
    name: str, remedy: str, tmp_path: Path, jagraph: Run
) -> None:
    mine = tmp_path / "mine"
    (mine / name).parent.mkdir(parents=True)
    (mine / name).write_text(OWN, encoding="utf-8")
    done = jagraph("query", "--queries", mine, "--project", TINY)
    assert done.returncode == 1
    assert f"error[unread-file]: {name} is not read\n  --> {mine / name}\n" in done.stderr
    assert remedy in done.stderr


def test_other_files_may_stand_beside_queries(tmp_path: Path, tiny_project: Project) -> None:
    for name in ("small.rq", "README.md", "policy.yaml", "checks/x.rq", "below/deep/x.rq"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(OWN, encoding="utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more/little.rq").write_text(OWN, encoding="utf-8")
    found = catalogue(tiny_project, [tmp_path, tmp_path / "more"])
    assert set(found) == {*OURS, "small", "little"}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: {en: x}\na: {en: y}\n", 2, "'a' stands twice"),
        ("a: {em: x}\n", 1, "no key 'em'"),
        ("a: [x]\n", 1, "mapping is wanted"),
        ("a: {en: &x y}\nb: *x\n", 2, "alias"),
    ],
)
def test_words_are_as_strict_as_records(
    text: str, line: int, what: str, tmp_path: Path, tiny_project: Project
) -> None:
    (tmp_path / "columns.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=what) as wrong:
        _ = glossary_of(tiny_project, [tmp_path]).columns
    assert str(wrong.value.where).startswith(f"{tmp_path}/columns.yaml:{line}:")


def test_missing_folder_is_refused(tmp_path: Path, tiny_project: Project) -> None:
    with pytest.raises(OutsideError, match="no folder"):
        catalogue(tiny_project, [tmp_path / "none"])


def test_a_path_is_no_name_of_a_query(tiny_project: Project) -> None:
    with pytest.raises(RequestError):
        find_query(tiny_project, "../queries/descendants")


def test_help_tells_parameters_columns_and_an_example(jagraph: Run, tiny: Graph) -> None:
    assert tiny.folder.is_dir()
    told = jagraph("query", "largest", "--help", "-q", "--project", TINY).stdout
    assert '--answer  the weakest answer to "may I?" that is let in' in told
    assert "one of: yes, with-duties, only-if, unknown; default with-duties" in told
    assert "modelName   name of the model" in told
    assert "jagraph query largest --use host --answer only-if" in told


def test_gallery_is_grouped_and_holds_an_own_folder(jagraph: Run, tmp_path: Path) -> None:
    (tmp_path / "small.rq").write_text(OWN, encoding="utf-8")
    listed = jagraph("query", "--queries", tmp_path, "--project", TINY).stdout
    assert listed.startswith("Licences and terms\n  caveats ")
    assert "\nOther\n  small " in listed
