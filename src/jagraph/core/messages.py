"""Sentences that can be said in another language: a key and arguments, one catalogue per language.

``messages/en.json`` has the English template of each key, the files beside it the others. The name
of an argument says what it is, in every language:

- ``names`` and ``kinds`` are joined by "or", ``choices`` and ``options`` by commas;
- ``option`` and ``options`` are parameters, which the command line writes with "--";
- ``search``, ``questions`` and ``ontology`` are places to look in, a path or a command;
- ``sentence`` is a sentence itself;
- an argument called like a scheme of the ontology is the id of a concept of that scheme;
- all else is written as it is.

A key that begins with ``error-`` or ``help-`` is a sentence of its own, the others go on in a text.
"""

from __future__ import annotations

import os
from types import MappingProxyType

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any, Self

Argument = str | int | tuple[str, ...]

_JOINED = {"names": " or ", "kinds": " or ", "choices": ", ", "options": ", "}


class Message(str):
    """An English sentence that knows how to be said in another language.

    It is equal to its English text; ``key`` is its entry in the catalogues, ``arguments`` are what
    the template takes.
    """

    __slots__ = ("arguments", "key")

    key: str
    arguments: Mapping[str, Argument]

    def __new__(cls, key: str, /, **arguments: Argument) -> Self:
        """Return the message ``key``; raises KeyError for an unknown key or a missing argument."""
        message = super().__new__(cls, _filled("en", key, arguments, _in_english))
        message.key = key
        message.arguments = MappingProxyType(arguments)
        return message

    def __reduce__(self) -> tuple[Callable[..., Message], tuple[dict[str, Any]]]:
        """Return what a copy is made of."""
        return message_of, (plain(self),)

    def said(self, language: str, place: Callable[[str, Argument], str]) -> str:
        """Return the sentence in ``language``.

        ``place`` gives what stands in a place of the template, by the name of the argument and its
        value.
        """
        return _filled(language, self.key, self.arguments, place)


def plain(text: Message) -> dict[str, Any]:
    """Return the key and the arguments of ``text``, as JSON has them."""
    arguments = {
        name: plain(value) if isinstance(value, Message) else value
        for name, value in text.arguments.items()
    }
    return {"key": text.key, "arguments": arguments}


def message_of(written: Mapping[str, Any]) -> Message:
    """Return the message that ``plain`` has written, also after a way through JSON."""
    given = written["arguments"].items()
    return Message(written["key"], **{name: _argument(value) for name, value in given})


def texts(folder: str | Path, language: str) -> Mapping[str, str]:
    """Return the texts of ``language`` by key; ``folder`` has a file of JSON for each language."""
    place = os.path.join(folder, f"{language}.json")
    if place not in _read:
        import json  # here, since most commands have no message to write

        with open(place, "rb") as file:
            _read[place] = MappingProxyType(json.load(file))
    return _read[place]


def catalogue(language: str) -> Mapping[str, str]:
    """Return the templates of ``language`` by key."""
    return texts(_FOLDER, language)


_FOLDER = os.path.splitext(__file__)[0]
_read: dict[str, Mapping[str, str]] = {}  # by file; several threads may put the same in


def _filled(
    language: str,
    key: str,
    arguments: Mapping[str, Argument],
    place: Callable[[str, Argument], str],
) -> str:
    template = catalogue(language)[key]
    return template.format_map({name: place(name, value) for name, value in arguments.items()})


def _in_english(name: str, value: Argument) -> str:
    if name == "option":
        return f"--{value}"
    if not isinstance(value, tuple):
        return str(value)
    if name == "options":
        return ", ".join(f"--{option}" for option in value) or "none"
    return _JOINED[name].join(value)


def _argument(value: Any) -> Argument:
    if isinstance(value, list):
        return tuple(value)
    return message_of(value) if isinstance(value, dict) else value
