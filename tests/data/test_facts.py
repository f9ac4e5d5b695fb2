"""Single facts, each read in the list of 2025-01-27: what a cell or a footnote says of a model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

import httpx
import pytest
from tests.support.inside import in_process
from tests.support.project import Run

from jagraph.drawing.messages import LANGUAGES
from jagraph.graph.cache import Graph
from jagraph.query.binding import run
from jagraph.query.catalogue import find_query
from jagraph.views.app_state import AppState
from jagraph.views.words import words

# ── Datasets and stages ──────────────────────────────────────────────────────────────────────

# (model, kind of training): every dataset of it, in the words of the list
TRAINED_ON = {
    ("bert-base-japanese-wikipedia-scratch-2m", "pre-training"): {"Wikipedia"},
    ("bert-base-japanese-minutes-scratch", "pre-training"): {
        "Minutes of the National Diet",
        "Minutes of the Local Assembly",
    },
    ("bert-base-japanese-minutes-wikipedia-further", "pre-training"): {
        "Wikipedia",
        "Minutes of the National Diet",
        "Minutes of the Local Assembly",
    },
    ("rakutenai-7b-chat", "instruction-tuning"): {
        "Dolly Dataset",
        "OASST1",
        "datasets converted from the train split of NLU datasets (like jaster)",
    },
    ("ao-karasu-72b", "instruction-tuning"): {
        "ultra-orca-boros-en-ja-v1",
        "OASST1",
        "ShareGPT",
        "Japanese technical blogs",
        "News stories",
        "QA site answers",
    },
    ("informatixroberta", "pre-training"): {"Japanese Wikipedia", "Web Articles"},
    ("elyza-japanese-llama-2-13b", "pre-training"): {
        "Japanese Wikipedia",
        "Japanese OSCAR",
        "crawled data of ELYZA",
    },
    ("elyza-japanese-llama-2-7b-fast", "pre-training"): {
        "Japanese Wikipedia",
        "Japanese OSCAR",
        "crawled data of ELYZA",
    },
    ("llm-jp-3-172b-alpha1", "pre-training"): {"part of llm-jp-corpus-v3"},
    ("llm-jp-3-172b-alpha2", "pre-training"): {"part of llm-jp-corpus-v3"},
    ("llm-jp-3-172b-beta1", "pre-training"): {"part of llm-jp-corpus-v3"},
    ("llm-jp-3-172b-beta2", "pre-training"): {"part of llm-jp-corpus-v3"},
    ("llm-jp-3-172b", "pre-training"): {"llm-jp-corpus-v3"},
    ("nekomata-14b-instruction", "instruction-tuning"): {
        "Dolly Dataset",
        "FLAN",
        "subsets of llm-japanese-dataset",
    },
    ("nekomata-7b-instruction", "instruction-tuning"): {
        "Dolly Dataset",
        "FLAN",
        "subsets of llm-japanese-dataset",
    },
    ("youri-7b-chat", "instruction-tuning"): {
        "Dolly Dataset",
        "FLAN",
        "subsets of llm-japanese-dataset",
    },
    ("llm-jp-3-vila-14b", "fine-tuning"): {
        "Japanese image text pairs",
        "LLaVA-Pretrain",
        "Japanese interleaved data",
        "coyo (subset)",
        "mmc4-core (subset)",
        "llava-instruct-ja",
        "japanese-photos-conv",
        "Japanese Visual Genome VQA dataset",
        "synthdog-ja",
        "LLaVA-1.5 instruction data (subset)",
    },
    ("stormy-7b-10ep", "fine-tuning"): {"llm-japanese-dataset v0 non-translation tasks"},
    ("karasu-7b", "additional-training"): {
        "Aozora Bunko",
        "Japanese Law Precedent Dataset",
        "Japanese Wikipedia",
        "Japanese domain webscrapes from the Japanese subset of CulturaX",
        "UltraChat 200k",
    },
    ("llava-calm2-siglip", "fine-tuning"): {
        "conversational data generated from MS-COCO and VisualGenome"
    },
    ("gpt-neox-japanese-1.4b", "pre-training"): {
        "Japanese Wikipedia",
        "Japanese CC-100",
        "private data of Stockmark",
    },
}
# dataset: what it is a part or a product of
MADE_FROM = {
    "llm-jp-corpus-v3-part": {"partOf llm-jp-corpus-v3"},
    "llm-japanese-dataset-subsets": {"partOf llm-japanese-dataset"},
    "llm-japanese-dataset-v0-non-translation": {"partOf llm-japanese-dataset-v0"},
    "coyo-subset": {"partOf coyo"},
    "mmc4-core-subset": {"partOf mmc4-core"},
    "llava-1.5-instruction-subset": {"partOf llava-1.5-instruction"},
    "culturax-ja-webscrapes": {"partOf culturax-ja"},
    "coco-visual-genome-conversations": {"madeFrom ms-coco", "madeFrom visual-genome"},
    "nlu-train-splits": {
        "madeFrom jsnli",
        "madeFromBenchmark jcommonsenseqa",
        "madeFromBenchmark jnli",
    },
}
# The kind of training is not in the cell: the record says that it is concluded.
KIND_CONCLUDED = {
    "aidealab-videojp": "additional-training",
    "llava-calm2-siglip": "fine-tuning",
    "llm-jp-3-vila-14b": "fine-tuning",
    "heron-chat-git-ja-stablelm-base-7b-v0": "fine-tuning",
    "heron-chat-git-ja-stablelm-base-7b-v1": "fine-tuning",
    "japanese-stable-vlm": "fine-tuning",
    "japanese-instructblip-alpha": "fine-tuning",
    "bilingual-gpt-neox-4b-minigpt4": "fine-tuning",
    "nue-asr": "fine-tuning",
    "stable-diffusion-xl-jp-base-1.0": "fine-tuning",
    "japanese-stable-diffusion-xl": "fine-tuning",
    "japanese-stable-diffusion": "fine-tuning",
    "qarasu-14b-chat-plus-unleashed": "instruction-tuning",
    "suzume-llama-3-8b-japanese": "instruction-tuning",
    "nict-bert": "pre-training",
}
JUDGED_BY_CONCLUSION = {
    *("jacwir", "japanese-lm-fin-harness", "jbbq", "jcommonsensemorality", "jfld", "jglue"),
    *("jhumaneval", "jmmlu", "jmteb", "jp-lm-evaluation-harness", "jqara", "llm-jp-eval"),
}
_STAGES = """
SELECT DISTINCT ?model ?kind ?dataset WHERE {
  ?one a jag:Model ; jag:trainingStage ?run .
  ?run jag:stageKind ?stage ; (jag:usedDataset|jag:portion/jag:portionOf)/rdfs:label ?dataset .
  BIND(REPLACE(STR(?one), "^.*/", "") AS ?model)
  BIND(REPLACE(STR(?stage), "^.*/", "") AS ?kind)
}
"""


@pytest.fixture(scope="module")
def stages(live: Graph) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for row in live.store.select(_STAGES).dicts():
        found.setdefault((row["model"], row["kind"]), set()).add(row["dataset"])
    return found


@pytest.mark.parametrize(("model", "kind"), TRAINED_ON, ids=[model for model, _ in TRAINED_ON])
def test_a_model_is_trained_on_what_its_cell_names(
    stages: dict[tuple[str, str], set[str]], model: str, kind: str
) -> None:
    assert stages[model, kind] == TRAINED_ON[model, kind]


@pytest.mark.parametrize("dataset", MADE_FROM)
def test_a_dataset_is_a_part_or_a_product_of_others(live: Graph, dataset: str) -> None:
    rows = live.store.select(
        "SELECT ?way ?other { VALUES ?p { jag:partOf jag:madeFrom jag:madeFromBenchmark }"
        f" <https://w3id.org/jagraph/dataset/{dataset}> ?p ?o"
        ' BIND(REPLACE(STR(?p), "^.*#", "") AS ?way) BIND(REPLACE(STR(?o), "^.*/", "") AS ?other) }'
    )
    assert {f"{row['way']} {row['other']}" for row in rows.dicts()} == MADE_FROM[dataset]


@pytest.mark.parametrize("model", KIND_CONCLUDED)
def test_a_kind_of_training_without_a_label_is_a_conclusion(live: Graph, model: str) -> None:
    assert live.store.ask(
        f"ASK {{ <https://w3id.org/jagraph/model/{model}> jag:trainingStage ?run . ?run"
        f" jag:stageKind <https://w3id.org/jagraph/stage/{KIND_CONCLUDED[model]}>"
        ' { ?run jag:inferredKey "stage" } UNION { ?run jag:inferred true } }'
    )


def test_that_answers_are_judged_by_rule_is_a_conclusion_but_of_one_benchmark(
    live: Graph,
) -> None:
    found = live.store.select(
        'SELECT ?benchmark (EXISTS { ?b jag:inferredKey "judged" } AS ?concluded)'
        " { ?b jag:judgement <https://w3id.org/jagraph/judgement/by-rule>"
        ' BIND(REPLACE(STR(?b), "^.*/", "") AS ?benchmark) }'
    )
    rows = list(found.dicts())
    concluded = {row["benchmark"] for row in rows if row["concluded"] == "true"}
    assert concluded == JUDGED_BY_CONCLUSION
    assert {row["benchmark"] for row in rows} - concluded == {"pfgen-bench"}


@pytest.mark.parametrize(
    ("model", "key", "size"),
    [
        ("mixtral-8x7b-v0.1-japanese", "nominalParameters", "8x7b"),
        ("mixtral-8x7b-instruct-v0.1-japanese", "nominalParameters", "8x7b"),
        ("mixtral-8x7b-instruct-v0.1-japanese-alpha", "nominalParameters", "8x7b"),
        ("mixtral-8x7b-instruct-v0.1-japanese-alpha-merged", "nominalParameters", "8x7b"),
        ("mixtral-8x7b-instruct-v0.1-japanese-alpha-merged", "parameters", "46.7b"),
    ],
)
def test_sizes_are_written_as_the_list_has_them(
    live: Graph, model: str, key: str, size: str
) -> None:
    iri = f"<https://w3id.org/jagraph/model/{model}>"
    assert live.store.ask(f'ASK {{ {iri} jag:{key} ?size FILTER(STR(?size) = "{size}") }}')


def test_a_size_that_only_the_name_of_the_repository_has_is_a_conclusion(live: Graph) -> None:
    assert live.store.ask(
        "ASK { <https://w3id.org/jagraph/model/bert-1.3b> jag:parameterCount 1300000000 ;"
        ' jag:inferredKey "parameters" }'
    )


def test_private_data_have_their_amount(live: Graph) -> None:
    assert live.store.ask(
        "ASK { <https://w3id.org/jagraph/model/gpt-neox-japanese-1.4b> jag:trainingStage ?run ."
        " ?run jag:portion ?part ."
        " ?part jag:portionOf <https://w3id.org/jagraph/dataset/stockmark-private-data> ;"
        " jag:tokenCount 8600000000 }"
    )


@pytest.mark.parametrize(
    ("benchmark", "amount", "unit"),
    [("jmedbench", 20, "datasets"), ("ja-vg-vqa-500", 500, "questions")],
)
def test_sizes_of_benchmarks(live: Graph, benchmark: str, amount: int, unit: str) -> None:
    assert live.store.ask(
        f"ASK {{ <https://w3id.org/jagraph/benchmark/{benchmark}> jag:size ?size ."
        f" ?size jag:amountValue ?n ; jag:unit <https://w3id.org/jagraph/unit/{unit}>"
        f" FILTER(?n = {amount}) }}"
    )


def test_a_benchmark_follows_another(live: Graph) -> None:
    assert live.store.ask(
        "ASK { <https://w3id.org/jagraph/benchmark/jtruthfulqa>"
        " jag:madeFromBenchmark <https://w3id.org/jagraph/benchmark/truthfulqa> }"
    )


def test_a_script_is_no_other_name_of_the_evaluation_that_publishes_it(live: Graph) -> None:
    assert not live.store.ask('ASK { ?x (jag:name|skos:altLabel) "swallow-evaluation" }')


@pytest.mark.parametrize("benchmark", ["jglue", "jnli", "jcommonsenseqa"])
def test_training_splits_of_benchmarks_are_an_exposure(live: Graph, benchmark: str) -> None:
    query = find_query(live.project, "benchmark-exposure")
    found = run(query, {"benchmark": benchmark}, live.store)
    models = {row["modelName"] for row in found.dicts()}
    assert {"RakutenAI-7B-instruct", "RakutenAI-7B-chat"} <= models


def test_who_names_all_data_is_not_among_the_undisclosed(live: Graph) -> None:
    found = run(find_query(live.project, "undisclosed-training"), {}, live.store).dicts()
    families = {row["familyName"] for row in found}
    assert "InformatixRoBERTa" not in families
    assert {"ao-Karasu", "ELYZA-japanese-Llama-2-13b", "StockmarkGPT"} <= families


def test_a_part_is_trained_on_the_whole_under_its_own_name(live: Graph) -> None:
    query = find_query(live.project, "trained-on")
    rows = run(query, {"dataset": "llm-jp-corpus-v3"}, live.store).dicts()
    parts = {row["modelName"] for row in rows if row["datasetName"] == "part of llm-jp-corpus-v3"}
    assert parts == {
        *("llm-jp-3-172b-alpha1", "llm-jp-3-172b-alpha2"),
        *("llm-jp-3-172b-beta1", "llm-jp-3-172b-beta2"),
    }


@pytest.fixture(scope="module")
def page(live: Graph) -> Iterator[Callable[[str, str], str]]:
    """Ask for the text of a page in a language."""
    with in_process(AppState(live)) as url, httpx.Client(base_url=url, timeout=600) as asking:

        def text(address: str, language: str) -> str:
            html = asking.get(address, params={"lang": language}).text
            return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())

        yield text


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_say_beside_a_value_that_it_is_the_curators(
    page: Callable[[str, str], str], language: str
) -> None:
    mark = words(language)["fact-inferred"]
    assert page("/model/japanese-clip-vit-b-16", language).count(f"({mark})") == 1
    assert page("/model/bert-1.3b", language).count(f"· {mark}") == 1
    assert page("/benchmark/jmmlu", language).count(mark) == 1
    assert mark not in page("/benchmark/pfgen-bench", language)


def test_the_card_says_which_key_of_a_stage_is_the_curators(jagraph: Run) -> None:
    shown = jagraph("show", "rinna-clip").stdout
    (stage,) = (line for line in shown.splitlines() if line.startswith("  stages:"))
    assert "the stage is inferred by the curator" in stage
    assert "inferredKeys: judged" in jagraph("show", "jmmlu").stdout
