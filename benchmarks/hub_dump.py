"""Synthetic metadata of the Hugging Face Hub, as JSON lines in the shape of its API for models.

python benchmarks/hub_dump.py MODELS [-o FILE.jsonl.gz] [--seed N] [--malformed SHARE]

Without -o the lines go to stdout. Beside FILE.jsonl.gz stands FILE.meta.json: every parameter of
``Mix``, and ``Facts``, what was written, counted while writing. Lines are the same for the same
parameters; so is the compressed file with the same zlib. Nothing in a dump is true but the names of
repositories that this project's records have: they are the first roots, so that what is curated and
what is imported meet.

Where the figures come from:

- edges per model, children and descendants of the largest tree: a graph of 2.5 M models with
  1,237,095 edges whose largest hub has 94 k children and 185 k descendants (assumed; this project's
  choice of size). Trees "vary widely in size and structure", and licences drift from a parent's
  towards permissive ones: Laufer, Oderinwale, Kleinberg, "Anatomy of a Machine Learning Ecosystem:
  2 Million Models on Hugging Face", https://arxiv.org/abs/2508.06811 (the rates are assumed).
- licences: the counts for apache-2.0, mit, openrail, creativeml-openrail-m, cc-by-nc-4.0, llama3,
  llama2, llama3.1 and cc-by-4.0 are those of https://liscan-ai.com/index/data_analysis; the others
  are assumed. That page has about two models in three without a licence; here it is one in three,
  so that there is more to judge.
- forms of the fields: https://huggingface.co/docs/hub/model-cards (base_model, base_model_relation,
  license, license_name, license_link) and answers of https://huggingface.co/api/models.
- all else (relations, bursts, missing bases, cycles, downloads, languages): assumed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import zlib
from array import array
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, BinaryIO, TypeVar

ROOT = Path(__file__).parents[1]
Entry = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Mix:
    """The parameters; a share is a probability."""

    models: int
    seed: int = 1
    based: float = 0.425  # of models: say what they come from
    # where a parent comes from; the rest is any earlier model that is no leaf
    root: float = 0.43  # a root; its popularity falls with its rank
    copied: float = 0.35  # the parent of an earlier model: the rich get richer
    obscure: float = 0.30  # of roots: any model without a base
    largest: str = "meta-llama/Llama-2-7b-hf"  # the most popular root
    # of models with a base
    merged: float = 0.05
    merge_parents: tuple[int, int] = (2, 5)
    adapter: float = 0.28
    burst: float = 0.10  # begins a burst of quantisations by one author
    burst_length: tuple[int, int] = (1, 6)
    leaf_used: float = 0.02  # adapters that others build upon; quantisations are leaves
    relation_stated: float = 0.15  # cardData has base_model_relation
    missing_base: float = 0.03  # names a repository that is not in the dump
    local_base: float = 0.004  # names a path on the author's machine
    self_reference: float = 0.0004
    two_cycle: float = 0.0002
    unlicensed: float = 1 / 3
    inherited_license: float = 0.55  # of licensed models with a base: repeats the parent's
    license_list: float = 0.004  # writes the licence as a list
    licenses: dict[str, int] = field(
        default_factory=lambda: {
            "apache-2.0": 249_075,
            "mit": 92_116,
            "openrail": 35_295,
            "creativeml-openrail-m": 26_738,
            "other": 24_000,
            "cc-by-nc-4.0": 12_892,
            "llama3": 9_898,
            "llama2": 9_682,
            "gemma": 8_000,
            "llama3.1": 6_858,
            "cc-by-4.0": 5_841,
            "llama3.2": 5_000,
            "afl-3.0": 4_000,
            "cc-by-nc-sa-4.0": 3_500,
            "cc-by-sa-4.0": 3_500,
            "gpl-3.0": 2_500,
            "bigscience-bloom-rail-1.0": 1_500,
            "unknown": 1_500,
            "bsd-3-clause": 1_000,
            "cc-by-nc-nd-4.0": 1_000,
        }
    )
    japanese: float = 0.04
    datasets: float = 0.12
    download_tail: float = 0.75  # exponent of the Pareto distribution of downloads
    authors_per_model: float = 0.15
    quantisers: int = 24
    shuffled: int = 1024  # models in a row whose order is mixed: a base may follow its derivative
    malformed: float = 0.0002  # of lines: additional ones that no importer can read


@dataclass
class Facts:
    """What was written, counted while writing."""

    edges: int = 0  # to another model of the dump
    merges: int = 0
    missing: int = 0
    self_references: int = 0
    two_cycles: int = 0
    malformed: int = 0
    deepest: int = 0
    hub: str = ""
    hub_children: int = 0
    hub_descendants: int = 0
    relations: dict[str, int] = field(default_factory=dict)
    licenses: dict[str, int] = field(default_factory=dict)


_FORMS = ("", "-lora", "-GGUF", "-i1-GGUF", "-AWQ", "-GPTQ", "-8bit", "-exl2", "-4bit-mlx")
_ADAPTER = 1  # the forms after it are quantisations
_WORDS = ("chat", "instruct", "sft", "dpo", "med", "law", "code", "ja", "rp", "math", "test", "v2")
_KINDS = ("bert", "vit", "whisper", "gpt2", "sdxl", "t5", "wav2vec2", "llama", "qwen2", "ppo")
_PEOPLE = ("aki", "bea", "chen", "dara", "emi", "finn", "gita", "hugo", "ines", "jun", "kofi")
_TASKS = ("text-generation", "text-classification", "text-to-image", "image-classification")
_LIBRARIES = ("transformers", "diffusers", "sentence-transformers", "stable-baselines3")
_DATASETS = ("HuggingFaceH4/ultrachat_200k", "kunishou/databricks-dolly-15k-ja", "wikitext")
_LANGUAGES = ("en", "zh", "fr", "de", "es", "ko", "multilingual")
_PROMPTS = ("日本で一番高い山は", "今日の天気は", "吾輩は猫である。名前は", "AIとは何か")
_OTHER = (
    ("qwen", "https://huggingface.co/Qwen/Qwen2-72B/blob/main/LICENSE"),
    ("flux-1-dev-non-commercial-license", "LICENSE.md"),
    ("自社ライセンス（商用利用は要相談）", ""),
    ("", ""),
)
_UNREADABLE = (
    b'{"id": "cut/off", "tags": ["transfor',
    b"<html><body>502 Bad Gateway</body></html>",
    b'{"author": "no-id", "tags": []}',
    b'{"id": 7, "tags": ["region:us"]}',
    b'["an", "array"]',
    b"null",
    b'{"id": "bytes/\xff\xfe", "tags": []}',
    b'{"id": "no slash or space allowed", "tags": []}',
)
_FAMILIES = {
    "meta-llama/Llama-2": "llama2",
    "codellama/": "llama2",
    "meta-llama/Meta-Llama-3-": "llama3",
    "meta-llama/Llama-3.1": "llama3.1",
    "meta-llama/Llama-3.2": "llama3.2",
    "google/gemma": "gemma",
    "mistralai/": "apache-2.0",
    "Qwen/": "apache-2.0",
    "openai/": "mit",
    "stabilityai/stable-diffusion": "creativeml-openrail-m",
}
_BEGIN = datetime(2022, 3, 2, 23, 29, 4, tzinfo=UTC)
_DAYS = 1400
_FIRST = 1000


@cache
def curated(folder: str) -> tuple[str, ...]:
    """Return the ids on the Hub that the records in ``data/folder`` have, sorted."""
    found: set[str] = set()
    for path in (ROOT / "data" / folder).glob("*.yaml"):
        found.update(re.findall(r"\bhub: ([\w.-]+/[\w.-]+)", path.read_text(encoding="utf-8")))
    return tuple(sorted(found))


class Hub:
    """Models in the order of their creation; some bytes per model are kept, no text."""

    def __init__(self, mix: Mix) -> None:
        self.mix, self.facts = mix, Facts()
        self._random = Random(mix.seed).random
        ranked = sorted(
            curated("base-models"), key=lambda hub: (hub != mix.largest, zlib.crc32(hub.encode()))
        )
        roots = ranked[: max(1, mix.models // 10)]
        known = set(roots)
        listed = [hub for hub in curated("models") if hub not in known][: mix.models // 10]
        self._given = [*roots, *listed][: mix.models]
        self._roots = len(roots)
        # Zipf's law: the popularity of a root is one over its rank
        self._popularity = list(accumulate(1 / rank for rank in range(1, len(roots) + 1)))
        self._license_names = ["", *mix.licenses]
        self._license_sums = list(accumulate(mix.licenses.values()))
        self._authors = max(10, int(mix.models * mix.authors_per_model))
        self._root, self._author = array("i"), array("i")
        self._form, self._license, self._depth = array("B"), array("B"), array("B")
        # one per edge; some to begin with, else a few early bursts would decide who is the hub
        first = (int(_FIRST / rank / self._popularity[-1]) for rank in range(1, len(roots) + 1))
        self._parents = array("i", [root for root, n in enumerate(first) for _ in range(n)])
        self._free, self._usable = array("i"), array("i")  # without a base; with one, no leaf
        self._tree = bytearray()  # 1: the largest root, or a descendant of it

    def models(self) -> Iterator[Entry]:
        """Yield every model as the Hub's API gives it."""
        block: list[Entry] = []
        for index, bases in self._grow():
            block.append(self._entry(index, bases))
            if len(block) >= self.mix.shuffled:
                yield from self._mixed(block)
                block = []
        yield from self._mixed(block)
        self.facts.hub, self.facts.hub_descendants = self.name(0), sum(self._tree) - 1

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of the dump, malformed ones among them."""
        write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        for entry in self.models():
            if self._random() < self.mix.malformed:
                yield self._any(_UNREADABLE) + b"\n"
                self.facts.malformed += 1
            yield write(entry).encode() + b"\n"

    def name(self, index: int) -> str:
        """Return the id of a model."""
        if index < len(self._given):
            return self._given[index]
        root, author = self._root[index], self._author[index]
        stem = self._given[root].partition("/")[2] if root < len(self._given) else ""
        stem = stem or _KINDS[root % len(_KINDS)]
        word, form = _WORDS[index % len(_WORDS)], _FORMS[self._form[index]]
        return f"{self._person(author)}/{stem}-{word}-{index:x}{form}"

    def _person(self, author: int) -> str:
        if author < self.mix.quantisers:
            return f"quants-{author}"
        return f"{_PEOPLE[author % len(_PEOPLE)]}-{author:x}"

    def _any(self, choices: Sequence[T]) -> T:
        return choices[int(self._random() * len(choices))]

    def _between(self, bounds: tuple[int, int]) -> int:
        return bounds[0] + int(self._random() * (bounds[1] - bounds[0] + 1))

    def _mixed(self, block: list[Entry]) -> list[Entry]:
        return sorted(block, key=lambda _: self._random()) if self.mix.shuffled > 1 else block

    def _grow(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each new model's number and the ids of its bases."""
        mix, chance = self.mix, self._random
        for _ in self._given:
            yield self._add([], 0), []
        while (index := len(self._root)) < mix.models:
            if chance() >= mix.based:
                yield self._add([], 0), []
            elif chance() < mix.two_cycle and index + 1 < mix.models:
                pair = [self._add([], 0), self._add([], 0)]
                self.facts.two_cycles += 1
                self.facts.edges += 2
                yield pair[0], [self.name(pair[1])]
                yield pair[1], [self.name(pair[0])]
            elif chance() < mix.self_reference:
                self.facts.self_references += 1
                yield self._add([], 0), [self.name(index)]
            elif chance() < mix.missing_base + mix.local_base:
                self.facts.missing += 1
                yield self._add([], 0), [self._absent(index)]
            elif chance() < mix.burst:
                parent, author = self._parent(), int(mix.quantisers * chance() ** 2)
                for _ in range(min(self._between(mix.burst_length), mix.models - index)):
                    form = _ADAPTER + 1 + int(chance() * (len(_FORMS) - _ADAPTER - 1))
                    yield self._add([parent], form, author), [self.name(parent)]
            elif chance() < mix.merged:
                wanted = self._between(mix.merge_parents)
                parents = list(dict.fromkeys(self._parent() for _ in range(3 * wanted)))[:wanted]
                yield self._add(parents, 0), [self.name(parent) for parent in parents]
            else:
                parent, form = self._parent(), _ADAPTER if chance() < mix.adapter else 0
                yield self._add([parent], form), [self.name(parent)]

    def _add(self, parents: list[int], form: int, author: int | None = None) -> int:
        """Keep what later models and names need of a new model."""
        index = len(self._root)
        if author is None:
            author = self.mix.quantisers + int(self._authors * self._random() ** 3)
        root = self._root[parents[0]] if parents else index
        depth = min(255, 1 + max(self._depth[parent] for parent in parents)) if parents else 0
        for kept, value in (
            (self._root, root),
            (self._author, author),
            (self._form, form),
            (self._license, self._licensed(index, parents)),
            (self._depth, depth),
        ):
            kept.append(value)
        self._parents.extend(parents)
        if not parents:
            self._free.append(index)
        elif not form or (form == _ADAPTER and self._random() < self.mix.leaf_used):
            self._usable.append(index)
        facts = self.facts
        facts.edges += len(parents)
        facts.merges += len(parents) > 1
        facts.hub_children += 0 in parents
        facts.deepest = max(facts.deepest, depth)
        self._tree.append(not index or any(self._tree[parent] for parent in parents))
        return index

    def _parent(self) -> int:
        chance = self._random()
        if chance < self.mix.root:
            if self._random() < self.mix.obscure:
                return self._any(self._free)
            return bisect(self._popularity, self._random() * self._popularity[-1])
        if chance < self.mix.root + self.mix.copied or not self._usable:
            return self._any(self._parents)
        return self._any(self._usable)

    def _absent(self, index: int) -> str:
        if self._random() * (self.mix.missing_base + self.mix.local_base) < self.mix.local_base:
            return self._any(("./output/checkpoint-500", "/kaggle/input/base/1", "None"))
        return f"{self._person(self.mix.quantisers + index % self._authors)}/gone-{index:x}"

    def _licensed(self, index: int, parents: list[int]) -> int:
        """Return the number of the licence of a new model, 0 for none."""
        if index < self._roots:
            named = (text for key, text in _FAMILIES.items() if self._given[index].startswith(key))
            if text := next(named, ""):
                return self._license_names.index(text)
        if self._random() < self.mix.unlicensed:
            return 0
        if parents and self._random() < self.mix.inherited_license:
            inherited = self._license[parents[0]]
            if inherited:
                return inherited
        return 1 + bisect(self._license_sums, self._random() * self._license_sums[-1])

    def _entry(self, index: int, bases: list[str]) -> Entry:
        """Return a model as the API gives it."""
        mix, chance = self.mix, self._random
        form, hub = self._form[index], self.name(index)
        card = self._card(index, bases)
        relation = _relation(form, bases)
        library = "peft" if form == _ADAPTER else self._any(_LIBRARIES)
        task = self._any(_TASKS) if chance() < 0.7 else None
        tags = [library, *(["gguf"] if _FORMS[form].endswith("GGUF") else ["safetensors"])]
        tags += ["mergekit", "merge"] if len(bases) > 1 else []
        tags += [task] if task else []
        languages = card.get("language", [])
        tags += [languages] if isinstance(languages, str) else languages
        tags += [f"dataset:{name}" for name in card.get("datasets", [])]
        for base in bases:
            tags += [f"base_model:{base}", f"base_model:{relation}:{base}"]
        terms = self._license_names[self._license[index]]
        tags += [f"license:{terms}"] if terms else []
        tags.append("region:us")
        _count(self.facts.licenses, terms or "none")
        if bases:
            _count(self.facts.relations, relation)
        age = _DAYS * 86_400 * (index / mix.models) ** 0.5
        born = (_BEGIN + timedelta(seconds=int(age))).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        downloads = min(60_000_000, int(4 * (1 - chance()) ** (-1 / mix.download_tail)) - 4)
        if index < self._roots:
            downloads += 20_000_000 // (index + 1)
        entry: Entry = {
            "_id": f"{index:024x}",
            "id": hub,
            "modelId": hub,
            "author": hub.partition("/")[0],
            "createdAt": born,
            "lastModified": born,
            "private": False,
            "gated": "manual" if hub.startswith("meta-llama/") else False,
            "downloads": downloads,
            "likes": downloads // 900,
            "library_name": library,
            "tags": tags,
        }
        if task:
            entry["pipeline_tag"] = task
        if card or chance() < 0.3:
            entry["cardData"] = card
        return entry

    def _card(self, index: int, bases: list[str]) -> Entry:
        """Return the metadata at the top of the model's card."""
        mix, chance = self.mix, self._random
        card: Entry = {}
        terms = self._license_names[self._license[index]]
        if terms:
            card["license"] = [terms] if chance() < mix.license_list else terms
        if terms == "other":
            name, link = self._any(_OTHER)
            card |= {"license_name": name} if name else {}
            card |= {"license_link": link} if link else {}
        if bases:
            card["base_model"] = bases if len(bases) > 1 or chance() < 0.6 else bases[0]
            if chance() < mix.relation_stated:
                card["base_model_relation"] = _relation(self._form[index], bases)
        if chance() < mix.japanese:
            card["language"] = ["ja"] if chance() < 0.6 else ["ja", "en"]
            card["widget"] = [{"text": self._any(_PROMPTS)}]
        elif chance() < 0.35:
            language = self._any(_LANGUAGES)
            card["language"] = language if chance() < 0.3 else [language]
        if chance() < mix.datasets:
            name = f"{self._person(mix.quantisers + index % self._authors)}/data-{index % 5000:x}"
            card["datasets"] = [self._any(_DATASETS) if chance() < 0.4 else name]
        return card


