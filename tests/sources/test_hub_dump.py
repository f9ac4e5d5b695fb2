"""The synthetic dump is what its parameters say, the same each time: hub, tails, faults."""

from __future__ import annotations

import gzip
import json
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from benchmarks.hub_dump import Mix, curated, write
from tests.support.project import ROOT

pytestmark = pytest.mark.slow


MODELS = 10_000


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dump") / "hub.jsonl.gz"
    write(Mix(MODELS, malformed=0.002, two_cycle=0.002), path)
    return path


@pytest.fixture(scope="module")
def facts(dump: Path) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((dump.parent / "hub.meta.json").read_text(encoding="utf-8"))
    return meta["facts"]


@pytest.fixture(scope="module")
def read(dump: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the entries that can be read, and the number of lines that cannot."""
    good, bad = [], 0
    with gzip.open(dump) as lines:
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                bad += 1
                continue
            if isinstance(entry, dict) and "/" in str(entry.get("id", "")):
                good.append(entry)
            else:
                bad += 1
    return good, bad


@pytest.fixture(scope="module")
def entries(read: tuple[list[dict[str, Any]], int]) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in read[0]}


@pytest.fixture(scope="module")
def bases(entries: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    stated = {
        hub: entry.get("cardData", {}).get("base_model", []) for hub, entry in entries.items()
    }
    return {hub: [text] if isinstance(text, str) else text for hub, text in stated.items()}


@pytest.fixture(scope="module")
def children(bases: dict[str, list[str]]) -> Counter[str]:
    return Counter(base for found in bases.values() for base in found if base in bases)


def test_same_parameters_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(Mix(500, seed=7), tmp_path / f"{name}.jsonl.gz")
    write(Mix(500, seed=8), tmp_path / "other.jsonl.gz")
    one, two, other = (
        (tmp_path / f"{name}.jsonl.gz").read_bytes() for name in ("one", "two", "other")
    )
    assert one == two
    assert one != other


def test_command_writes_the_lines_that_the_file_has(tmp_path: Path) -> None:
    write(Mix(300, seed=3), tmp_path / "hub.jsonl")
    command = [sys.executable, "benchmarks/hub_dump.py", "300", "--seed", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == (tmp_path / "hub.jsonl").read_bytes()
    assert json.loads((tmp_path / "hub.meta.json").read_text(encoding="utf-8"))["mix"]["seed"] == 3


def test_every_model_is_there_once(
    read: tuple[list[dict[str, Any]], int], entries: dict[str, dict[str, Any]]
) -> None:
    assert len(read[0]) == len(entries) == MODELS


def test_share_of_malformed_lines_is_as_asked(
    read: tuple[list[dict[str, Any]], int], facts: dict[str, Any]
) -> None:
    assert read[1] == facts["malformed"]
    assert 0.001 < read[1] / MODELS < 0.003


def test_facts_are_those_of_the_lines(
    bases: dict[str, list[str]], children: Counter[str], facts: dict[str, Any]
) -> None:
    inside = {
        hub: {base for base in found if base in bases and base != hub}
        for hub, found in bases.items()
    }
    assert facts["edges"] == sum(map(len, inside.values()))
    assert facts["merges"] == sum(len(found) > 1 for found in bases.values())
    assert facts["self_references"] == sum(hub in found for hub, found in bases.items())
    below: dict[str, list[str]] = {}
    for hub, found in inside.items():
        for base in found:
            below.setdefault(base, []).append(hub)
    seen, left = set(), [facts["hub"]]
    while left:
        fresh = [hub for hub in below.get(left.pop(), []) if hub not in seen]
        seen.update(fresh)
        left += fresh
    assert facts["hub_descendants"] == len(seen)
    assert facts["hub_children"] == children[facts["hub"]]


def test_one_hub_has_a_share_of_all_edges(facts: dict[str, Any]) -> None:
    # 94 k of 1,237 k edges, 185 k of 2.5 M models; wide, since 10 k models are few
    assert 0.05 < facts["hub_children"] / facts["edges"] < 0.11
    assert 0.05 < facts["hub_descendants"] / MODELS < 0.11
    assert 0.46 < facts["edges"] / MODELS < 0.54


def test_children_have_a_heavy_tail(children: Counter[str]) -> None:
    """The maximum likelihood estimate of the exponent (Clauset, Shalizi, Newman 2009, eq. 3.7)."""
    least = 4
    tail = [count for count in children.values() if count >= least]
    exponent = 1 + len(tail) / sum(math.log(count / (least - 0.5)) for count in tail)
    assert len(tail) > 100
    assert 1.5 < exponent < 3


def test_merges_have_two_to_five_parents(bases: dict[str, list[str]]) -> None:
    merges = [found for found in bases.values() if len(found) > 1]
    based = sum(bool(found) for found in bases.values())
    assert {len(found) for found in merges} == {2, 3, 4, 5}
    assert all(len(set(found)) == len(found) for found in merges)
    assert 0.02 < len(merges) / based < 0.06


def test_quantisations_are_leaves_by_few_authors(
    entries: dict[str, dict[str, Any]], children: Counter[str]
) -> None:
    quantised = [
        entry
        for entry in entries.values()
        if any(tag.startswith("base_model:quantized:") for tag in entry["tags"])
    ]
    assert 0.08 < len(quantised) / MODELS < 0.2
    assert not any(children[entry["id"]] for entry in quantised)
    assert len({entry["author"] for entry in quantised}) <= Mix.quantisers


def test_tags_and_card_agree(
    entries: dict[str, dict[str, Any]], bases: dict[str, list[str]]
) -> None:
    for hub, entry in entries.items():
        tags, card = entry["tags"], entry.get("cardData", {})
        plain = [tag[11:] for tag in tags if tag.startswith("base_model:") and tag.count(":") == 1]
        assert plain == bases[hub]
        terms = card.get("license", [])
        wanted = [terms] if isinstance(terms, str) else terms
        assert [tag[8:] for tag in tags if tag.startswith("license:")] == wanted
        if relation := card.get("base_model_relation"):
            assert any(tag.startswith(f"base_model:{relation}:") for tag in tags)


def test_licences_are_mixed_and_a_third_is_missing(facts: dict[str, Any]) -> None:
    licenses = facts["licenses"]
    assert 0.28 < licenses["none"] / MODELS < 0.38
    assert licenses["apache-2.0"] > licenses["mit"] > licenses["cc-by-nc-4.0"] > 0
    assert {"llama2", "llama3", "llama3.1", "gemma", "openrail", "other"} <= set(licenses)


def test_irregular_bases_occur(
    entries: dict[str, dict[str, Any]], bases: dict[str, list[str]], facts: dict[str, Any]
) -> None:
    absent = [base for found in bases.values() for base in found if base not in entries]
    loops = {
        frozenset((hub, base))
        for hub, found in bases.items()
        for base in found
        if base != hub and hub in bases.get(base, [])
    }
    assert len(absent) == facts["missing"] > 50
    assert len(loops) == facts["two_cycles"] > 0
    assert facts["self_references"] > 0


def test_a_base_may_follow_its_derivative(bases: dict[str, list[str]]) -> None:
    place = {hub: number for number, hub in enumerate(bases)}
    later = [
        hub for hub, found in bases.items() for base in found if place.get(base, 0) > place[hub]
    ]
    assert len(later) > 20


def test_curated_repositories_are_in_the_dump(
    entries: dict[str, dict[str, Any]], children: Counter[str]
) -> None:
    roots, listed = curated("base-models"), curated("models")
    assert len(roots) > 100
    assert {*roots, *listed} <= set(entries)
    assert sum(children[root] for root in roots) > 1000


def test_downloads_have_a_heavy_tail(entries: dict[str, dict[str, Any]]) -> None:
    downloads = sorted(entry["downloads"] for entry in entries.values())
    assert downloads[MODELS // 2] < 50
    assert sum(downloads[-100:]) > 0.5 * sum(downloads)


def test_japanese_is_written_as_such(dump: Path, entries: dict[str, dict[str, Any]]) -> None:
    assert "日本で一番高い山は" in gzip.decompress(dump.read_bytes()).decode(errors="replace")
    japanese = [entry for entry in entries.values() if "ja" in entry["tags"]]
    assert 0.02 < len(japanese) / MODELS < 0.06
