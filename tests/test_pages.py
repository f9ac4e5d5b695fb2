"""The pages of a real server on a real port: what they count, sort, filter and say."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from html import escape
from importlib.resources import files

import httpx
import pytest
import uvicorn

from jagraph.cache import Graph
from jagraph.catalogue import catalogue
from jagraph.looks import FILLS
from jagraph.names import NAMESPACES
from jagraph.serve.app import create_app
from jagraph.serve.site import Site
from jagraph.serve.words import words
from jagraph.terms import USES, Judge
from jagraph.vocab import ROOT
from jagraph.wording import LANGUAGES


@pytest.fixture(scope="module")
def client(tiny: Graph) -> Iterator[httpx.Client]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(Site(tiny)), log_level="warning", timeout_keep_alive=600)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with httpx.Client(base_url=address, timeout=600) as asking:
        yield asking
    server.should_exit = True
    thread.join()


def rows(text: str) -> list[str]:
    return re.findall(r'<th scope="row">(.*?)</th>', text, re.DOTALL)


def test_the_first_screen_counts_what_is_in_the_graph(client: httpx.Client, tiny: Graph) -> None:
    text = client.get("/", params={"lang": "en"}).text
    for word, kind in (("families", "ModelFamily"), ("models", "Model"), ("datasets", "Dataset")):
        query = f"SELECT (COUNT(DISTINCT ?t) AS ?n) {{ ?t a jag:{kind} }}"
        count = next(tiny.store.select(query).dicts())["n"]
        assert f"<div><dt>{word}</dt><dd>{count}</dd></div>" in text


def test_the_slices_of_the_bar_are_all_models(client: httpx.Client, tiny: Graph) -> None:
    text = client.get("/").text
    slices = [int(number) for number in re.findall(r'class="number">(\d+)<', text)]
    count = next(tiny.store.select("SELECT (COUNT(?m) AS ?n) { ?m a jag:Model }").dicts())["n"]
    assert len(slices) == len(FILLS)
    assert sum(slices) == int(count)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_in_the_gallery_and_answers_in_each_language(
    client: httpx.Client, tiny: Graph, language: str
) -> None:
    shown = client.get("/queries", params={"lang": language}).text
    assert f'<html lang="{language}"' in shown
    for saved in catalogue(tiny.project).values():
        assert f'href="/query/{saved.name}"' in shown
    answer = client.get("/query/license-overview", params={"lang": language})
    assert answer.status_code == 200
    assert words(language)["download"] in answer.text


def test_a_list_of_answers_is_as_long_as_the_query_says(client: httpx.Client, tiny: Graph) -> None:
    saved = catalogue(tiny.project)["license-overview"]
    text = client.get("/query/license-overview").text
    assert len(rows(text)) == len(tiny.store.select(saved.text).rows)


def test_sorting_backwards_turns_the_rows_around(client: httpx.Client) -> None:
    up = rows(client.get("/query/license-overview", params={"sort": "licenseClass"}).text)
    asked = {"sort": "licenseClass", "order": "desc"}
    answer = client.get("/query/license-overview", params=asked).text
    assert sorted(rows(answer)) == sorted(up)
    assert rows(answer)[0] == up[-1]
    assert 'aria-sort="descending"' in answer


def test_the_filter_keeps_the_rows_with_its_text(client: httpx.Client) -> None:
    whole = rows(client.get("/query/license-overview", params={"lang": "en"}).text)
    asked = {"lang": "en", "filter": "non-commercial"}
    kept = rows(client.get("/query/license-overview", params=asked).text)
    assert 0 < len(kept) < len(whole)


def test_a_parameter_that_does_not_exist_is_an_error_not_another_answer(
    client: httpx.Client,
) -> None:
    answer = client.get("/query/license-overview", params={"bse": "llama-2"})
    assert answer.status_code == 400
    assert "bse" in answer.text


def test_what_is_not_there_is_a_page_that_says_so(client: httpx.Client) -> None:
    assert client.get("/query/no-such-question").status_code == 404
    assert client.get("/nowhere").status_code == 404


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_thing_of_every_kind_has_a_card_with_its_name(
    client: httpx.Client, tiny: Graph, namespace: str
) -> None:
    query = "SELECT ?thing ?name { ?thing rdfs:label ?name FILTER(STRSTARTS(STR(?thing), %s)) }"
    start = f"{ROOT}{namespace}/"
    rows = tiny.store.select(query % f'"{start}"').dicts()
    one = next(row for row in rows if "#" not in row["thing"].removeprefix(start))
    answer = client.get(one["thing"].removeprefix(ROOT.rstrip("/")), params={"lang": "en"})
    assert answer.status_code == 200
    assert f"<h1>{escape(one['name'])}</h1>" in answer.text


def test_a_model_card_gives_the_verdict_of_every_use_and_is_no_advice(
    client: httpx.Client, tiny: Graph
) -> None:
    model = next(tiny.store.select("SELECT ?m { ?m a jag:Model } ORDER BY ?m").dicts())["m"]
    verdicts = Judge(tiny.store, tiny.sources()).judge(model, USES).verdicts
    asked = {"lang": "en"}
    text = client.get(model.removeprefix(ROOT.rstrip("/")), params=asked).text
    shown = re.findall(r'<span class="badge ([a-z]+)">', text)
    assert shown == [verdict.answer for verdict in verdicts]
    assert "Not legal advice" in text


def test_hostile_text_comes_back_as_text(client: httpx.Client) -> None:
    text = client.get("/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_pages_take_nothing_from_elsewhere_and_run_nothing_inline(client: httpx.Client) -> None:
    for path in ("/", "/queries", "/query/license-overview", "/search?q=a"):
        text = client.get(path).text
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]* src=\"/)", text)
        assert not re.search(r'<(?:link|script|img)[^>]* (?:src|href)="https?:', text)


def test_every_word_of_the_templates_is_in_the_word_lists() -> None:
    folder = files("jagraph.serve").joinpath("templates")
    used = {
        key
        for template in folder.iterdir()
        for key in re.findall(r"""w\[["']([a-z-]+)["']\]""", template.read_text("utf-8"))
    }
    assert used <= set(words("en"))
