"""Each thing a curator can get wrong has a finding with its place, and a record that shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.support.project import ROOT, Run

from jagraph.core import findings
from jagraph.core.errors import OutsideError
from jagraph.core.project import Project, find_project
from jagraph.graph.validation import validate

BROKEN = ROOT / "tests/broken"
FOLDERS = sorted(path for path in BROKEN.iterdir() if path.is_dir())
# What no YAML can get wrong: the reader refuses an empty text, a bad id or a bad address first, and
# the context gives the datatype and the namespace. test_shapes.py breaks these shapes in RDF.
UNREACHABLE = {
    *("names", "aliases", "unknown", "none", "url", "source", "footnotes", "editions", "for"),
    *("format", "architecture", "developers", "domains", "platforms", "method", "datasets"),
    *("version-of", "part-of", "made-from", "made-from-benchmarks", "generated-by", "includes"),
    *("judges", "judged", "evaluates", "member-of", "inferred-keys", "licensors"),
    *("limits", "due", "wording", "may-become", "may-be"),
}


def codes() -> set[str]:
    reader = (ROOT / "src/jagraph/records/reader.py").read_text(encoding="utf-8")
    written = set(re.findall(r'^\s+"([a-z]+-[a-z-]+)",$', reader, re.M))
    written |= set(re.findall(r'_refuse\(\s*\S+, "([a-z-]+)"', reader))
    for module in ("bounded_reader", "positioned_yaml"):
        source = (ROOT / f"src/jagraph/core/{module}.py").read_text(encoding="utf-8")
        written |= set(re.findall(r'Fault\(\s*"([a-z-]+)"', source))
    shapes = (ROOT / "ontology/shapes.ttl").read_text(encoding="utf-8")
    written |= set(re.findall(r"^:([a-z-]+) a sh:PropertyShape", shapes, re.M))
    return written | {path.stem for path in (ROOT / "queries/checks").glob("*.rq")}


def test_every_code_has_a_folder() -> None:
    # "lost-value" guards against a slip of the JSON-LD parser: tests/graph/test_build.py provokes
    # it; "too-large" is a megabyte: tests/graph/test_limits.py writes it
    expected = codes() - UNREACHABLE - {"lost-value", "too-large"} | {"misplaced-key"}
    assert {path.name for path in FOLDERS} == expected


@pytest.mark.parametrize("folder", FOLDERS, ids=[path.name for path in FOLDERS])
def test_broken_record_is_found_where_it_is(folder: Path) -> None:
    found = validate(find_project(folder))
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    assert findings.render(found, "table") + "\n" == expected
    assert folder.name in {issue.code for issue in found}


def test_good_records_have_no_findings(tiny_project: Project) -> None:
    assert validate(tiny_project) == []


def test_github_format_annotates_file_and_line() -> None:
    found = validate(find_project(BROKEN / "parameters"))
    text = findings.render(found, "github")
    assert text.startswith("::error file=data/models/ume.yaml,line=3,col=38")


def test_json_format_has_every_part() -> None:
    found = validate(find_project(BROKEN / "unknown-key"))
    (entry,) = json.loads(findings.render(found, "json"))
    assert entry["code"] == "unknown-key"
    assert entry["file"] == "data/models/ume.yaml"
    assert (entry["line"], entry["column"]) == (4, 1)


def test_paths_limit_what_is_reported() -> None:
    project = find_project(BROKEN / "duplicate-alias")
    found = validate(project)
    one = validate(project, [Path("data/datasets/dolly.yaml")])
    assert len(found) == 2
    assert [issue.position.file.name for issue in one] == ["dolly.yaml"]
    assert validate(project, [project.root / "data"]) == found


SEVERAL = [path for path in FOLDERS if len([*(path / "data").rglob("*.yaml")]) > 1]


@pytest.mark.parametrize("folder", SEVERAL, ids=[path.name for path in SEVERAL])
def test_findings_of_one_file_are_those_of_all_files_there(folder: Path) -> None:
    project = find_project(folder)
    found = validate(project)
    for file in {issue.position.file for issue in found}:
        if (project.root / file).is_file():
            there = [issue for issue in found if issue.position.file == file]
            assert validate(project, [file]) == there


def test_file_without_mistakes_has_no_findings_in_a_broken_project() -> None:
    project = find_project(BROKEN / "variant")
    wrong = {issue.position.file for issue in validate(project)}
    for path in project.records():
        if project.relative(path) not in wrong:
            assert validate(project, [path]) == []


def test_a_path_that_is_in_two_projects_is_that_of_the_one_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(BROKEN / "duplicate-id")
    assert validate(find_project(BROKEN / "words"), [Path("data/models/ume.yaml")])
    with pytest.raises(OutsideError, match="is not in"):
        validate(find_project(BROKEN / "words"), [Path("data/models/ume-two.yaml")])


def test_missing_path_is_said() -> None:
    project = find_project(BROKEN / "duplicate-alias")
    with pytest.raises(OutsideError, match="does not exist"):
        validate(project, [Path("data/datasets/nothing.yaml")])


def test_stages_are_told() -> None:
    said: list[str] = []
    validate(find_project(BROKEN / "duplicate-alias"), say=said.append)
    assert [text.strip() for text in said[1:]] == [
        "each by itself (shapes) …",
        "against each other (checks) …",
    ]


def test_command_says_how_many_and_fails(jagraph: Run) -> None:
    done = jagraph("validate", "--project", BROKEN / "dangling-reference")
    assert done.returncode == 1
    assert done.stdout == (BROKEN / "dangling-reference/expected.txt").read_text(encoding="utf-8")
    assert "1 errors, 0 warnings" in done.stderr


def test_ill_typed_literal_makes_no_noise(jagraph: Run) -> None:
    done = jagraph("validate", "-q", "--project", BROKEN / "date")
    assert (done.returncode, done.stderr) == (1, "")