def _count(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def _relation(form: int, bases: list[str]) -> str:
    """Return the relation as the Hub names it."""
    if len(bases) > 1:
        return "merge"
    return ("finetune", "adapter", "quantized")[min(form, 2)]


def write(mix: Mix, target: Path) -> Facts:
    """Write a dump to ``target`` (.jsonl or .jsonl.gz) and its parameters and facts beside it."""
    hub = Hub(mix)
    with ExitStack() as opened:
        plain = opened.enter_context(target.open("wb"))
        # neither name nor time in the header: the same bytes for the same parameters
        out: BinaryIO | gzip.GzipFile = plain
        if target.suffix == ".gz":
            out = opened.enter_context(gzip.GzipFile("", "wb", 3, plain, mtime=0))
        for number, line in enumerate(hub.lines(), 1):
            out.write(line)
            if number % 100_000 == 0:
                print(f"{number:,} lines …", file=sys.stderr)
    meta = {"mix": asdict(mix), "facts": asdict(hub.facts)}
    beside = target.with_name(target.name.removesuffix(".gz").removesuffix(".jsonl") + ".meta.json")
    beside.write_text(json.dumps(meta, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return hub.facts


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic dump of the Hub's metadata.")
    parser.add_argument("models", type=int)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.jsonl[.gz]")
    parser.add_argument("--seed", type=int, default=Mix.seed)
    parser.add_argument("--malformed", type=float, default=Mix.malformed, metavar="SHARE")
    asked = parser.parse_args()
    mix = Mix(asked.models, asked.seed, malformed=asked.malformed)
    if asked.output:
        print(json.dumps(asdict(write(mix, asked.output)), indent=2), file=sys.stderr)
    else:
        sys.stdout.buffer.writelines(Hub(mix).lines())


if __name__ == "__main__":
    main()
