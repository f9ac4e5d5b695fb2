"""The catalogues of messages agree with each other and with the code and rules that use them."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from tests.support import ontology
from tests.support.project import ROOT

from jagraph.core.messages import Message, catalogue, message_of, plain
from jagraph.core.namespaces import LANGUAGES

_SOURCES = sorted((ROOT / "src").rglob("*.py"))


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def messages(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
            yield node


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_with_the_same_arguments(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert list(other) == list(english)
    for key, template in english.items():
        assert places(other[key]) == places(template), key


def test_every_message_of_the_code_is_in_the_catalogues_with_its_arguments() -> None:
    used = 0
    for path in _SOURCES:
        for call in messages(path):
            keys = [key.value for key in call.args if isinstance(key, ast.Constant)]
            given = {word.arg for word in call.keywords}
            for key in map(str, keys):
                used += 1
                assert key in catalogue("en"), path
                assert None in given or given == places(catalogue("en")[key]), (path, key)
    assert used > 50


def test_every_message_is_used() -> None:
    constants = {
        node.value
        for path in _SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
    }
    rules = "".join(path.read_text("utf-8") for path in (ROOT / "ontology/rules").glob("*.rq"))
    quoted = set(re.findall(r'"((?:reason|reading|answer)-[a-z-]+)"', rules))
    assert {key for key in quoted if key.startswith("rea")} <= set(catalogue("en"))
    conditions = {
        f"reading-{ontology.local(action)}"
        for action in ontology.ONTOLOGY.subjects(ontology.JAG.conditionKind)
    }
    # keys made of a beginning and an id
    begun = {
        str(call.args[0].values[0].value)
        for path in _SOURCES
        for call in messages(path)
        if isinstance(call.args[0], ast.JoinedStr)
        and isinstance(call.args[0].values[0], ast.Constant)
    }
    unused = set(catalogue("en")) - quoted - conditions - constants
    assert {key for key in unused if not key.startswith(tuple(begun))} == set()


def test_a_message_is_its_english_text_and_can_be_copied() -> None:
    finding = Message("reason-clause", document="Ume License", clause="2")
    verdict = Message("reason-from", sentence=finding, holder="Ume")
    near = Message("help-did-you-mean", names=("ume", "take"))
    assert verdict == "Ume License, clause 2; from Ume"
    assert near == "did you mean ume or take?"
    assert Message("help-parameters", options=()) == "its parameters: none"
    for message in (verdict, near):
        for other in (
            copy.deepcopy(message),
            pickle.loads(pickle.dumps(message)),  # noqa: S301, our own
            message_of(json.loads(json.dumps(plain(message)))),
        ):
            assert (other, other.key) == (message, message.key)
            assert plain(other) == plain(message)
    with pytest.raises(KeyError):
        Message("reason-clause", document="Ume License")


def test_nothing_changes_a_message_or_a_catalogue() -> None:
    with pytest.raises(TypeError):
        catalogue("en")["help-again"] = ""  # type: ignore[index]
    with pytest.raises(TypeError):
        Message("help-again").arguments["name"] = ""  # type: ignore[index]
