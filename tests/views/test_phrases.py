"""What rules and errors say in English is said on the pages in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import httpx
import pytest
import yaml
from tests.support.inside import in_process
from tests.support.project import ROOT
from tests.web.test_pages import plain

from jagraph.drawing.messages import LANGUAGES
from jagraph.graph.cache import Graph
from jagraph.views.app_state import AppState
from jagraph.views.phrases import said

FIVE = ("ume", "take", "matsu", "hana", "mountain")


@pytest.fixture(scope="module")
def client(tiny: Graph) -> Iterator[httpx.Client]:
    with in_process(AppState(tiny)) as url, httpx.Client(base_url=url, timeout=600) as asking:
        yield asking


def test_every_reason_of_the_rules_is_said_in_each_language(live: Graph) -> None:
    names = {row["l"] for row in live.store.select("SELECT ?l { ?s rdfs:label ?l }").dicts()}
    reasons = live.store.select("SELECT DISTINCT ?reason { ?verdict jag:reason ?reason }")
    unsaid = [
        (row["reason"], language)
        for row in reasons.dicts()
        for language in LANGUAGES
        if not said(row["reason"], language, lambda _, value: value) and row["reason"] not in names
    ]
    assert unsaid == []


def test_every_sentence_the_pages_know_is_said_somewhere() -> None:
    written = ""
    for folder, files_of in (("src", "*.py"), ("ontology/rules", "*.rq"), ("queries", "*.rq")):
        written += "".join(file.read_text("utf-8") for file in (ROOT / folder).rglob(files_of))
    written = re.sub(r'"\s*\n\s*f?"', "", written)  # one text on several lines
    known = files("jagraph.views").joinpath("phrases.yaml").read_text("utf-8")
    for form in yaml.safe_load(known):
        sentence = form.get("from", form["en"])
        for piece in re.split(r"\{\w+\}", sentence[:1].lower() + sentence[1:]):
            assert piece in written or piece[:1].upper() + piece[1:] in written, sentence


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/query/descendants?base=zzz&lang=ja", "'zzz' という名前のものはありません（"),
        ("/query/descendants?base=moutain&lang=ja", "もしかして: family/mountain"),
        ("/compare?model=7b&lang=fr", "'7b' peut désigner 4 modèles"),
        ("/query/descendants?bse=ume&lang=fr", "descendants n'a pas de paramètre bse"),
        ("/query/descendants?bse=ume&lang=ja", "パラメーター: base"),
        ("/query/license-overview?a=b&lang=ja", "パラメーター: なし"),
        ("/query/largest?use=eating&lang=fr", "use ne peut pas être 'eating'"),
        ("/query/context-at-least?tokens=many&lang=ja", "'many' は数ではありません"),
        ("/query/no-such?lang=fr", "requête enregistrée"),
        ("/model/no-such?lang=ja", "検索ではすべての名前を探せます"),
        ("/lineage/model/no-such?lang=fr", "pas de filiation de model/no-such"),
        ("/nowhere?lang=ja", "/nowhere というページはありません"),
        ("/compare?model=no-such&lang=ja", "'no-such' という名前のモデルはありません"),
        (
            f"/compare?lang=fr&{'&'.join(f'model={one}-7b' for one in FIVE)}",
            "5 modèles ne tiennent pas",
        ),
        ("/sparql?query=SELECT+*+%7B+SERVICE+%3Ca%3Ab%3E+%7B%7D+%7D&lang=ja", "ここでは無効です"),
    ],
)
def test_what_is_refused_is_said_in_the_readers_language(
    client: httpx.Client, path: str, message: str
) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    assert message in plain(text)
