"""A question as a fresh process, beside bare Python and a script that parses Turtle with rdflib.

python benchmarks/startup.py [RUNS]      default: 9; prints medians and ratios to bare Python
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_SCRIPT = """
import rdflib, sys
graph = rdflib.Graph().parse(sys.argv[1], format="turtle")
query = '''PREFIX jag: <https://w3id.org/jagraph/vocab#>
SELECT ?m ?base { VALUES ?f { <https://w3id.org/jagraph/family/llama-2> }
?f jag:hasModel ?base . ?m jag:descendsFrom ?base }'''
print(len(list(graph.query(query))))
"""


def median(command: list[str], runs: int) -> float:
    """Return the median of ``runs`` wall-clock times of ``command``, in seconds."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    jagraph = [sys.executable, "-m", "jagraph"]
    with tempfile.TemporaryDirectory() as folder:
        turtle = str(Path(folder) / "jagraph.ttl")
        subprocess.run([*jagraph, "export", "-q", "-o", turtle], check=True)
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "jagraph query descendants": [*jagraph, "query", "descendants", "--base", "llama-2"],
            "jagraph terms": [*jagraph, "terms", "MedSwallow-70b"],
            "rdflib script": [sys.executable, "-c", _SCRIPT, turtle],
        }
        subprocess.run(commands["jagraph query descendants"], check=True, capture_output=True)
        bare = 0.0
        print("command\tseconds\tratio to bare Python")
        for name, command in commands.items():
            seconds = median(command, min(runs, 3) if name == "rdflib script" else runs)
            bare = bare or seconds
            print(f"{name}\t{seconds:.3f}\t{seconds / bare:.1f}", flush=True)


if __name__ == "__main__":
    main()
