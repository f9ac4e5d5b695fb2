"""Each operation of the API, called with its own example, answers as the description says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.support.imported_only import ONLY_IMPORTED
from tests.support.inside import in_process

from jagraph.graph.cache import Graph
from jagraph.views.app_state import AppState


@pytest.fixture(scope="module")
def client(live: Graph) -> Iterator[httpx.Client]:
    with in_process(AppState(live)) as url, httpx.Client(base_url=url, timeout=600) as asking:
        yield asking


@pytest.fixture(scope="module")
def described(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def call(client: httpx.Client, path: str, about: dict[str, Any], **more: str) -> httpx.Response:
    """Call an operation with the examples of its parameters, of which ``more`` goes before."""
    values = {one["name"]: one["example"] for one in about["parameters"] if "example" in one} | more
    in_path = {one["name"] for one in about["parameters"] if one["in"] == "path"}
    asked = {name: value for name, value in values.items() if name not in in_path}
    return client.get(path.format(**values), params=asked, headers={"Accept": "*/*"})


def test_every_operation_answers_its_example_as_it_declares(
    client: httpx.Client, described: dict[str, Any]
) -> None:
    for path, operations in described["paths"].items():
        for about in operations.values():
            answer = call(client, path, about)
            assert str(answer.status_code) == "200", (path, answer.text)
            declared = about["responses"]["200"]["content"]
            assert answer.headers["content-type"].partition(";")[0] in declared, path
            if about["operationId"] not in ("sparql", *ONLY_IMPORTED):
                assert answer.json()["results"]["bindings"], path


def test_every_format_is_the_media_type_that_is_declared(
    client: httpx.Client, described: dict[str, Any]
) -> None:
    path = "/query/descendants.{format}"
    about = described["paths"][path]["get"]
    (forms,) = (one["schema"]["enum"] for one in about["parameters"] if one["name"] == "format")
    given = {call(client, path, about, format=form).headers["content-type"] for form in forms}
    declared = set(about["responses"]["200"]["content"])
    assert {one.partition(";")[0] for one in given} == declared
    assert len(forms) == len(declared)


def test_what_is_asked_wrongly_is_the_error_that_is_declared(
    client: httpx.Client, described: dict[str, Any]
) -> None:
    error = described["components"]["schemas"]["Error"]
    for path, status in (
        ("/query/descendants.json?base=no-such-model", "404"),
        ("/query/descendants.json?bse=llama-2", "400"),
        ("/sparql?query=SELECT", "400"),
    ):
        answer = client.get(path)
        assert str(answer.status_code) == status
        assert status in described["components"]["responses"]
        assert list(answer.json()["error"]) == error["properties"]["error"]["required"]
