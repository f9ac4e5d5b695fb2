"""Cards as people write them: names of base models and of licences are told, or said not to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.dumps import write_dump
from tests.support.project import Run

from jagraph.core.namespaces import ROOT
from jagraph.domain.verdicts import USES, Judge
from jagraph.graph.cache import Graph
from jagraph.sources.hub.imported_store import open_store
from jagraph.sources.hub.importer import import_hub
from jagraph.sources.hub.licenses import Licenses

pytestmark = pytest.mark.slow


def row(name: str, tags: list[str] | None = None, **card: object) -> dict[str, Any]:
    return {"id": name, "tags": tags or [], "cardData": card}


def tags(base: str, relation: str = "finetune") -> list[str]:
    return [f"base_model:{base}", f"base_model:{relation}:{base}"]


def other(name: str, link: str = "") -> dict[str, str]:
    return {"license": "other", "license_name": name, "license_link": link}


GEMMA = "https://ai.google.dev/gemma/terms"
NVIDIA = "https://www.nvidia.com/en-us/agreements/enterprise-software/nvidia-open-model-license/"
# the uses whose purpose is commercial
FOR_COMMERCE = {"internal", "host", "outputs", "ship"}
ROWS = [
    # 1: renamed repositories, and ids that differ in case
    row("meta-llama/Llama-3.1-8B-Instruct", tags("meta-llama/Llama-3.1-8B"),
        license="llama3.1", base_model="meta-llama/Meta-Llama-3.1-8B"),
    row("someone/tagged", tags("tohoku-nlp/bert-base-japanese-v3"),
        license="apache-2.0", base_model="cl-tohoku/bert-base-japanese-v3"),
    row("someone/untagged", license="apache-2.0", base_model="cl-tohoku/bert-base-japanese-v3"),
    row("someone/small-letters", license="llama2", base_model="meta-llama/llama-2-7b-hf"),
    row("Someone/Capital-Letters", license="mit", base_model="someone/tagged"),
    row("someone/below", license="mit", base_model="SOMEONE/capital-letters"),
    row("someone/beside", license="mit", base_model="nobody/Gone"),
    row("someone/beside-too", license="mit", base_model="Nobody/gone"),
    # 2: licences by their names
    row("someone/gemma", **other("gemma-terms-of-use", GEMMA)),
    row("someone/nv", **other("nvidia-open-model-license", NVIDIA)),
    row("someone/qwen", **other("tongyi-qianwen-license-agreement")),
    row("Qwen/Qwen-7B", **other("tongyi-qianwen-license-agreement")),
    row("someone/of-research", **other("research-license")),
    row("someone/two", **other("gemma", NVIDIA)),
    row("stabilityai/japanese-stable-vlm", license="other"),
    row("rinna/youri-7b", license="mit", base_model="meta-llama/Llama-2-7b-hf"),
    # 3: base models and licences that cannot be told
    row("someone/mapping", license="apache-2.0",
        base_model={"finetuned": "meta-llama/Llama-2-7b-hf"}),
    row("someone/path", license="apache-2.0", base_model="/home/me/llama"),
    row("someone/below-path", license="apache-2.0", base_model="someone/path"),
    row("someone/used-mapping", license="apache-2.0", base_model=[
        {"name": "Llama 2", "repo_url": "https://huggingface.co/meta-llama/Llama-2-7b-hf"}]),
    row("someone/nc-path", license="cc-by-nc-4.0", base_model="/home/me/llama"),
    row("someone/no-licence", base_model="/home/me/llama"),
    row("someone/unreadable", license={"name": "mit"}),
    row("someone/merge", tags("someone/nc-path", "merge") + tags("rinna/youri-7b", "merge"),
        license="mit", base_model=["someone/nc-path", "rinna/youri-7b"]),
    # 4: a parent that is not in the dump
    row("someone/awq", license="apache-2.0", base_model="nobody/Yarn-128k"),
    row("someone/silent"),
]  # fmt: skip


@pytest.fixture(scope="module")
def store(live: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    dump = write_dump(folder / "dump.jsonl", ROWS)
    import_hub(live.project, dump, folder / "store", lambda _: None)
    return folder / "store"


@pytest.fixture(scope="module")
def hub(live: Graph, store: Path) -> Graph:
    return open_store(store, live.project)


@pytest.fixture(scope="module")
def judge(hub: Graph) -> Judge:
    return Judge(hub.store, hub.sources())


def parents(hub: Graph, name: str) -> list[str]:
    asked = f"SELECT ?p {{ <{ROOT}hub/{name}> jag:derivation/jag:parent ?p }} ORDER BY ?p"
    return [found["p"].removeprefix(ROOT) for found in hub.store.select(asked).dicts()]


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("someone/tagged", "model/bert-base-japanese-v3"),
        ("someone/untagged", "model/bert-base-japanese-v3"),
        ("someone/small-letters", "model/llama-2-7b"),
        ("someone/below", "hub/Someone/Capital-Letters"),
        ("someone/beside", "hub/Nobody/gone"),
        ("someone/beside-too", "hub/Nobody/gone"),
        ("someone/used-mapping", "model/llama-2-7b"),
        ("someone/path", "hub/_unidentified"),
    ],
)
def test_a_base_model_is_found_however_it_is_named(hub: Graph, child: str, parent: str) -> None:
    assert parents(hub, child) == [parent]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("cl-tohoku/bert-base-japanese-v3", "model/bert-base-japanese-v3"),
        ("meta-llama/meta-llama-3.1-8b", "model/llama-3.1-8b"),
        ("xlm-roberta-large", "model/xlm-roberta-large"),
        ("someone/capital-letters", "hub/Someone/Capital-Letters"),
        ("https://huggingface.co/NOBODY/GONE", "hub/Nobody/gone"),
    ],
)
def test_show_finds_what_the_importer_finds(
    jagraph: Run, store: Path, asked: str, found: str
) -> None:
    shown = jagraph("show", asked, "--store", store)
    assert shown.stdout.splitlines()[0].endswith(f"[{found}]")


@pytest.mark.parametrize(
    ("name", "answer", "license_"),
    [
        # both grant distribution, with a copy of the terms and a notice; Qwen up to 100M users
        ("gemma", "with-duties", "Gemma Terms of Use"),
        ("nv", "with-duties", "NVIDIA Open Model License"),
        ("qwen", "only-if", "Tongyi Qianwen LICENSE"),
        # nothing tells which licence of research, or which of two
        ("of-research", "unknown", "research-license"),
        ("two", "unknown", "gemma"),
    ],
)
def test_a_licence_is_joined_to_its_record_by_name_or_address(
    hub: Graph, judge: Judge, name: str, answer: str, license_: str
) -> None:
    (verdict,) = judge.judge(f"{ROOT}hub/someone/{name}", ["ship"]).verdicts
    asked = (
        f"SELECT ?name {{ <{ROOT}hub/someone/{name}> "
        "jag:licenseStatement/jag:license/rdfs:label ?name }"
    )
    assert [found["name"] for found in hub.store.select(asked).dicts()] == [license_]
    assert verdict.answer == answer


def test_every_licence_of_the_records_is_found_by_its_own_names(live: Graph) -> None:
    licenses = Licenses(live.store)
    asked = """
    SELECT ?record ?name { ?record a jag:License ; jag:name|skos:altLabel|jag:spdxId ?name }
    """
    general = {"Research license", "Evaluation Licence"}
    for found in live.store.select(asked).dicts():
        wanted = None if found["name"] in general else found["record"]
        for name in (found["name"], found["name"].lower().replace(" ", "-")):
            assert licenses.record(name) == wanted, name


def test_other_words_for_the_same_are_no_difference(jagraph: Run, store: Path) -> None:
    found = jagraph("query", "hub-differences", "--store", store, "--format", "tsv")
    assert [line.split("\t")[3:5] for line in found.stdout.splitlines()[1:]] == [
        ["youri-7b", "license"]
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("mapping", "not identified: licence not known"),
        ("path", "not identified: licence not known"),
        ("below-path", "not identified: licence not known"),
        ("nc-path", "not identified: licence not known"),
        ("no-licence", "no licence stated"),
        ("unreadable", "a licence that cannot be read"),
        ("awq", "not in the dump: licence not known"),
        ("silent", "no licence stated"),
    ],
)
@pytest.mark.parametrize("use", USES)
def test_what_cannot_be_told_leaves_the_answer_open(
    judge: Judge, name: str, reason: str, use: str
) -> None:
    (verdict,) = judge.judge(f"{ROOT}hub/someone/{name}", [use]).verdicts
    # a doubt is weaker than a grant for other purposes, but takes nothing from a no
    if name == "nc-path" and use in FOR_COMMERCE:
        assert verdict.answer == "no"
        assert "CC BY-NC 4.0" in verdict.reason
    else:
        assert verdict.answer == "unknown"
        assert reason in verdict.reason


def test_only_what_states_no_licence_is_listed_so(jagraph: Run, store: Path) -> None:
    found = jagraph("query", "unlicensed", "--store", store, "--format", "tsv").stdout
    named = [line.split("\t")[3] for line in found.splitlines() if "hub/" in line]
    assert named == ["someone/no-licence", "someone/silent"]
    overview = jagraph("query", "license-overview", "--store", store, "--format", "tsv").stdout
    assert "unknown\t\tnot in the dump: licence not known\t2\t2\n" in overview


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>\n", "not JSON"),
        (b"PK\x03\x04\x14\x00rest of a zip", "a zip archive"),
        (b'{"error": "rate limited"}', "no repository id"),
        (b'{\n "id": "a/b"\n}\n', "not JSON"),
        (b"[]", "an array without an entry"),
    ],
)
def test_a_dump_of_which_nothing_can_be_used_leaves_the_store_as_it_is(
    content: bytes, why: str, jagraph: Run, copy: Path, tmp_path: Path
) -> None:
    (tmp_path / "good.json").write_text(json.dumps([{"id": "a/good"}]))
    (tmp_path / "bad").write_bytes(content)
    there = ("--store", tmp_path / "store", "--project", copy)
    done = jagraph("import-hub", tmp_path / "good.json", *there)
    assert done.stdout.startswith("1 lines: 1 repositories")
    before = sorted((tmp_path / "store").rglob("*"))
    done = jagraph("import-hub", tmp_path / "bad", *there)
    assert (done.returncode, done.stdout) == (1, "")
    assert why in done.stderr
    assert sorted((tmp_path / "store").rglob("*")) == before
    assert jagraph("show", "a/good", *there).returncode == 0


def test_remarks_name_file_and_line(jagraph: Run, copy: Path, tmp_path: Path) -> None:
    rows = [row("a/1"), row("a/2", base_model={"a": 1}), row("a/3", base_model="/home/me")]
    dump = write_dump(tmp_path / "dump.jsonl", rows)
    done = jagraph("import-hub", dump, "--store", tmp_path / "store", "--project", copy)
    assert f"{dump}:2: kept without this: base_model {{'a': 1}} is no repository id" in done.stderr
    assert f"{dump}:3: kept without this: base_model '/home/me'" in done.stderr
    assert "0 lines skipped, 2 remarks" in done.stdout


def test_an_entry_with_a_key_twice_is_skipped(jagraph: Run, copy: Path, tmp_path: Path) -> None:
    twice = '{"id": "a/2", "cardData": {"license": "cc-by-nc-4.0", "license": "mit"}}'
    dump = write_dump(tmp_path / "dump.jsonl", [row("a/1")], twice)
    there = ("--store", tmp_path / "store", "--project", copy)
    done = jagraph("import-hub", dump, *there)
    assert f"{dump}:2: skipped: the key 'license' stands twice in one object" in done.stderr
    assert "1 lines skipped" in done.stdout
    assert jagraph("show", "a/2", *there).returncode == 2


def test_a_proof_stands_in_the_dump_and_never_in_the_record_of_a_parent(
    jagraph: Run, store: Path, judge: Judge
) -> None:
    lines = {one["id"]: number for number, one in enumerate(ROWS, 1)}
    (verdict,) = judge.judge(f"{ROOT}hub/someone/merge", ["ship"]).verdicts
    (step,) = verdict.path
    assert (verdict.answer, verdict.stated, step.stated) == ("no", "hub-metadata", "hub-metadata")
    assert str(step.position) == f"dump.jsonl:{lines['someone/merge']}:1"
    assert str(verdict.position) == f"dump.jsonl:{lines['someone/nc-path']}:1"
    shown = jagraph("show", "someone/tagged", "--store", store).stdout.splitlines()
    assert shown[1] == f"dump.jsonl:{lines['someone/tagged']}"
    (derivation,) = (line for line in shown if line.startswith("  derivations:"))
    assert "curator" not in derivation
    assert derivation.endswith(
        f"inferred from the Hub's tag  <hub-metadata>  @{lines['someone/tagged']}"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("someone/silent", "no licence stated"),
        ("nobody/Yarn-128k", "not in the dump: licence not known"),
        ("_unidentified", "not identified: licence not known"),
    ],
)
def test_a_card_says_why_it_has_no_licence(jagraph: Run, store: Path, name: str, said: str) -> None:
    shown = jagraph("show", name, "--store", store).stdout
    assert f"  licenses: {said}" in shown


@pytest.mark.parametrize("language", ["en", "ja", "fr"])
def test_a_picture_says_why_a_box_has_no_licence(jagraph: Run, store: Path, language: str) -> None:
    from jagraph.drawing.messages import WORDS

    asked = ("draw", "someone/awq", "--up", "--format", "dot", "--lang", language)
    drawn = jagraph(*asked, "--store", store).stdout
    assert WORDS[language]["unseen"] in drawn
    assert WORDS[language]["none"] not in drawn


def test_a_repository_with_too_many_ancestors_is_not_known(
    jagraph: Run, copy: Path, tmp_path: Path
) -> None:
    # its own licence was read and allows it, so that only the ancestors leave it open
    own = other("open license")
    rows = [row("a/merge", **own, base_model=[f"b/{n}" for n in range(1001)]), row("a/own", **own)]
    dump = write_dump(tmp_path / "dump.jsonl", rows)
    there = ("--store", tmp_path / "store", "--project", copy)
    done = jagraph("import-hub", dump, *there)
    assert f"{dump}:1: kept without this: more than 1,000 ancestors" in done.stderr
    answer = jagraph("terms", "a/merge", "--use", "ship", *there).stdout
    assert "  ship: not known\n    because not identified: licence not known" in answer
    assert "  ship: yes, with duties\n" in jagraph("terms", "a/own", "--use", "ship", *there).stdout
