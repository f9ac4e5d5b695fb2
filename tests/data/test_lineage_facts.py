"""Who comes from whom, read in the cards and announcements that the records name as their source.

The list gives a family and a size; each row below was read at its address.
"""

from __future__ import annotations

import pytest

from jagraph.core.namespaces import iri
from jagraph.graph.cache import Graph
from jagraph.query.binding import run
from jagraph.query.catalogue import find_query

HUB = "https://huggingface.co/"
# model: (relation, parent that the source names, where it names it, one it does not come from)
NAMED = {
    "llama-3-elyza-jp-8b": (
        "continuallyPretrainedFrom",
        "llama-3-8b-instruct",
        f"{HUB}elyza/Llama-3-ELYZA-JP-8B",
        "llama-3-8b",
    ),
    "suzume-llama-3-8b-japanese": (
        "fineTunedFrom",
        "llama-3-8b-instruct",
        f"{HUB}lightblue/suzume-llama-3-8B-japanese",
        "llama-3-8b",
    ),
    "shisa-v1-llama3-70b": (
        "fineTunedFrom",
        "llama-3-70b-instruct",
        f"{HUB}shisa-ai/shisa-v1-llama3-70b",
        "llama-3-70b",
    ),
    "llama-3-neoai-8b-chat-v0.1": (
        "fineTunedFrom",
        "llama-3-8b-instruct",
        f"{HUB}neoai-inc/Llama-3-neoAI-8B-Chat-v0.1",
        "llama-3-8b",
    ),
    "llama-3.1-70b-japanese-instruct-2407": (
        "continuallyPretrainedFrom",
        "llama-3.1-70b-instruct",
        f"{HUB}cyberagent/Llama-3.1-70B-Japanese-Instruct-2407",
        "llama-3.1-70b",
    ),
    "mistral-nemo-japanese-instruct-2408": (
        "continuallyPretrainedFrom",
        "mistral-nemo-instruct-2407",
        f"{HUB}cyberagent/Mistral-Nemo-Japanese-Instruct-2408",
        "mistral-nemo-base-2407",
    ),
    "qarasu-14b-chat-plus-unleashed": (
        "fineTunedFrom",
        "qwen-14b-chat",
        f"{HUB}lightblue/qarasu-14B-chat-plus-unleashed",
        "qwen-14b",
    ),
    "elyza-japanese-llama-2-7b-fast": (
        "continuallyPretrainedFrom",
        "llama-2-7b-chat",
        f"{HUB}spaces/elyza/README/commit/4b1a3974e6dcce9fe1ded71e98aba36d893f4abc",
        "llama-2-7b",
    ),
    "elyza-japanese-codellama-7b": (
        "continuallyPretrainedFrom",
        "codellama-7b-instruct",
        "https://zenn.dev/elyza/articles/fcbf103e0a05b1",
        "codellama-7b",
    ),
    "medswallow-70b": (
        "adapterOf",
        "swallow-70b-instruct-hf",
        f"{HUB}AIgroup-CVM-utokyohospital/MedSwallow-70b",
        "llama-2-70b",
    ),
    "llama3-preferred-medswallow-70b": (
        "continuallyPretrainedFrom",
        "llama-3-swallow-70b-v0.1",
        f"{HUB}pfnet/Llama3-Preferred-MedSwallow-70B",
        "llama-3-70b",
    ),
    "layoutlm-wikipedia-ja": (
        "continuallyPretrainedFrom",
        "bert-base-japanese-v2",
        f"{HUB}jri-advtechlab/layoutlm-wikipedia-ja",
        "bert-base-japanese-whole-word-masking",
    ),
    "bert-base-japanese-fin-additional": (
        "continuallyPretrainedFrom",
        "bert-base-japanese",
        f"{HUB}izumi-lab/bert-base-japanese-fin-additional",
        "bert-base-japanese-whole-word-masking",
    ),
    "japanese-stable-diffusion": (
        "fineTunedFrom",
        "stable-diffusion-v1-4",
        "https://github.com/huggingface/blog/blob/main/japanese-stable-diffusion.md",
        "stable-diffusion-xl-base-1.0",
    ),
    "evo-nishikie-v1": (
        "adapterOf",
        "evo-ukiyoe-v1",
        f"{HUB}SakanaAI/Evo-Nishikie-v1",
        "evosdxl-jp-v1",
    ),
    "evo-ukiyoe-v1": (
        "adapterOf",
        "evosdxl-jp-v1",
        f"{HUB}SakanaAI/Evo-Ukiyoe-v1",
        "stable-diffusion-xl-base-1.0",
    ),
    "karakuri-lm-70b-v0.1": (
        "continuallyPretrainedFrom",
        "llama-2-70b",
        f"{HUB}karakuri-ai/karakuri-lm-70b-v0.1",
        "llama-2-70b-chat",
    ),
    "llama3-tedllm-8b-v0": (
        "continuallyPretrainedFrom",
        "llama-3-8b",
        f"{HUB}tokyo-electron-device-ai/llama3-tedllm-8b-v0",
        "llama-3-8b-instruct",
    ),
    "blue-lizard": (
        "continuallyPretrainedFrom",
        "llama-2-7b",
        f"{HUB}Deepreneur/blue-lizard",
        "llama-2-7b-chat",
    ),
    "llama-3-youko-8b": (
        "continuallyPretrainedFrom",
        "llama-3-8b",
        f"{HUB}rinna/llama-3-youko-8b",
        "llama-3-8b-instruct",
    ),
}
# Each model to which a chat vector was added: the chat model that was added, and the base model
# that was subtracted from it.
CHAT_VECTORS = {
    "gemma-2-baku-2b-it": ("gemma-2-2b-it", "gemma-2-2b"),
    "llama-3-swallow-70b-instruct-v0.1": ("llama-3-70b-instruct", "llama-3-70b"),
    "llama-3-swallow-8b-instruct-v0.1": ("llama-3-8b-instruct", "llama-3-8b"),
    "llama-3-youko-70b-instruct": ("llama-3-70b-instruct", "llama-3-70b"),
    "llama-3-youko-8b-instruct": ("llama-3-8b-instruct", "llama-3-8b"),
}
# The words of these cells leave open which model of the family is meant, and no source was found.
SUPPOSED = [
    ("shisa-v1-llama3-8b", "llama-3-8b-instruct"),
    ("elyza-japanese-llama-2-13b", "llama-2-13b"),
    ("ao-karasu-72b", "qwen1.5-72b"),
    ("swallow-13b-hf", "llama-2-13b"),
    ("llama-3.1-swallow-8b-v0.2", "llama-3.1-8b"),
    ("nekomata-14b", "qwen-14b"),
    ("youri-7b", "llama-2-7b"),
    ("gemma-2-2b-jpn-it", "gemma-2-2b"),
    ("leia-swallow-13b", "swallow-13b-hf"),
    ("stormy-7b-10ep", "open-calm-7b"),
]
# No model and no dataset of the records comes from these families.
WITHOUT_CHILDREN = (
    *("distil-large-v3", "gpt-4o", "multilingual-e5", "nemotron-4", "openclip-vit-h-14", "qwen2"),
    "salesforce-blip-2",
)


