"""What rules and errors say in English is said on the pages in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from tests.support.inside import in_process
from tests.support.page_text import plain

from jagraph.core.messages import Message
from jagraph.core.namespaces import LANGUAGES
from jagraph.graph.cache import Graph
from jagraph.views.app_state import AppState
from jagraph.views.labels import Labels, Reader

FIVE = ("ume", "take", "matsu", "hana", "mountain")


@pytest.fixture(scope="module")
def client(tiny: Graph) -> Iterator[httpx.Client]:
    with in_process(AppState(tiny)) as url, httpx.Client(base_url=url, timeout=600) as asking:
        yield asking


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_graph_is_said_in_each_language(live: Graph, language: str) -> None:
    reader = Reader(language, Labels.read(live.store))
    reasons = live.store.select("SELECT DISTINCT ?reason { ?verdict jag:reason ?reason }")
    for sentence in (row["reason"] for row in reasons.dicts()):
        assert not reader.is_english(sentence)
        assert reader.says(sentence)


def test_the_places_of_a_message_are_named_for_the_reader(tiny: Graph) -> None:
    labels = Labels.read(tiny.store)
    message = Message("help-ontology", ontology="/vocab", search="/search")
    assert message == "/vocab has every concept, /search every thing"
    said = "The ontology has every concept, the search every thing"
    assert Reader("en", labels).says(message) == said
    twice = Message("error-parameter-twice", option="base")
    assert twice == "--base is given twice"
    assert Reader("en", labels).says(twice) == "base is given twice"
    before = Reader("ja", labels).says("before pre-training")
    assert before == f"{Reader('ja', labels).concept('stage', 'pre-training')}の前"
    assert Reader("ja", labels).says("written by nobody") == "written by nobody"


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
