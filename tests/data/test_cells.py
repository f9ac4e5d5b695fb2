"""The records against the cells they are taken from: every quote, kind, dataset and size."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import yaml
from tests.support.project import ROOT

# What the cells say, written from the list itself: by section and row, then by edition.
_HEAD, *_LINES = (
    line.split("\t")
    for line in (ROOT / "tests/list/cells.tsv").read_text(encoding="utf-8").splitlines()[2:]
)
CELLS: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
for _line in _LINES:
    _row = dict(zip(_HEAD, _line, strict=True))
    CELLS.setdefault((_row["section"], _row["row"]), {})[_row["edition"]] = _row
ENGLISH = "list-en-md"
# In which cells the words of a statement stand.
COLUMNS = {
    "name-cell": ("name",),
    "variant-name": ("name", "architecture", "hub"),
    "base-cell": ("base",),
    "merge-cell": ("merge",),
    "architecture-cell": ("architecture",),
    "training-cell": ("training",),
    "license-cell": ("license",),
    "context-cell": ("context",),
    "footnote": ("footnotes",),
}
# What in a cell says the kind of training: a label before a colon, or a phrase.
LABEL = re.compile(
    r"(Pre-training|Instruction Tuning(?: & DPO)?|SFT, DPO|DPO|PPO|OPRO|SteerLM)(?: ?\([^()]*\))?:"
)
LABELLED = {
    "Pre-training": {"pre-training"},
    "Instruction Tuning": {"instruction-tuning"},
    "Instruction Tuning & DPO": {"instruction-tuning", "dpo"},
    "SFT, DPO": {"supervised-fine-tuning", "dpo"},
    "DPO": {"dpo"},
    "PPO": {"ppo"},
    "OPRO": {"orpo"},
    "SteerLM": {"steerlm"},
}
PHRASES = {
    "pre-training": "pre-trained on",
    "instruction-tuning": "instruction-tuned",
    "fine-tuning": "fine-tuned",
    "additional-training": "additional training|additionally trained|sparse upcycling",
    "distillation": "distillation of",
    "merging": "merged from",
    "steerlm": "using steerlm",
    "long-context-training": "trained with long context",
    "chat-vector": "a chat vector between",
}
# What the heading of a table says of all its rows.
HEADINGS = {
    "generative-scratch": {"pre-training"},
    "generative-continual": {"pre-training", "additional-training"},
}
Record = dict[str, Any]


def _families() -> Iterator[tuple[str, Record]]:
    for path in sorted((ROOT / "data/models").glob("*.yaml")):
        yield path.stem, yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


FAMILIES = dict(_families())
NAMES = {
    path.stem: [record["name"], *record.get("aliases", [])]
    for path in (ROOT / "data/datasets").glob("*.yaml")
    for record in [yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)]
}


def _cells(record: Record, edition: str = ENGLISH) -> dict[str, str]:
    return CELLS[record["listed"]["section"], record["name"]][edition]


def _statements(record: Record, *keys: str) -> Iterator[Record]:
    for node in (record, *record["models"].values()):
        for key in keys:
            yield from (one for one in node.get(key, []) if one["stated"] != "outside")


def _tight(text: str) -> str:
    """Return ``text`` without its spaces: a line break of a cell is one, or none."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def _quotes(words: str, cell: str) -> bool:
    """Tell whether ``cell`` has ``words``; "…" stands for what is left out."""
    return re.search(".*".join(map(re.escape, _tight(words).split("…"))), _tight(cell)) is not None


def test_every_row_has_its_cells() -> None:
    rows = (ROOT / "tests/list/rows.tsv").read_text(encoding="utf-8").splitlines()[2:]
    of_models = [tuple(row.split("\t")[:2]) for row in rows if "-benchmarks\t" not in row]
    assert list(CELLS) == of_models
    assert all(ENGLISH in editions for editions in CELLS.values())


def test_words_stand_in_the_cell_and_the_editions_they_are_credited_to() -> None:
    wrong = [
        (family, edition, one["stated"], one["words"])
        for family, record in FAMILIES.items()
        for one in _statements(record, "licenses", "derivations", "stages", "contextLengths")
        if "words" in one
        for edition in one.get("editions", [ENGLISH])
        if not any(
            _quotes(one["words"], _cells(record, edition)[column])
            for column in COLUMNS[one["stated"]]
        )
    ]
    assert wrong == []


def test_variants_stand_in_the_cells_of_their_row() -> None:
    wrong = [
        (family, model)
        for family, record in FAMILIES.items()
        for model, about in record["models"].items()
        if "variant" in about
        and not any(
            _quotes(about["variant"], _cells(record)[column]) for column in COLUMNS["variant-name"]
        )
    ]
    assert wrong == []


