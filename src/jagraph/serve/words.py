"""The words of the pages in English, Japanese and French; names of things are the ontology's.

Each file in ``words/`` maps a key to one text per language; keys are the same name-space for all.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from jagraph.wording import LANGUAGES

LANGUAGE_NAMES = {"en": "English", "ja": "日本語", "fr": "Français"}


@cache
def words(language: str) -> dict[str, str]:
    """Return every text of the pages in ``language``, one of LANGUAGES, by its key."""
    return {key: texts[language] for key, texts in _read().items()}


@cache
def _read() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for file in sorted(files(__package__).joinpath("words").iterdir(), key=lambda file: file.name):
        text = file.read_text(encoding="utf-8")
        for key, texts in yaml.load(text, Loader=yaml.CSafeLoader).items():
            if key in found or set(texts) != set(LANGUAGES):
                raise ValueError(f"{file.name}: {key}: once, in {', '.join(LANGUAGES)}")
            found[key] = texts
    return found
