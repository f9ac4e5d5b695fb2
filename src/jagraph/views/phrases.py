"""Sentences of the rules and of errors, which are English, in the reader's language.

The graph and every error speak English, so that each sentence is the same to programs and can be
searched for. A page knows their forms, in ``phrases.yaml``, and says them as the reader would.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter

from jagraph.drawing.messages import LANGUAGES

_REMEMBERED = 10_000
_CONCEPTS = frozenset({"concern", "conflict", "stage", "threshold"})


@dataclass(frozen=True)
class Form:
    """One sentence with places: how it is recognised, and how each language says it."""

    pattern: re.Pattern[str]
    texts: dict[str, str]


def said(sentence: str, language: str, place: Callable[[str, str], str]) -> str | None:
    """Return ``sentence`` in ``language``, None when its form is not known.

    ``place`` gives what stands in a place, by the place's name and what is there in English.
    """
    found = _recognised(sentence)
    if found is None:
        return None
    form, values = found
    return form.texts[language].format_map({name: place(name, one) for name, one in values})


@lru_cache(_REMEMBERED)
def _recognised(sentence: str) -> tuple[Form, tuple[tuple[str, str], ...]] | None:
    for form in _forms():
        if found := form.pattern.fullmatch(sentence):
            return form, tuple(found.groupdict().items())
    return None


@cache
def _forms() -> tuple[Form, ...]:
    import yaml

    text = files(__package__).joinpath("phrases.yaml").read_text(encoding="utf-8")
    return tuple(
        Form(_pattern(entry.pop("from", entry["en"])), {name: entry[name] for name in LANGUAGES})
        for entry in yaml.load(text, Loader=yaml.CSafeLoader)
    )


def _pattern(form: str) -> re.Pattern[str]:
    pieces = []
    if form[0].isupper():  # errors begin with a small letter
        pieces.append(f"(?i:{form[0]})")
        form = form[1:]
    for fixed, name, _, _ in Formatter().parse(form):
        pieces.append(re.escape(fixed))
        if name:
            pieces.append(f"(?P<{name}>{'[a-z0-9-]+' if name in _CONCEPTS else '.+'})")
    return re.compile("".join(pieces), re.DOTALL)
