"""`jagraph fmt` changes how a record looks and never what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests.support.project import ROOT, Run

from jagraph.core.bounded_reader import FaultyError
from jagraph.records.formatter import content, tidy

RECORDS = sorted((ROOT / "data").glob("*/*.yaml"))
LINES = st.sampled_from(
    [
        *(
            "a: b",
            "a: b  ",
            "b: |",
            "c: >-",
            "d: |+  ",
            "e: >2",
            "  text  ",
            "   more\t",
            "  ",
            "",
            "\t",
        ),
        *(
            "  # no comment ",
            "# comment  ",
            "- a ",
            '"x \\  ',
            "y '",
            "f: 'one  ",
            "  two'  ",
            "g: [a, ",
        ),
        *(
            "  b ]  ",
            "h: か\u3099",
            "h: か\u3099 \\",
            "i: \u1fefx",
            "j: k\u3000",
            "---",
            "... ",
            "k: {l: m,  ",
        ),
        *("  n: o}", "p: \u00a0", 'q: "r\\', '  s\\  "', "? t", ": u  "),
    ]
)
FILES = st.lists(LINES, max_size=10).map("\n".join) | st.lists(LINES, max_size=8).map("\r\n".join)


def test_every_record_of_ours_is_tidy() -> None:
    for path in RECORDS:
        text = path.read_text(encoding="utf-8")
        assert tidy(text) == text, path


@given(st.sampled_from(RECORDS), st.data())
def test_a_record_with_blanks_says_the_same(path: Path, data: st.DataObject) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    blanks = st.sampled_from(["", " ", "\t", "  \t", "\r"])
    spoilt = "\n".join(line + data.draw(blanks) for line in lines) + data.draw(blanks)
    try:
        before = content(spoilt)
    except FaultyError:
        assume(False)
    assert content(tidy(spoilt)) == before
    assert tidy(tidy(spoilt)) == tidy(spoilt)


@given(FILES)
@example("a: |\n  x")
@example("a: |+\n  x\n\n\n")
@example("a: |\n  x  \n   \n  y\t\nb: c  \n")
@example('a: "x\\ \n  y"\n')
@example("a: '\n\n  x  \n'  \n")
@example("a: |  \n  x\n# end  \n\n")
def test_whatever_is_yaml_says_the_same(text: str) -> None:
    try:
        before = content(text)
    except FaultyError:
        with pytest.raises(FaultyError):
            tidy(text)
        return
    form = tidy(text)
    assert content(form) == before
    assert tidy(form) == form


@given(st.recursive(st.text(max_size=30), lambda inner: st.lists(inner, max_size=3), max_leaves=6))
def test_what_yaml_writes_comes_back(value: object) -> None:
    for style in (None, "|", ">", '"', "'"):
        text = yaml.safe_dump({"a": value}, allow_unicode=True, default_style=style, width=40)
        try:
            before = content(text)
        except FaultyError:
            continue
        assert content(tidy(text)) == before


def test_fmt_keeps_text_inside_block_scalars(copy: Path, jagraph: Run) -> None:
    record = copy / "data/models/ume.yaml"
    text = record.read_text(encoding="utf-8").rstrip("\n")
    block = "note: |\n  two blanks  \n\n    deeper\t\n  end  \n"
    record.write_text(f"{text}  \n# said  \n{block}", encoding="utf-8")
    done = jagraph("fmt", "--project", copy)
    assert (done.returncode, done.stdout) == (0, "data/models/ume.yaml\n")
    assert record.read_text(encoding="utf-8") == f"{text}\n# said\n{block}"
    assert jagraph("fmt", "--check", "--project", copy).returncode == 0


def test_what_is_not_yaml_stays_and_is_named(copy: Path, jagraph: Run) -> None:
    record = copy / "data/models/ume.yaml"
    for content_, code in ((b"a: [  \n", "bad-yaml"), (b"a: \xff  \n", "unreadable-file")):
        record.write_bytes(content_)
        done = jagraph("fmt", "--project", copy)
        assert done.returncode == 1
        assert f"error[{code}]" in done.stderr
        assert "--> data/models/ume.yaml:" in done.stderr
        assert record.read_bytes() == content_
