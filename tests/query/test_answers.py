"""The first question on the live records, answered by reading the source document.

Each family below was read in the list of 2025-01-27: licence cell, base cell, footnotes.
"""

from __future__ import annotations

import pytest

from jagraph.graph.cache import Graph
from jagraph.query.binding import run
from jagraph.query.catalogue import find_query

# family: (models, what the list says on commercial use, why)
NON_COMMERCIAL = {
    "MedSwallow-70b": "CC BY-NC-SA 4.0",
    "llama2-jmedlora-6.89ep": "CC BY-NC 4.0",
    "heron-chat-git-ELYZA-fast-7b-v0": "CC BY-NC 4.0",
}
ASK_FIRST = {"karakuri-lm-70b-v0.1", "karakuri-lm-70b-chat-v0.1"}
LEFT_OPEN = {
    "SambaLingo-Japanese-Base": "is marked uncertain",
    "SambaLingo-Japanese-Chat": "is marked uncertain",
    "llama-2-70b-chat-4bit-japanese-v1": "no licence stated",
    "llama-2-13b-chat-japanese-lora": "no licence stated",
    "llama-2-7b-chat-japanese-lora": "no licence stated",
    "Yoko-7B-Japanese-v1": "no licence stated",
}
# Every row of the list that comes from Llama 2, with how many of its models do.
DESCENDANTS = {
    "Swallow 70B": 5,
    "KARAKURI LM": 2,
    "Japanese Stable LM Beta 70B": 2,
    "Swallow 13B": 4,
    "LEIA-Swallow-13B": 1,
    "ELYZA-japanese-Llama-2-13b": 4,
    "Swallow 7B": 6,
    "LEIA-Swallow-7B": 1,
    "ELYZA-japanese-Llama-2-7b": 4,
    "Youri 7B": 6,
    "houou-7b": 3,
    "Japanese Stable LM Beta 7B": 4,
    "SambaLingo-Japanese": 2,
    "blue-lizard": 1,
    "AIgroup-CVM-utokyohospital/MedSwallow-70b": 1,
    "Watashiha-Llama-2-13B-Ogiri-sft": 2,
    "ELYZA-japanese-CodeLlama-7b": 2,
    "AIgroup-CVM-utokyohospital/Llama-2-70b-chat-4bit-japanese": 1,
    "doshisha-mil/llama-2-70b-chat-4bit-japanese-v1": 1,
    "Sparticle/llama-2-13b-chat-japanese-lora": 1,
    "ganchengguang/Yoko-7B-Japanese-v1": 1,
    "Sparticle/llama-2-7b-chat-japanese-lora": 1,
    "JMedLoRA": 1,
    "Heron": 1,
    "watashiha/Watashiha-Llama-2-13B-Ogiri-sft-vlm": 1,
}


@pytest.fixture(scope="module")
def answer(live: Graph) -> dict[str, dict[str, str]]:
    query = find_query(live.project, "descendants-with-terms")
    given = {"base": "llama-2", "terms": "non-commercial"}
    return {row["modelName"]: row for row in run(query, given, live.store).dicts()}


def test_exactly_these_descendants_forbid_commercial_use(
    answer: dict[str, dict[str, str]],
) -> None:
    found = {name: row["licenseName"] for name, row in answer.items() if row["answer"] == "yes"}
    assert found == NON_COMMERCIAL
    assert {answer[name]["basis"] for name in found} == {"declared"}


def test_the_footnote_makes_it_conditional(answer: dict[str, dict[str, str]]) -> None:
    assert {n for n, row in answer.items() if row["answer"] == "conditional"} == ASK_FIRST


def test_what_the_list_leaves_open_is_unknown_with_its_reason(
    answer: dict[str, dict[str, str]],
) -> None:
    found = {name: row["reason"] for name, row in answer.items() if row["answer"] == "unknown"}
    assert found.keys() == LEFT_OPEN.keys()
    assert all(LEFT_OPEN[name] in reason for name, reason in found.items())


def test_every_row_that_comes_from_llama_2_is_there(live: Graph) -> None:
    query = find_query(live.project, "descendants")
    counted: dict[str, int] = {}
    listed = {
        row["name"]
        for row in live.store.select(
            "SELECT ?name { ?f jag:listing ?row ; rdfs:label ?name ; a jag:ModelFamily }"
        ).dicts()
    }
    for row in run(query, {"base": "llama-2"}, live.store).dicts():
        if row["familyName"] in listed:
            counted[row["familyName"]] = counted.get(row["familyName"], 0) + 1
    assert counted == DESCENDANTS


@pytest.mark.parametrize(
    ("model", "chain"),
    [
        ("leia-swallow-13b", ["swallow-13b-hf", "llama-2-13b"]),
        ("houou-instruction-7b-v3", ["youri-7b", "llama-2-7b"]),
        (
            "elyza-japanese-codellama-7b-instruct",
            ["elyza-japanese-codellama-7b", "codellama-7b-instruct", "codellama-7b"],
        ),
        ("watashiha-llama-2-13b-ogiri-sft-vlm", ["watashiha-llama-2-13b-ogiri-sft"]),
        ("youri-7b-chat-gptq", ["youri-7b-chat", "youri-7b", "llama-2-7b"]),
    ],
)
def test_direct_parents_are_those_the_source_names(
    model: str, chain: list[str], live: Graph
) -> None:
    for parent in chain:
        names = [f"<https://w3id.org/jagraph/model/{name}>" for name in (model, parent)]
        assert live.store.ask(f"ASK {{ {names[0]} jag:derivedFrom {names[1]} }}"), (model, parent)
        model = parent
