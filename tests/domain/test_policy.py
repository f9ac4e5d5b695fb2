"""Models held against a policy: what is blocked, asked about, allowed; policies that are wrong."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.project import ROOT, TINY, Run

from jagraph.core.errors import DataError, OutsideError
from jagraph.domain.policy import DECISIONS, read_policy
from jagraph.domain.verdicts import USES
from jagraph.graph.cache import Graph

POLICIES = sorted((ROOT / "policies").glob("*.yaml"))
SHIP = ROOT / "policies/ship-a-product.yaml"


def test_three_policies_are_shipped_and_each_says_what_unknown_means(live: Graph) -> None:
    found = [read_policy(path, live.store) for path in POLICIES]
    assert [policy.use for policy in found] == ["research", "redistribute", "ship"]
    assert [policy.unknown for policy in found] == ["allow", "block", "block"]


def test_a_forbidden_use_is_blocked_with_its_clause(jagraph: Run) -> None:
    done = jagraph("check", "Ume-7b-chat", "--policy", SHIP, "--project", TINY)
    assert done.returncode == 1
    assert done.stdout.startswith("block\tUme-7b-chat\n")
    assert "block: ship: no: Closed License, clause 3.a" in done.stdout
    assert "Not legal advice" in done.stdout


def test_unknown_is_blocked_only_where_the_policy_says_so(jagraph: Run, tmp_path: Path) -> None:
    lenient = tmp_path / "lenient.yaml"
    lenient.write_text("name: L\nuse: ship\nunknown: allow\n", encoding="utf-8")
    strict = jagraph("check", "Matsu-7b", "--policy", SHIP, "--project", TINY)
    assert strict.returncode == 1
    assert "ship: unknown: no licence stated" in strict.stdout
    assert jagraph("check", "Matsu-7b", "--policy", lenient, "--project", TINY).returncode == 0


def test_what_is_asked_does_not_fail(jagraph: Run) -> None:
    done = jagraph("check", "Kiku-70b", "--policy", SHIP, "--project", TINY)
    assert done.returncode == 0
    assert done.stdout.startswith("ask\tKiku-70b\n")
    assert "only after asking the issuer" in done.stdout


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("developers: {sakura-lab: block}", "block: developers: sakura-lab"),
        ("licenses: {closed: block}", "block: licenses: closed"),
        ("classes: {non-commercial: block}", "block: class: non-commercial"),
        ("terms: {share-alike: block}", "block: share-alike: yes: Closed License, clause 4"),
    ],
)
def test_lists_of_a_policy(line: str, expected: str, jagraph: Run, tmp_path: Path) -> None:
    policy = tmp_path / "p.yaml"
    policy.write_text(f"use: derive\nunknown: ask\n{line}\n", encoding="utf-8")
    done = jagraph("check", "Ume-7b-chat", "--policy", policy, "--project", TINY)
    assert done.returncode == 1
    assert expected in done.stdout


def test_json_has_each_breach(jagraph: Run) -> None:
    asked = ("check", "Ume", "--policy", SHIP, "--format", "json", "--project", TINY)
    found = json.loads(jagraph(*asked).stdout)
    worst = {m["model"]: {b["decision"] for b in m["breaches"]} for m in found["models"]}
    assert "block" in worst["Ume-7b-chat"]
    assert "block" not in worst["Ume-7b"]


GOOD = "use: ship\nunknown: block\n"


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("use: ship\n", 1, "a policy says what to do with what is not known", "block, ask"),
        ("unknown: block\n", 1, "a policy says what the use is", "one of research"),
        ("unknown: ask\nuse: shipp\n", 2, "use cannot be 'shipp'", "mean ship"),
        ("use: ship\nunknown: maybe\n", 2, "unknown cannot be 'maybe'", "one of: allow"),
        ("use: ship\nunknown: Block\n", 2, "unknown cannot be 'Block'", "did you mean block"),
        (GOOD + "class: {}\n", 3, "there is no key 'class' here", "did you mean classes"),
        (GOOD + "onlyif: block\n", 3, "no key 'onlyif'", "did you mean only-if"),
        (GOOD + "terms: [a]\n", 3, "a mapping is wanted here", "key: value"),
        (GOOD + "terms: {naming: no}\n", 3, "terms: naming cannot be 'no'", "one of: allow"),
        (
            GOOD + "terms:\n  use-restriction: block\n",
            4,
            "no key 'use-restriction'",
            "use-restrict",
        ),
        (GOOD + "classes: {noncommercial: block}\n", 3, "'noncommercial'", "mean non-commercial"),
        (GOOD + "licenses: {llama2: block}\n", 3, "'llama2'", "did you mean llama-2"),
        (GOOD + "developers: {elyzza: block}\n", 3, "'elyzza'", "did you mean elyza"),
        (GOOD + "developers: {zzzzzz: block}\n", 3, "'zzzzzz'", ", …"),
        (GOOD + "unknown: allow\n", 3, "the key 'unknown' stands twice", "keep one of them"),
        (GOOD + "licenses:\n  mit: block\n  mit: ask\n", 5, "'mit' stands twice", "keep one"),
        (GOOD + "terms: {naming: }\n", 3, "a text is wanted here", "policies/ has three"),
        (GOOD + "name: [a]\n", 3, "a text is wanted here", "policies/ has three"),
        (GOOD + "name: a\u202eb\n", 3, "the text has \\u202e", "take the character out"),
        (GOOD + "---\nunknown: allow\n", 3, "expected a single document", ""),
        ("- a\n", 1, "a mapping is wanted here", "key: value"),
        ("", 1, "there is nothing here", "policies/ has three"),
        ("a: [\n", 2, "not YAML", "check quotes"),
    ],
)
def test_a_wrong_policy_is_refused_at_its_line(
    text: str, line: int, message: str, remedy: str, live: Graph, tmp_path: Path
) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        read_policy(path, live.store)
    assert str(caught.value.where).startswith(f"{path}:{line}:")
    assert remedy in caught.value.remedy


WORDS = {
    "use": list(USES),
    "unknown": list(DECISIONS),
    "only-if": list(DECISIONS),
    "with-duties": list(DECISIONS),
    "terms": ["naming", "share-alike", "use-restrictions"],
    "classes": ["non-commercial", "research-only"],
    "licenses": ["mit", "llama-2", "apache-2.0"],
}


@given(st.data())
def test_a_policy_with_one_letter_wrong_never_passes(
    live: Graph, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever letter of a key, a name or a decision goes, doubles or changes: refused."""
    lines = ["use: ship", "unknown: block", "only-if: ask"]
    lines += [f"{key}: {{{WORDS[key][0]}: block}}" for key in ("terms", "classes", "licenses")]
    text = "\n".join(lines) + "\n"
    at = data.draw(st.sampled_from([at for at, sign in enumerate(text) if sign.isalnum()]))
    new = data.draw(
        st.sampled_from(["", text[at] * 2, "x", "X", "0"]).filter(lambda n: n != text[at])
    )
    path = tmp_path_factory.mktemp("policy") / "policy.yaml"
    path.write_text(text[:at] + new + text[at + 1 :], encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_policy(path, live.store)
    assert str(refused.value.where).startswith(f"{path}:")


def test_a_byte_order_mark_changes_no_policy(live: Graph, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SHIP.read_bytes())
    read, plain = (read_policy(one, live.store) for one in (path, SHIP))
    assert replace(read, name="") == replace(plain, name="")


def test_a_shipped_policy_goes_by_its_name(jagraph: Run) -> None:
    by_name = jagraph("check", "Ume", "--policy", SHIP.stem, "--project", TINY)
    assert by_name.stdout == jagraph("check", "Ume", "--policy", SHIP, "--project", TINY).stdout
    taught = jagraph("check", "--help").stdout
    assert all(path.stem in taught for path in POLICIES)


def test_a_missing_policy_is_outside(tiny: Graph, tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="cannot be read"):
        read_policy(tmp_path / "none.yaml", tiny.store)
