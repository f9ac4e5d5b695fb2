"""What a verb loads: a question must not wait for libraries that it does not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.project import TINY

from jagraph.cli.verbs import VERBS
from jagraph.graph.cache import Graph

HEAVY = {
    *("rdflib", "pyshacl", "networkx", "matplotlib", "reportlab", "PIL", "fontTools", "rich"),
    *("mcp", "starlette", "uvicorn", "jinja2", "httpx"),
}
_LOADED = {
    "query descendants --base mountain": set(),
    "query": set(),
    "sparql ASK{}": set(),
    "search mountain": set(),
    "show Ume-7b": set(),
    "stats": set(),
    "export --format nt": set(),
    "lineage mountain": set(),
    "terms Ume-7b": set(),
    "draw mountain --format dot": set(),
    "draw mountain --format svg": {"PIL", "fontTools"},
    "check --help": set(),
    "compatible --help": set(),
    "chart --help": set(),
    "load --help": set(),
    "import-hub --help": set(),
    "serve --help": set(),
    "mcp --help": set(),
    "validate --help": set(),
    "build --help": set(),
    "verify": set(),
    "new --help": set(),
    "fmt --help": set(),
}


def listing_modules(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the command in a process that says on stderr, at its end, which modules it has."""
    program = (
        "import sys\n"
        f"sys.argv = ['jagraph', *{arguments!r}]\n"
        "from jagraph.__main__ import main\n"
        "try:\n    main()\n"
        "finally:\n    print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


def test_every_verb_is_looked_at() -> None:
    assert {command.split()[0] for command in _LOADED} >= set(VERBS)


@pytest.mark.parametrize("command", _LOADED)
def test_verb_loads_only_what_it_uses(command: str, tiny: Graph) -> None:
    assert tiny.folder is not None
    arguments = [*command.split(), "-q", "--project", str(TINY)]
    if "--help" in arguments:
        arguments = command.split()
    done = listing_modules(arguments)
    assert done.returncode == 0, done.stderr
    assert HEAVY & set(done.stderr.split()) <= _LOADED[command]


def test_question_asked_before_needs_no_reader_of_yaml(copy: Path) -> None:
    asked = ["query", "descendants", "--base", "mountain", "-q", "--project", str(copy)]
    first, second = (listing_modules(asked) for _ in range(2))
    assert second.stdout == first.stdout
    assert (second.returncode, second.stderr.count("\n")) == (0, 1), second.stderr
    assert "jagraph.query.catalogue" in second.stderr.split()
    assert "yaml" not in second.stderr.split()
