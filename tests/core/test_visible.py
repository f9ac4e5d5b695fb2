"""No text of a record, of the Hub or of a file's name acts on a terminal or hides in a line."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import pty
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.project import ROOT, TINY, Run
from tests.support.solutions import solutions

from jagraph.cli.terminal_text import visibly
from jagraph.core.project import find_project
from jagraph.core.visible_text import unseen, visible
from jagraph.graph.validation import validate
from jagraph.query.result_formats import render

pytestmark = pytest.mark.slow


SHOWN = {
    "\x1b[2K\r": "\\x1b[2K\\x0d",
    "\x9b31m": "\\u009b31m",
    "\x7f\x00\x08": "\\u007f\\x00\\x08",
    "\u202e\u2066\u200f\u061c": "\\u202e\\u2066\\u200f\\u061c",
    "\u200b\u2060\ufeff\xad": "\\u200b\\u2060\\ufeff\\u00ad",
    "\u2028\u2029\x85": "\\u2028\\u2029\\u0085",
    "\U000e0041": "\\udb40\\udc41",
    "\ud800": "\\ud800",
    "tab\t, line\n, line\r\n": "tab\t, line\n, line\r\n",
    "辻\U000e0100 ❤️ é が ﷺ": "辻\U000e0100 ❤️ é が ﷺ",
}
WEIRD = st.sampled_from(
    [*"\x1b\x9b\x7f\x00\r\n\t\x85\xad\u202e\u2066\u200b\ufeff\u2028=+-@＝", "a"]
)


@pytest.mark.parametrize(("text", "shown"), SHOWN.items(), ids=map(repr, SHOWN))
def test_characters_are_shown_as_what_they_are(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert bool(unseen(text)) == (text != shown)


def test_every_control_and_every_format_character_without_a_shape_is_shown() -> None:
    signs = {"\u0600", "\u0601", "\u0602", "\u0603", "\u0604", "\u0605", "\u06dd", "\u070f"}
    signs |= {"\u0890", "\u0891", "\u08e2", "\U000110bd", "\U000110cd"}  # these are seen
    signs |= {chr(code) for code in range(0x13430, 0x13440)}  # so are what joins hieroglyphs
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        unshown = unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        if unshown and sign not in signs | {"\t", "\n"}:
            assert visible(sign) != sign, hex(code)


@given(st.text(st.one_of(WEIRD, st.characters()), max_size=30))
def test_visible_text_stays_and_is_the_same_json(text: str) -> None:
    shown = visible(text)
    assert not unseen(shown)
    assert visible(shown) == shown
    document = json.dumps([text], ensure_ascii=False)
    assert json.loads(visible(document)) == [text]


@given(st.lists(st.tuples(st.text(WEIRD), st.text(WEIRD)), max_size=4))
def test_tables_for_people_are_visible_and_those_for_programs_exact(
    rows: list[tuple[str, str]],
) -> None:
    for form in ("table", "md"):
        assert not unseen(render(solutions(rows), form))
    exact = list(csv.reader(io.StringIO(render(solutions(rows), "csv"), newline="")))
    assert exact[1:] == [list(row) for row in rows]
    safe = list(csv.reader(io.StringIO(render(solutions(rows), "csv-safe"), newline="")))
    for row, written in zip(rows, safe[1:], strict=True):
        for cell, kept in zip(row, written, strict=True):
            assert kept == ("'" + cell if cell[:1] and cell[0] in "=+-@\t\r\n＝＋－＠" else cell)
    lines = render(solutions(rows), "tsv").split("\n")
    assert len(lines) == len(rows) + 2
    assert "\r" not in "".join(lines)


def test_our_records_have_nothing_that_is_not_seen() -> None:
    for path in (ROOT / "data").rglob("*"):
        if path.is_file():
            assert not unseen(path.read_text(encoding="utf-8")), path


FORGED = "Evil\x1b[1A\x1b[2K\rcommercial: yes\u202e\u200b"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An imported store, in which a licence of the Hub has a forged name."""
    folder = tmp_path_factory.mktemp("hub")
    card = {"license": "other", "license_name": FORGED, "datasets": [FORGED]}
    dump = folder / "models.jsonl"
    dump.write_text(json.dumps({"id": "evil/model", "cardData": card}) + "\n", encoding="utf-8")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "jagraph",
            "import-hub",
            dump,
            "--store",
            folder / "store",
            "--project",
            TINY,
        ],
        check=True,
        capture_output=True,
    )
    return folder / "store"