def ref(name: str) -> str:
    """Write a model as a full IRI: not every id is a prefixed name."""
    return f"<{iri('model', name)}>"


def test_the_parent_is_the_one_that_the_source_names(live: Graph) -> None:
    said = (
        "ASK {{ {} jag:derivation ?d . ?d jag:relation jag:{} ; jag:parent {} ;"
        ' jag:source "{}"^^xsd:anyURI FILTER NOT EXISTS {{ ?d jag:inferred true }} }}'
    )
    silent = [
        model
        for model, (relation, parent, source, _) in NAMED.items()
        if not live.store.ask(said.format(ref(model), relation, ref(parent), source))
    ]
    wrong = [
        model
        for model, (*_, other) in NAMED.items()
        if live.store.ask(f"ASK {{ {ref(model)} jag:derivedFrom {ref(other)} }}")
    ]
    assert (silent, wrong) == ([], [])


@pytest.mark.parametrize(("model", "parent"), SUPPOSED)
def test_a_choice_that_no_source_makes_is_marked(model: str, parent: str, live: Graph) -> None:
    assert live.store.ask(
        f"ASK {{ {ref(model)} jag:derivation [ jag:parent {ref(parent)} ; jag:inferred true ] }}"
    )


@pytest.mark.parametrize("model", CHAT_VECTORS)
def test_what_a_chat_vector_subtracts_is_no_source_of_the_merge(model: str, live: Graph) -> None:
    chat, base = CHAT_VECTORS[model]
    rows = live.store.select(
        f"SELECT ?parent ?inferred {{ {ref(model)} jag:derivation ?d ."
        " ?d jag:relation jag:mergedFrom ; jag:parent ?p OPTIONAL { ?d jag:inferred ?inferred }"
        ' BIND(REPLACE(STR(?p), "^.*/", "") AS ?parent) }'
    ).dicts()
    assert list(rows) == [{"parent": chat, "inferred": "true"}]
    # it stays an ancestor: what the vector was added to was trained from it
    assert live.store.ask(f"ASK {{ {ref(model)} jag:descendsFrom {ref(base)} }}")


def test_every_chat_vector_of_the_records_is_in_the_table(live: Graph) -> None:
    found = run(find_query(live.project, "chat-vectors"), {}, live.store).dicts()
    assert {row["model"].rpartition("/")[2] for row in found} == CHAT_VECTORS.keys()


def test_evosdxl_is_merged_from_all_the_models_its_card_names(live: Graph) -> None:
    rows = live.store.select("SELECT ?p { model:evosdxl-jp-v1 jag:mergedFrom ?p }").dicts()
    assert {row["p"].rpartition("/")[2] for row in rows} == {
        "stable-diffusion-xl-base-1.0",
        "juggernaut-xl-v9",
        "dpo-sdxl-text2image-v1",
        "japanese-stable-diffusion-xl",
        "sdxl-lightning",
    }


def test_an_unpublished_teacher_is_a_teacher(live: Graph) -> None:
    found = run(find_query(live.project, "distilled"), {}, live.store).dicts()
    teachers = {row["modelName"]: row["teacherName"] for row in found}
    assert teachers["line-distilbert-base-japanese"] == "LINE internal BERT"


def test_terms_that_a_card_has_without_a_title_are_terms(live: Graph) -> None:
    asked = find_query(live.project, "models-with-terms")
    answers = {
        row["modelName"]: row["answer"]
        for row in run(asked, {"terms": "non-commercial"}, live.store).dicts()
    }
    assert answers["vicuna-7b-v1.1"] == "yes"
    assert answers["internlm2-chat-20b"] == "conditional"


def test_generated_data_say_where_that_is_read(live: Graph) -> None:
    rows = live.store.select(
        "SELECT DISTINCT ?dataset { ?dataset jag:generatedBy ?model"
        " FILTER NOT EXISTS { ?dataset jag:source ?page } }"
    )
    assert rows.rows == []


def test_families_that_nothing_comes_from_are_gone(live: Graph) -> None:
    there = [name for name in WITHOUT_CHILDREN if live.store.ask(f"ASK {{ family:{name} ?p ?o }}")]
    assert there == []
