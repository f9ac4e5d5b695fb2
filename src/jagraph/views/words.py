"""The words of the pages in English, Japanese and French; names of things are the ontology's.

Each file in ``words/`` maps a key to one text per language; keys are the same name-space for all.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jagraph.drawing.messages import LANGUAGES

# in French a space that does not break stands before these signs and inside the quotation marks
_FRENCH = re.compile(r"(?<=«) | (?=[?!:;»])")
LANGUAGE_NAMES = {"en": "English", "ja": "日本語", "fr": "Français"}


@cache
def words(language: str) -> dict[str, str]:
    """Return every text of the pages in ``language``, one of LANGUAGES, by its key."""
    return {key: typeset(texts[language], language) for key, texts in _read().items()}


def typeset(text: str, language: str) -> str:
    """Return ``text``, which is prose, with the spaces that must not end a line."""
    return _FRENCH.sub("\N{NO-BREAK SPACE}", text) if language == "fr" else text


@cache
def _read() -> dict[str, dict[str, str]]:
    import yaml  # what a verb of the command line prints needs none

    found: dict[str, dict[str, str]] = {}
    for file in sorted(Path(__file__).with_name("words").iterdir()):
        text = file.read_text(encoding="utf-8")
        for key, texts in yaml.load(text, Loader=yaml.CSafeLoader).items():
            if key in found or set(texts) != set(LANGUAGES):
                raise ValueError(f"{file.name}: {key}: once, in {', '.join(LANGUAGES)}")
            found[key] = texts
    return found
