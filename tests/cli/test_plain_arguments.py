"""What is read without click is what click reads, or it is left to click."""

from __future__ import annotations

import json
import os
import re
import shlex
import time
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.test_startup import listing_modules
from tests.support.project import ROOT, TINY, Run

from jagraph.cli import plain_arguments
from jagraph.cli.plain_arguments import PLAIN, question, read
from jagraph.cli.plain_tables import command, remember_tables, table_of
from jagraph.cli.verbs import cli
from jagraph.graph.cache import Graph

TABLES = {verb: table_of(command(cli, verb)) for verb in PLAIN}
_DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_COMMAND = re.compile(rf"^ *jagraph ((?:{'|'.join(PLAIN)})\b.*)$", re.M)
_WORDS = (
    *("llama-2", "Swallow 13B", "descendants", "7", "0", "-1", "1_0", "٣", "x=y", "", "-", "--"),
    *("text", "json", "tsv", "TSV", "commercial", "no-such-file", ".", "日本", "\udce9"),
    *("--base", "--base=llama-2", "--follow=", "---", "-x", "-qv", "-ofile", "--form", "--help"),
)


def by_click(verb: str, words: list[str]) -> dict[str, Any] | None:
    """Return the parameters that click makes of ``words``, None where it refuses or helps."""
    known = command(cli, verb)
    try:
        return known.make_context(verb, list(words)).params
    except (click.ClickException, click.exceptions.Exit):
        return None


def _examples() -> list[list[str]]:
    found = [
        shlex.split(match[1].partition("   ")[0], comments=True)
        for document in _DOCUMENTS
        for match in _COMMAND.finditer(document.read_text(encoding="utf-8"))
    ]
    return [words for words in found if not set("|<>…[") & set("".join(words))]


@st.composite
def _command_lines(draw: st.DrawFn) -> list[str]:
    verb = draw(st.sampled_from(PLAIN))
    options = sorted(TABLES[verb]["options"])
    values = st.sampled_from(_WORDS) | st.text(max_size=4).filter(lambda text: "\0" not in text)
    joined = st.builds("{}={}".format, st.sampled_from(options), values)
    return [verb, *draw(st.lists(st.sampled_from(options) | values | joined, max_size=6))]


@given(_command_lines())
def test_reads_what_click_reads_or_leaves_it_to_click(line: list[str]) -> None:
    verb, *words = line
    found = read(words, TABLES[verb])
    if found is not None:
        assert found == by_click(verb, words)


def test_commands_of_the_documents_need_no_click() -> None:
    examples = _examples()
    assert len(examples) > 10
    assert len({verb for verb, *_ in examples}) > 3
    for verb, *words in examples:
        plain = read(words, TABLES[verb])
        if not {"-h", "--help"} & set(words):
            assert plain is not None, words
            assert plain == by_click(verb, words)


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["x", "--help"], ["--"], ["-qv", "x"], [""]])
@pytest.mark.parametrize("verb", PLAIN)
def test_help_and_unusual_forms_are_left_to_click(verb: str, words: list[str]) -> None:
    assert read(words, TABLES[verb]) is None


def test_a_table_is_plain_data() -> None:
    for table in TABLES.values():
        assert json.loads(json.dumps(table["defaults"])).keys() == table["defaults"].keys()
        assert None not in table["options"].values()


def test_tables_hold_for_the_code_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGRAPH_CACHE", str(tmp_path / "cache"))
    module = tmp_path / "verbs.py"
    module.write_text("", encoding="utf-8")
    for place in (plain_arguments, __import__("jagraph.cli.plain_tables", fromlist=["FOLDER"])):
        monkeypatch.setattr(place, "FOLDER", str(tmp_path))
    words = ["search", "mountain"]
    remember_tables(cli)
    assert question(words) is None  # the module may still change unseen
    long_ago = time.time() - 60
    os.utime(module, (long_ago, long_ago))
    time.sleep(0.2)
    remember_tables(cli)
    assert question(words) == ("search", by_click("search", ["mountain"]))
    monkeypatch.setenv(plain_arguments.COMPLETION, "bash_complete")
    assert question(words) is None
    monkeypatch.delenv(plain_arguments.COMPLETION)
    module.write_text("# other options", encoding="utf-8")
    assert question(words) is None


@pytest.mark.parametrize(
    "line", ["search mountain", "query descendants --base mountain", "show Ume-7b", "lineage ume"]
)
def test_the_answer_is_the_same_with_and_without_click(
    line: str, tiny: Graph, jagraph: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tiny.folder is not None
    words = [*line.split(), "--project", str(TINY)]
    jagraph(*words)
    plain, by_themselves = listing_modules(words), jagraph(*words)
    assert "click" not in plain.stderr.split()
    assert plain.stdout == by_themselves.stdout
    monkeypatch.setattr(plain_arguments, "recalled", lambda: None)
    monkeypatch.setenv("JAGRAPH_CACHE", str(tmp_path))
    anew = listing_modules(words)
    assert "click" in anew.stderr.split()
    assert (anew.returncode, anew.stdout) == (plain.returncode, plain.stdout)
