"""All benchmarks, side by side in one run: `make bench`.

python -m benchmarks [PART …] [--sizes N …] [--resume] [--write]

A part that fails is reported and the others go on; each part's rows are kept in build/bench/ when
it is done, and --resume takes those of an earlier run with the same sizes. Tables go to stdout,
progress to stderr; --write puts the tables into docs/benchmarks.md. Exit code 1 when a part failed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.frame import Part, Row, machine, table
from benchmarks.hub_dump import Mix
from benchmarks.parts import PARTS

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build/bench"
SMALL = (1_000, 4_000)
_HEAD = """\
# Benchmarks

One run of `make bench`, written by the command itself. It prints ratios, measured side by side in
one run: a question as a fresh process beside Python itself, the oxigraph command and an rdflib
script; each saved query on disk, in memory, over HTTP and in rdflib; build, validation, rules and
SHACL engines as the graph grows. Repeat it with

```sh
make bench                                        # small sizes, about two minutes
make bench SIZES="10000 100000 1000000 2500000"   # as much of the Hub as there is
make bench PARTS="startup queries" WRITE=1        # some of it, tables kept here
```

Times are medians; the compared commands run in turn (A B A B) on one machine. A ratio stands behind
a time: 5x takes five times as long as the first column. The data at size are synthetic
(`benchmarks/hub_dump.py` says what they are like), seed {seed}. Sizes: {sizes}.
`python benchmarks/hub_dump.py 10000 -o hub.jsonl.gz` writes them, the same for the same seed.

- {machine}
- {date}, {minutes:.0f} minutes in all{resumed}

"""


def earlier(part: Part, sizes: Sequence[int]) -> list[Row] | None:
    """Return the rows of an earlier run of ``part`` with the same sizes, None where none are."""
    kept = _kept(part)
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    if known.get("sizes") != list(sizes):
        return None
    return [Row(**row) for row in known["rows"]]


def measure(part: Part, sizes: Sequence[int]) -> list[Row]:
    """Return the rows of one part, and keep them."""
    rows = []
    for row in part.run(sizes):
        rows.append(row)
        size = f" {row.size:,}" if row.size else ""
        times = ", ".join(f"{name} {value:.3g} s" for name, value in row.seconds.items())
        print(f"{part.name}: {row.what}{size}: {times}", file=sys.stderr, flush=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"sizes": list(sizes), "rows": [asdict(row) for row in rows]}, indent=1)
    _kept(part).write_text(text + "\n", encoding="utf-8")
    return rows


def _kept(part: Part) -> Path:
    return KEPT / f"{part.name}.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; return the exit code."""
    names = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure jagraph.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(names))
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SMALL), metavar="N")
    parser.add_argument("--resume", action="store_true", help="keep the parts measured before")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(names):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
    about, began = machine(), time.monotonic()
    tables: list[str] = []
    failed: list[str] = []
    resumed: list[str] = []
    print("\n".join(about), file=sys.stderr)
    for part in PARTS:
        if asked.parts and part.name not in asked.parts:
            continue
        try:
            rows = earlier(part, sorted(asked.sizes)) if asked.resume else None
            if rows is None:
                rows = measure(part, sorted(asked.sizes))
            else:
                resumed.append(part.name)
            done = table(part.title, rows)
        except Exception as reason:  # whatever breaks one part, the others go on
            failed.append(part.name)
            done = f"### {part.title}\n\nFailed: {type(reason).__name__}: {reason}\n"
            print(f"{part.name}: failed: {reason}", file=sys.stderr)
        tables.append(done)
        print(done, flush=True)
    if asked.write:
        head = _HEAD.format(
            seed=Mix.seed,
            sizes=", ".join(f"{size:,}" for size in sorted(asked.sizes)),
            machine="\n- ".join(about),
            date=datetime.now(UTC).date().isoformat(),
            minutes=(time.monotonic() - began) / 60,
            resumed=f"\n- from an earlier run: {', '.join(resumed)}" if resumed else "",
        )
        (ROOT / "docs/benchmarks.md").write_text(head + "\n".join(tables), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
