"""The examples in the docstrings of the public API do what they say, on the frozen project."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import pytest
from tests.support.project import ROOT

import jagraph
from jagraph import Graph

_SILENT = {"Graph.close"}  # what it does is not seen in an example; test_opening has it


def _examples() -> list[doctest.DocTest]:
    """Return the docstrings of all public functions, and of the methods of the graph."""
    finder = doctest.DocTestFinder(exclude_empty=False, recurse=False)
    things = {name: getattr(jagraph, name) for name in jagraph.__all__}
    things |= {f"Graph.{name}": method for name, method in vars(Graph).items() if name[0] != "_"}
    found = {
        name: finder.find(thing, name, module=False, globs={})
        for name, thing in things.items()
        if inspect.isfunction(thing)
    }
    return [one for tests in found.values() for one in tests]


def test_every_public_function_has_an_example() -> None:
    without = {one.name for one in _examples() if not one.examples}
    assert without <= {*_SILENT, "Graph.on_disk", "Graph.sources"}


@pytest.mark.parametrize("example", _examples(), ids=lambda example: example.name)
def test_an_example_runs(
    example: doctest.DocTest, tiny: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    public = {name: getattr(jagraph, name) for name in jagraph.__all__}
    example.globs = {**public, "graph": tiny, "folder": tmp_path}
    said: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert outcome.failed == 0, "".join(said)
