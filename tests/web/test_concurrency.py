"""Many ask at once: each gets what it gets alone, and no answer changes what a server holds."""

from __future__ import annotations

import gc
import os
import random
import re
import sys
import types
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anyio
import httpx
import pytest
from mcp.client.stdio import stdio_client
from starlette.testclient import TestClient
from tests.support.inside import in_process
from tests.support.project import ROOT

from jagraph.core.namespaces import shorten
from jagraph.graph.cache import Graph
from jagraph.mcp.handlers import Handlers
from jagraph.mcp.server import make_server
from jagraph.query.workers.question import Limits
from jagraph.views.app_state import AppState
from jagraph.web.app import create_app
from mcp import Client, StdioServerParameters

pytestmark = pytest.mark.slow


_CLIENTS = 10
_MODELS = 40
_NONCE = re.compile(r"(?<=nonce-)[\w-]{22}(?=')|(?<=nonce=\")[\w-]{22}(?=\")")
_LIMITS = Limits(seconds=600, patience=600)
Asked = tuple[str, str]
Call = tuple[str, dict[str, Any]]


def models(graph: Graph, most: int) -> list[str]:
    """Return the ids of models: half of them those with the longest lineage."""
    counted = "SELECT ?m (COUNT(?a) AS ?n) { ?m a jag:Model OPTIONAL { ?m jag:descendsFrom ?a } }"
    rows = graph.store.select(f"{counted} GROUP BY ?m ORDER BY DESC(?n) ?m").dicts()
    ids = [shorten(row["m"]).removeprefix("model/") for row in rows]
    return list(dict.fromkeys([*ids[: most // 2], *ids[:: max(1, len(ids) // most)]]))[:most]


def first_of(graph: Graph, kind: str) -> str:
    """Return the path of the card of the first thing of a kind."""
    row = next(graph.store.select(f"SELECT ?t {{ ?t a jag:{kind} }} ORDER BY ?t LIMIT 1").dicts())
    return "/" + shorten(row["t"])


def asked(graph: Graph, state: AppState, most: int) -> list[Asked]:
    """Return paths of every kind of page and of data, each with what is accepted."""
    some, saved_queries = models(graph, most), list(state.catalogue.values())
    kinds = ("ModelFamily", "Developer", "License", "Dataset", "Benchmark", "Architecture")
    select = "SELECT ?m ?n { ?m a jag:Model ; rdfs:label ?n } ORDER BY ?m LIMIT 50"
    pages = [
        # a card has a picture, which takes longest
        *(f"/model/{one}?lang={('en', 'ja', 'fr')[n % 3]}" for n, one in enumerate(some[::5])),
        *("/compare?" + "&".join(f"model={one}" for one in some[n::10][:4]) for n in range(10)),
        *(first_of(graph, kind) for kind in kinds),
        *(f"/lineage/model/{one}{form}" for one in some[:2] for form in ("", ".svg")),
        *(f"/search?q={one[:4]}&all=1" for one in some[:6]),
        *(f"/query/{saved.name}?{urlencode(saved.example)}" for saved in saved_queries[::2]),
        *("/", "/queries", "/vocab", "/?lang=ja", "/looks.css", "/model/no-such", "/no/such"),
    ]
    data = [
        *(f"/model/{one}.{form}" for one in some[::4] for form in ("ttl", "jsonld")),
        *(f"/query/{saved.name}.csv" for saved in saved_queries[1::2]),
        *(f"/sparql?{urlencode({'query': select, 'format': form})}" for form in ("csv", "xml")),
        *("/vocab.ttl", "/openapi.json", "/sparql/words"),
    ]
    return [(path, "text/html") for path in pages] + [(path, "*/*") for path in data]


def forgetful() -> CookieJar:
    """Return a jar that keeps no language for the next page."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


def answer(client: httpx.Client, one: Asked) -> tuple[int, str, str]:
    """Return status, type and text of an answer without what differs each time."""
    path, accept = one
    found = client.get(path, headers={"Accept": accept})
    return found.status_code, found.headers["content-type"], _NONCE.sub("", found.text)


def test_every_page_asked_by_many_at_once_is_what_it_is_alone(live: Graph) -> None:
    paths = asked(live, AppState(live), _MODELS)
    shuffled = random.Random(1).sample(paths, len(paths))  # noqa: S311, an order
    limits = httpx.Limits(max_connections=_CLIENTS)

    def client(url: str) -> httpx.Client:
        # the address is on some pages: one name for both servers
        headers = {"Host": "graph.example"}
        return httpx.Client(
            base_url=url, headers=headers, cookies=forgetful(), timeout=600, limits=limits
        )

    with (
        in_process(AppState(live)) as url,
        client(url) as many,
        ThreadPoolExecutor(_CLIENTS) as clients,
    ):
        found = dict(
            zip(shuffled, clients.map(lambda one: answer(many, one), shuffled), strict=True)
        )
    with in_process(AppState(live)) as url, client(url) as alone:
        for one in paths:
            assert found[one] == answer(alone, one), one
            assert found[one][0] == (404 if "no" in one[0].split("/")[1:] else found[one][0]), one
    assert {status for status, _, _ in found.values()} == {200, 404}
    assert sum(status == 404 for status, _, _ in found.values()) == 2


def calls(graph: Graph, state: AppState, most: int) -> list[Call]:
    """Return calls of every tool, about ``most`` models."""
    some = models(graph, most)
    return [
        *(("terms", {"id": f"model/{one}"}) for one in some),
        *(("lineage", {"id": f"model/{one}", "direction": "up"}) for one in some[::4]),
        *(("card", {"id": f"model/{one}"}) for one in some[::4]),
        *(("search", {"text": one[:4]}) for one in some[::4]),
        *(
            ("query", {"name": saved.name, "parameters": dict(saved.example)})
            for saved in state.catalogue.values()
        ),
        *(("describe_query", {"name": name}) for name in list(state.catalogue)[::4]),
        ("sparql", {"query": "SELECT ?m { ?m a jag:Model } ORDER BY ?m LIMIT 20"}),
        ("card", {"id": "nothing at all"}),
    ]


def test_an_assistant_that_calls_many_tools_at_once_gets_what_each_gives_alone(
    live: Graph,
) -> None:
    assert live.folder is not None
    state = AppState(live)
    wanted = calls(live, state, _MODELS)
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "jagraph", "mcp", "-q", "--time-limit", "600", "--project", str(ROOT)],
        env={**os.environ, "JAGRAPH_CACHE": str(live.folder.parent)},
    )
    found: dict[int, Any] = {}
    alone: dict[int, Any] = {}

    async def ask(client: Client, number: int, into: dict[int, Any]) -> None:
        name, arguments = wanted[number]
        into[number] = (await client.call_tool(name, arguments)).model_dump()

    async def session() -> None:
        async with Client(stdio_client(command), mode="legacy") as client:
            seats = anyio.Semaphore(_CLIENTS)

            async def one(number: int) -> None:
                async with seats:
                    await ask(client, number, found)

            async with anyio.create_task_group() as group:
                for number in range(len(wanted)):
                    group.start_soon(one, number)
        async with Client(make_server(Handlers(state, live.store)), mode="legacy") as client:
            for number in range(len(wanted)):
                await ask(client, number, alone)

    anyio.run(session)
    for number, call in enumerate(wanted):
        assert found[number] == alone[number], call
    assert [call for call, one in zip(wanted, alone.values(), strict=True) if one["is_error"]] == [
        wanted[-1]
    ]


_OPAQUE = (
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type),
    *(re.Pattern, Path),
)


def held(thing: Any, path: str, seen: dict[int, Any]) -> Iterator[tuple[str, str]]:
    """Yield every value that can be reached from ``thing``, by the path that leads there."""
    if isinstance(thing, _OPAQUE) or id(thing) in seen:
        return
    inner: Mapping[Any, Any] = getattr(thing, "__dict__", {})
    if isinstance(thing, Mapping):
        inner = thing
    elif isinstance(thing, list | tuple):
        yield path, f"{type(thing).__name__} of {len(thing)}"
        inner = dict(enumerate(thing))
    elif isinstance(thing, set | frozenset):
        yield path, repr(sorted(map(repr, thing)))
    elif not inner:
        yield path, repr(thing) if isinstance(thing, str | int | float) else type(thing).__name__
        return
    seen[id(thing)] = thing
    for key, value in inner.items():
        yield from held(value, f"{path}/{key}", seen)


def everything_held(app: Any) -> dict[str, str]:
    """Return what the server's state, our modules and what our functions remember have in them."""
    roots = {f"state/{name}": value for name, value in app.state._state.items() if name != "engine"}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "jagraph" or module is None:
            continue
        for key, value in vars(module).items():
            if isinstance(value, dict | list | set) and not key.startswith("__"):
                roots[f"{name}.{key}"] = value
            if hasattr(value, "cache_info") and value.__module__ == name:
                (kept,) = [one for one in gc.get_referents(value) if type(one) is dict][:1] or [{}]
                roots[f"{name}.{key}()"] = kept
    return {path: text for root, value in roots.items() for path, text in held(value, root, {})}


def test_nothing_a_server_holds_changes_while_it_answers(tiny: Graph) -> None:
    state = AppState(tiny)
    app = create_app(state, _LIMITS)
    paths = asked(tiny, state, 8)
    random.Random(1).shuffle(paths)  # noqa: S311, an order
    with TestClient(app, cookies=forgetful()) as client:
        for one in paths:
            answer(client, one)
        before = everything_held(app)
        for one in reversed(paths):
            answer(client, one)
        after = everything_held(app)
    assert len(before) > 1000
    assert {path: text for path, text in after.items() if before.get(path) != text} == {}
