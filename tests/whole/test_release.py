"""What is released: the same bytes twice, whole, and of use in a clean environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from hashlib import sha256
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from tests.support.project import ROOT

from jagraph import Graph, __version__, versions

UV = ROOT / ".venv-uv/bin/uv"
_NOT_SOURCE = shutil.ignore_patterns(".git", ".venv*", "build", "dist", "*_cache", "__pycache__")
_PACKAGED = ("ontology", "data", "queries", "policies")


def test_the_citation_has_the_version_of_the_code_and_the_edition_of_the_data(live: Graph) -> None:
    code, rules, data = versions(live)
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {code}\n" in citation
    assert f"The edition of {data} " in citation
    assert f'owl:versionInfo "{rules}"' in (ROOT / "ontology/jagraph.ttl").read_text("utf-8")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what `make dist` builds, from a copy of the sources."""
    return _built(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def installed(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment with the wheel and what it depends on, from uv's cache."""
    folder = tmp_path_factory.mktemp("clean")
    frozen = _uv("pip", "freeze", "--python", sys.executable, "--exclude-editable")
    (folder / "constraints.txt").write_text(frozen, encoding="utf-8")
    _uv("venv", "--python", sys.executable, folder / "venv")
    (wheel,) = released.glob("*.whl")
    known = ("--offline", "--python", folder / "venv", "-c", folder / "constraints.txt")
    _uv("pip", "install", *known, wheel)
    return folder / "venv"


@pytest.mark.slow
def test_two_builds_have_the_same_bytes(released: Path, tmp_path: Path) -> None:
    """Also from files of another age in a folder of another name."""
    assert _digests(_built(tmp_path)) == _digests(released)


@pytest.mark.slow
def test_the_metadata_are_valid_and_say_what_is_inside(released: Path) -> None:
    metadata = Metadata.from_email(_metadata(released), validate=True)
    assert (metadata.name, str(metadata.version)) == ("jagraph", __version__)
    assert metadata.license_expression == "Apache-2.0 AND CC-BY-4.0 AND MIT"
    assert metadata.description_content_type == "text/markdown"
    assert metadata.description == (ROOT / "README.md").read_text(encoding="utf-8")
    assert {*(metadata.project_urls or ())} == {"Source", "Issues", "Changelog"}


@pytest.mark.slow
def test_the_wheel_has_the_whole_project_and_nothing_beside(released: Path) -> None:
    (wheel,) = released.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        inside = {name for name in packed.namelist() if ".dist-info/" not in name}
    code = {_below("src", path) for path in _files(ROOT / "src/jagraph")}
    project = {
        f"jagraph/_project/{_below('.', path)}"
        for name in _PACKAGED
        for path in _files(ROOT / name)
    }
    assert inside == code | project


@pytest.mark.slow
def test_the_source_has_what_the_tests_need(released: Path) -> None:
    (source,) = released.glob("*.tar.gz")
    with tarfile.open(source) as packed:
        inside = {name.partition("/")[2] for name in packed.getnames()}
    for name in ("tests", "queries", "docs", "benchmarks"):
        assert {_below(".", path) for path in _files(ROOT / name)} <= inside
    assert {"Makefile", "pyproject.toml", "uv.lock", "README.md"} <= inside
    assert not any(name.startswith((".ci", ".git/", "build/")) for name in inside)


@pytest.mark.slow
def test_it_works_in_a_clean_environment_from_a_foreign_folder(
    installed: Path, tmp_path: Path
) -> None:
    assert _run(installed, tmp_path, "--version") == f"jagraph, version {__version__}\n"
    rows = _run(installed, tmp_path, "query", "descendants-with-terms", "--base", "llama-2")
    assert "model/medswallow-70b" in rows
    assert "ask\tyouri-7b" in _run(
        installed, tmp_path, "check", "Youri-7B", "--policy", "ship-a-product"
    )
    assert _run(installed, tmp_path, "draw", "llama-2", "--down").startswith("<svg")
    assert "https://w3id.org/jagraph/" in _run(installed, tmp_path, "export", "--format", "nt")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
def test_the_api_works_there_too(installed: Path, tmp_path: Path) -> None:
    code = (
        "from jagraph import open_graph, run_query, saved_queries; graph = open_graph(); "
        "print(graph.project.packaged, len(saved_queries(graph)), "
        "len(run_query(graph, 'merges')) > 0)"
    )
    queries = len([*(ROOT / "queries").glob("*.rq")])
    assert _python(installed, tmp_path, "-c", code) == f"True {queries} True\n"


def _built(folder: Path) -> Path:
    """Run `make dist` in a copy of the sources below ``folder``; return where the files are."""
    copy = shutil.copytree(ROOT, folder / "sources", ignore=_NOT_SOURCE, symlinks=True)
    for name in (".venv", ".venv-uv"):
        (copy / name).symlink_to(ROOT / name)
    # the age of a file says nothing here: that of the copy is another
    command = ["make", "-o", ".venv/tested", "dist"]
    variables = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", "UV_OFFLINE": "1"}
    subprocess.run(command, cwd=copy, env=variables, check=True, capture_output=True)
    return copy / "dist"


def _uv(*words: str | Path) -> str:
    done = subprocess.run([UV, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run(environment: Path, folder: Path, *words: str) -> str:
    """Run the installed command in ``folder``, away from the sources."""
    return _python(environment, folder, "-m", "jagraph", *words)


def _python(environment: Path, folder: Path, *words: str) -> str:
    command = [environment / "bin/python", *words]
    variables = {**os.environ, "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != ".gitignore"
    }


def _metadata(released: Path) -> bytes:
    (wheel,) = released.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        (name,) = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA")]
        content = packed.read(name)
    assert BytesParser().parsebytes(content)["Name"] == "jagraph"
    return content


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below ``folder`` that are sources."""
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _below(folder: str, path: Path) -> str:
    return path.relative_to(ROOT / folder).as_posix()