def _kinds(record: Record, stage: Record) -> set[str]:
    """Return the kinds of training that the source names for ``stage``."""
    (edition, *_) = stage.get("editions", [ENGLISH])
    cells = _cells(record, edition)
    cell = cells[COLUMNS[stage["stated"]][0]]
    place = _tight(cell).find(_tight(stage["words"]))
    before = [
        found[1]
        for found in LABEL.finditer(cell)
        if len(_tight(cell[: found.start()])) <= place or found[0] in stage["words"]
    ]
    said = stage["words"] + (cells["footnotes"] if "footnotes" in stage else "")
    phrases = {kind for kind, text in PHRASES.items() if re.search(text, said, re.IGNORECASE)}
    if before or phrases:
        return phrases | (LABELLED[before[-1]] if before else set())
    section = record["listed"]["section"]
    return {
        kind for heading in HEADINGS if section.startswith(heading) for kind in HEADINGS[heading]
    }


def test_a_kind_of_training_that_the_source_does_not_name_is_marked_as_inferred() -> None:
    unmarked = [
        (family, stage["stage"], stage["words"])
        for family, record in FAMILIES.items()
        for stage in _statements(record, "stages")
        if stage.get("inferred") != "true"
        and "stage" not in stage.get("inferredKeys", [])
        and stage["stage"] not in _kinds(record, stage)
    ]
    assert unmarked == []


def test_a_kind_of_training_that_the_source_names_is_not_marked_as_inferred() -> None:
    marked = [
        (family, stage["stage"], stage["words"])
        for family, record in FAMILIES.items()
        for stage in _statements(record, "stages")
        if "stage" in stage.get("inferredKeys", []) and stage["stage"] in _kinds(record, stage)
    ]
    assert marked == []


def _used(stage: Record) -> list[str]:
    return [*stage.get("datasets", []), *(one["dataset"] for one in stage.get("portions", []))]


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]", "", text.lower())


def _names(dataset: str, text: str) -> bool:
    return any(_folded(name) in _folded(text) for name in NAMES[dataset])


# The stages of the training cells in English, by their family and place in its record.
STAGES = {
    (family, number): stage
    for family, record in FAMILIES.items()
    for number, stage in enumerate(_statements(record, "stages"))
    if stage["stated"] == "training-cell" and ENGLISH in stage.get("editions", [ENGLISH])
}


def test_every_dataset_of_a_stage_is_named_in_its_words() -> None:
    unnamed = [
        (place, dataset)
        for place, stage in STAGES.items()
        for dataset in _used(stage)
        if not _names(dataset, stage["words"])
    ]
    assert unnamed == []


# What a cell names and the stage leaves out, with reason.
LEFT_OUT = {
    ("japanese-stablelm-alpha", 2, "Alpaca (discarded in v2)"),  # the stage of v2
    ("japanesefinancialbert", 1, "Japanese Wikipedia"),  # the footnote: of the small model only
    ("japaneselayoutlm", 0, "initialized with TohokuUniversityBERT"),  # a model
}


def test_everything_the_words_name_is_a_dataset_of_the_stage_or_undisclosed() -> None:
    left_out = set()
    for (family, number), stage in STAGES.items():
        if not _used(stage) or "inferred" in stage:
            continue
        outside = re.sub(r"\([^()]*,[^()]*\)", "", stage["words"])  # a list in brackets is of parts
        for item in re.split(r", | \+ ", outside):
            named = any(_names(dataset, item) for dataset in _used(stage))
            if not named and not re.search("undisclosed|private", item):
                left_out.add((family, number, item))
    assert left_out == LEFT_OUT


def test_what_is_undisclosed_is_so_in_the_words() -> None:
    hidden = re.compile("undisclosed|private|crawled data")
    for place, stage in STAGES.items():
        disclosed = stage.get("disclosure") not in ("undisclosed", "partly-undisclosed")
        assert disclosed == (hidden.search(stage["words"]) is None), place


def test_sizes_stand_in_the_row_or_are_marked_as_inferred() -> None:
    wrong = []
    for family, record in FAMILIES.items():
        cells = _cells(record)
        row = " ".join(cells[key] for key in ("name", "architecture", "base", "merge", "training"))
        said = row.lower().replace("×", "x")
        for model, about in record["models"].items():
            for key in {"parameters", "nominalParameters"} & about.keys():
                found = re.search(rf"(?<![\d.x]){re.escape(about[key])}", said)
                if (found is None) != (key in about.get("inferredKeys", [])):
                    wrong.append((family, model, key, about[key]))
    assert wrong == []


def test_a_size_of_experts_is_the_nominal_one_beside_the_actual_one() -> None:
    wrong = []
    for family, record in FAMILIES.items():
        experts = re.search(r"\b\d+[x×]\d+b\b", _cells(record)["name"].lower())
        if experts:
            nominal = experts[0].replace("×", "x")
            wrong += [
                (family, model)
                for model, about in record["models"].items()
                if about.get("nominalParameters") != nominal
            ]
    assert wrong == []
