"""Models held against a policy: what is blocked, asked about, allowed; policies that are wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT, TINY, Run
from jagraph.errors import DataError, OutsideError
from jagraph.policy import read_policy

POLICIES = sorted((ROOT / "policies").glob("*.yaml"))
SHIP = ROOT / "policies/ship-a-product.yaml"


def test_three_policies_are_shipped_and_each_says_what_unknown_means() -> None:
    found = [read_policy(path) for path in POLICIES]
    assert [policy.use for policy in found] == ["modification", "redistribution", "commercial"]
    assert [policy.unknown for policy in found] == ["allow", "block", "block"]


def test_a_forbidden_use_is_blocked_with_its_clause(jagraph: Run) -> None:
    done = jagraph("check", "Ume-7b-chat", "--policy", SHIP, "--project", TINY)
    assert done.returncode == 1
    assert done.stdout.startswith("block\tUme-7b-chat\n")
    assert "block: commercial: no: Closed License, clause 3.a" in done.stdout
    assert "Not legal advice" in done.stdout


def test_unknown_is_blocked_only_where_the_policy_says_so(jagraph: Run, tmp_path: Path) -> None:
    lenient = tmp_path / "lenient.yaml"
    lenient.write_text("name: L\nuse: commercial\nunknown: allow\n", encoding="utf-8")
    strict = jagraph("check", "Matsu-7b", "--policy", SHIP, "--project", TINY)
    assert strict.returncode == 1
    assert "commercial: unknown: no licence stated" in strict.stdout
    assert jagraph("check", "Matsu-7b", "--policy", lenient, "--project", TINY).returncode == 0


def test_what_is_asked_does_not_fail(jagraph: Run) -> None:
    done = jagraph("check", "Kiku-70b", "--policy", SHIP, "--project", TINY)
    assert done.returncode == 0
    assert done.stdout.startswith("ask\tKiku-70b\n")
    assert "contact the developer first" in done.stdout


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
    policy.write_text(f"use: modification\nunknown: ask\n{line}\n", encoding="utf-8")
    done = jagraph("check", "Ume-7b-chat", "--policy", policy, "--project", TINY)
    assert done.returncode == 1
    assert expected in done.stdout


def test_json_has_each_breach(jagraph: Run) -> None:
    asked = ("check", "Ume", "--policy", SHIP, "--format", "json", "--project", TINY)
    found = json.loads(jagraph(*asked).stdout)
    worst = {m["model"]: {b["decision"] for b in m["breaches"]} for m in found["models"]}
    assert "block" in worst["Ume-7b-chat"]
    assert "block" not in worst["Ume-7b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("use: commercial\n", "a policy says what to do with what is not known"),
        ("unknown: block\n", "a policy says what the use is"),
        ("use: comercial\nunknown: block\n", "a policy says what the use is"),
        ("use: commercial\nunknown: maybe\n", "unknown cannot be 'maybe'"),
        ("use: commercial\nunknown: block\nclass: {}\n", "there is no key 'class'"),
        ("use: commercial\nunknown: block\nterms: [a]\n", "terms maps names to decisions"),
        ("use: commercial\nunknown: block\nterms: {naming: no}\n", "terms: naming cannot be 'no'"),
        ("- a\n", "a policy is a mapping"),
        ("a: [\n", "not YAML"),
    ],
)
def test_a_wrong_policy_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message.replace("[", r"\[")) as caught:
        read_policy(path)
    assert caught.value.where == str(path)


def test_a_byte_order_mark_changes_no_policy(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SHIP.read_bytes())
    assert replace(read_policy(path), name="") == replace(read_policy(SHIP), name="")


def test_a_shipped_policy_goes_by_its_name(jagraph: Run) -> None:
    by_name = jagraph("check", "Ume", "--policy", SHIP.stem, "--project", TINY)
    assert by_name.stdout == jagraph("check", "Ume", "--policy", SHIP, "--project", TINY).stdout
    taught = jagraph("check", "--help").stdout
    assert all(path.stem in taught for path in POLICIES)


def test_a_missing_policy_is_outside(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="cannot be read"):
        read_policy(tmp_path / "none.yaml")
