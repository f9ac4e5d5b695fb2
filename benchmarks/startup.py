"""A question as a fresh process, beside bare Python, an rdflib script and the oxigraph command.

python benchmarks/startup.py [RUNS]      default: 9; prints medians and ratios to bare Python

All answer one question over the same data: what descends from Llama 2. The commands take turns,
so that a busy machine slows them all alike. Compiled modules are kept, as with every installed
package, whatever PYTHONDONTWRITEBYTECODE says here.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_QUERY = """PREFIX jag: <https://w3id.org/jagraph/vocab#>
SELECT ?m ?base { VALUES ?f { <https://w3id.org/jagraph/family/llama-2> }
?f jag:hasModel ?base . ?m jag:descendsFrom ?base }"""
_SCRIPT = """
import rdflib, sys
graph = rdflib.Graph().parse(sys.argv[1], format="turtle")
print(len(list(graph.query(sys.argv[2]))))
"""
_BIN = Path(sys.executable).parent
_ENVIRONMENT = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def rows(runs: int = 9) -> Iterator[tuple[str, float]]:
    """Yield each command's name and the median of its wall-clock times, in seconds."""
    jagraph = str(_BIN / "jagraph")
    with tempfile.TemporaryDirectory() as folder:
        turtle, store = str(Path(folder) / "jagraph.ttl"), str(Path(folder) / "store")
        oxigraph = _oxigraph()
        _run([jagraph, "export", "-q", "-o", turtle])
        _run([oxigraph, "load", "--location", store, "--file", turtle])
        asked = ["--location", store, "--query", _QUERY, "--results-format", "tsv"]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "oxigraph query": [oxigraph, "query", *asked],
            "jagraph query descendants": [jagraph, "query", "descendants", "--base", "llama-2"],
            "jagraph terms": [jagraph, "terms", "MedSwallow-70b"],
            "rdflib script": [sys.executable, "-c", _SCRIPT, turtle, _QUERY],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():  # warm
            _run(command)
        for turn in range(runs):
            for name, command in commands.items():
                if name != "rdflib script" or turn < 3:
                    began = time.perf_counter()
                    _run(command)
                    taken[name].append(time.perf_counter() - began)
    for name, found in taken.items():
        yield name, statistics.median(found)


def _oxigraph() -> str:
    """Return where the package oxigraph has put its command."""
    from shutil import which

    found = which("oxigraph", path=f"{_BIN}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        sys.exit("the command oxigraph is missing: pip install oxigraph")
    return found


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, env=_ENVIRONMENT)


def main() -> None:
    found = list(rows(int(sys.argv[1]) if len(sys.argv) > 1 else 9))
    bare = found[0][1]
    print("command\tseconds\tratio to bare Python")
    for name, seconds in found:
        print(f"{name}\t{seconds:.3f}\t{seconds / bare:.1f}")


if __name__ == "__main__":
    main()
