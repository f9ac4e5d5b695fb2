"""The benchmarks measure what they say: tables, growth, and a failing part that stops no other."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from benchmarks import __main__ as bench
from benchmarks import frame, parts
from benchmarks.frame import Alike, Part, Row, command, in_turn, once, peak, slope, table
from tests.support.project import ROOT

pytestmark = pytest.mark.slow


def test_contenders_run_in_turn_and_the_median_counts() -> None:
    seen: list[str] = []
    waits = iter([0.05, 0.0, 0.0])

    def first() -> None:
        seen.append("first")
        time.sleep(next(waits))

    taken = in_turn({"first": first, "second": lambda: seen.append("second")}, 3)
    assert seen == ["first", "second"] * 3
    assert taken["first"] < 0.05


def test_slope_is_the_exponent_of_growth() -> None:
    assert math.isclose(
        slope([(10, 3 * 10**1.5), (100, 3 * 100**1.5), (1000, 3e0 * 1000**1.5)]), 1.5
    )


def test_table_has_ratios_to_the_first_and_growth() -> None:
    rows = [
        Row("ask", 100, {"ours": 0.25, "other": 0.5}),
        Row("ask", 10_000, {"ours": 2.5}),
    ]
    assert table("Asking", rows).splitlines() == [
        "### Asking",
        "",
        "| what | models | ours | other |",
        "| --- | ---: | ---: | ---: |",
        "| ask | 100 | 250 ms | 500 ms (2x) |",
        "| ask | 10,000 | 2.5 s |  |",
        "",
        "Growth, as the exponent of the number of models: ask, ours 0.50.",
    ]


def test_table_has_the_memory_of_programs() -> None:
    used = peak(sys.executable, "-c", "x = b'x' * (100 << 20)")
    assert 0.09 < used < 0.2
    lines = table("Weight", [Row("hold", 0, {"s": 1}, used), Row("ask", 0, {"s": 2})]).splitlines()
    assert lines[2] == "| what | s | memory |"
    assert lines[4] == f"| hold | 1 s | {used:.2f} GiB |"
    assert lines[5] == "| ask | 2 s |  |"


def test_contender_that_takes_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert once(lambda: 7)[1] == 7
    monkeypatch.setattr(frame, "PATIENCE", 0.2)
    row = Row("ask", 0, {"ours": 0.25, "other": once(lambda: time.sleep(600) or 1)[0]})
    assert "| ask | 250 ms | over 0.2 s |" in table("Asking", [row])
    with pytest.raises(RuntimeError, match="without an answer"):
        once(lambda: os._exit(1))


def test_contenders_that_answer_otherwise_are_an_error() -> None:
    alike = Alike()
    for act in alike.counted({"one": lambda: 1, "other": lambda: 2}).values():
        act()
    with pytest.raises(ValueError, match="ask: different answers"):
        alike.check("ask")


def test_command_that_fails_says_what_the_program_said() -> None:
    act = command(sys.executable, "-c", "raise SystemExit('no room')")
    with pytest.raises(RuntimeError, match="no room"):
        act()


def test_failing_part_is_reported_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(sizes: Sequence[int]) -> Iterator[Row]:
        yield Row("never kept", sizes[0], {"seconds": 1})
        raise OSError("no server")

    def works(sizes: Sequence[int]) -> Iterator[Row]:
        for size in sizes:
            yield Row("count", size, {"seconds": size / 1000})

    monkeypatch.setattr(bench, "KEPT", tmp_path)
    monkeypatch.setattr(bench, "PARTS", [Part("one", "One", breaks), Part("two", "Two", works)])
    assert bench.main(["--sizes", "20", "10"]) == 1
    said = capsys.readouterr()
    assert "### One\n\nFailed: OSError: no server" in said.out
    assert "| count | 10 | 10 ms |\n| count | 20 | 20 ms |" in said.out
    assert "count, seconds 1.00" in said.out
    assert "cores" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["two.json"]
    # a part that is done is not measured again, one with other sizes is
    kept = json.loads((tmp_path / "two.json").read_text(encoding="utf-8"))
    kept["rows"][0]["seconds"]["seconds"] = 7.0
    (tmp_path / "two.json").write_text(json.dumps(kept), encoding="utf-8")
    bench.main(["two", "--sizes", "10", "20", "--resume"])
    assert "| count | 10 | 7 s |" in capsys.readouterr().out
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    bench.main(["two", "--sizes", "10", "20", "--resume", "--write"])
    written = (tmp_path / "docs/benchmarks.md").read_text(encoding="utf-8")
    assert "- from an earlier run: two\n" in written
    (tmp_path / "docs/benchmarks.md").unlink()
    capsys.readouterr()
    bench.main(["two", "--sizes", "10", "--resume"])
    assert "| count | 10 | 10 ms |" in capsys.readouterr().out


def test_written_tables_say_how_to_repeat_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(bench, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(parts, "dump", lambda size: tmp_path / f"hub-{size}.jsonl.gz")
    assert bench.main(["dumps", "rules", "--sizes", "20", "40", "--write"]) == 0
    written = (tmp_path / "docs/benchmarks.md").read_text(encoding="utf-8")
    assert "make bench" in written
    assert "seed 1. Sizes: 20, 40." in written
    assert "| what | models | seconds |" in written
    assert (tmp_path / "hub-40.meta.json").is_file()


def test_unknown_part_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nothing"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "no part nothing; there are: startup" in done.stderr
