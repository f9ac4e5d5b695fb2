"""What `from jagraph import …` has, for programs, for type checkers and for those who look."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import jagraph

_SOURCE = Path(jagraph.__file__).read_text(encoding="utf-8")


def test_the_three_lists_of_names_are_one() -> None:
    typed = {
        name.name: node.module
        for node in ast.walk(ast.parse(_SOURCE))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jagraph.")
        for name in node.names
    }
    lazy = {name: f"jagraph.{home}" for home, names in jagraph._HOMES.items() for name in names}
    assert typed == lazy
    assert sorted(typed) == jagraph.__all__


def test_every_name_is_there_and_explained() -> None:
    for name in jagraph.__all__:
        thing = getattr(jagraph, name)
        assert name == "__version__" or inspect.getdoc(thing), name
    assert {*jagraph.__all__} <= {*dir(jagraph)}


def test_no_name_is_that_of_a_room() -> None:
    """An import of the room would put itself in the place of the function."""
    rooms = {module.name for module in pkgutil.iter_modules(jagraph.__path__)}
    assert not rooms & {*jagraph.__all__}


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    assert not hasattr(jagraph, "opengraph")


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys; before = {*sys.modules}; import jagraph; print({*sys.modules} - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'jagraph'}"


def test_the_version_is_that_of_the_installed_package() -> None:
    assert jagraph.__version__ == version("jagraph")