COMMANDS = [
    ["terms", "evil/model"],
    ["terms", "evil/model", "--format", "json"],
    ["show", "hub/evil/model"],
    ["check", "evil/model", "--policy", "ship-a-product"],
    ["query", "models-by-license", "--format", "table"],
    ["sparql", "SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'Evil')) }", "--format", "md"],
    ["show", "no\x1b[2Ksuch"],
    ["sparql", "SELECT * { \x1b[2K }"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=range(len(COMMANDS)))
def test_text_of_the_hub_cannot_forge_an_answer(
    words: list[str], store: Path, jagraph: Run
) -> None:
    done = jagraph(*words, "--store", store, "--project", TINY)
    assert done.returncode != 70, done.stderr
    assert not unseen(done.stdout)
    assert not unseen(done.stderr)


def test_the_forged_name_is_shown_where_it_stands(store: Path, jagraph: Run) -> None:
    said = jagraph("terms", "evil/model", "--store", store, "--project", TINY).stdout
    assert "commercial: yes\\u200b" in said  # an import takes what a terminal obeys out
    query = "SELECT DISTINCT ?o { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'Evil')) }"
    words = ("sparql", query, "--store", store, "--project", TINY, "--format")
    found = json.loads(jagraph(*words, "json").stdout)["results"]["bindings"]
    assert any("yes\u200b" in row["o"]["value"] for row in found)


def _until_closed(leader: int) -> Iterator[bytes]:
    """What is written to the other end, which holds a few kilobytes, until it is closed."""
    with contextlib.suppress(OSError):  # how Linux says that it is
        while seen := os.read(leader, 1 << 16):
            yield seen


def test_a_terminal_gets_no_format_raw(store: Path) -> None:
    query = "SELECT ?o { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'Evil')) }"
    for form in ("tsv", "csv", "json"):
        leader, follower = pty.openpty()
        words = ["sparql", query, "--store", str(store), "--project", str(TINY), "--format", form]
        asked = subprocess.Popen([sys.executable, "-m", "jagraph", *words], stdout=follower)
        os.close(follower)
        seen = b"".join(_until_closed(leader)).decode()
        os.close(leader)
        assert asked.wait() == 0
        assert "Evil" in seen
        assert not unseen(seen.replace("\r\n", "\n"))


@pytest.mark.parametrize("form", ["svg", "dot", "mmd", "graphml", "cyjs"])
def test_a_picture_is_whole_whatever_a_title_has(form: str, jagraph: Run) -> None:
    done = jagraph("draw", "kiku", "--project", TINY, "--format", form, "--title", FORGED)
    assert done.returncode == 0, done.stderr
    assert not unseen(done.stdout)
    if form in ("svg", "graphml"):
        ElementTree.fromstring(done.stdout)


def test_every_stream_of_a_command_is_watched(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sys.stdout, sys.stderr
    with visibly():
        sys.stdout.write("out\x1b\n")
        sys.stderr.write("err\u202e\n")
    assert (sys.stdout, sys.stderr) == before
    assert capsys.readouterr() == ("out\\x1b\n", "err\\u202e\n")


def test_a_record_with_such_a_text_is_refused(copy: Path) -> None:
    record = copy / "data/models/ume.yaml"
    text = record.read_text(encoding="utf-8")
    for sign in ("\\e[2K", "\u202e", "\u200b", "\\x7f", "\\u2028"):
        record.write_text(text.replace("name: Ume\n", f'name: "U{sign}me"\n', 1), encoding="utf-8")
        (found,) = validate(find_project(copy))
        assert (found.code, found.position.line) == ("unseen-character", 1)
