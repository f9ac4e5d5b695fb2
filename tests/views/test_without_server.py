"""Every view is built from the graph alone: no server, no template, no request."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from jagraph.core.errors import RequestError
from jagraph.core.namespaces import LANGUAGES, split
from jagraph.graph.cache import Graph
from jagraph.query.parameters import Choice
from jagraph.views.app_state import AppState
from jagraph.views.card_text import as_data
from jagraph.views.gallery import query_groups
from jagraph.views.home import view_home
from jagraph.views.labels import Reader
from jagraph.views.lineage_picture import TO_EXPLORE, picture_of, subject_of
from jagraph.views.model_choice import view_comparison
from jagraph.views.result import TableOptions, saved_query, view_form, view_result
from jagraph.views.search import view_search
from jagraph.views.targets import CardTarget, ComparisonTarget, QueryTarget
from jagraph.views.thing import view_thing
from jagraph.web.addresses import address

FACES = {"starlette", "uvicorn", "jinja2", "click", "mcp"}


@pytest.fixture(scope="module")
def state(tiny: Graph) -> AppState:
    return AppState(tiny)


@pytest.fixture(params=LANGUAGES)
def reader(request: pytest.FixtureRequest, state: AppState) -> Reader:
    return Reader(request.param, state.labels)


def addresses(value: Any) -> Iterator[str]:
    """Yield every text in a view that is an address of a server."""
    if isinstance(value, str):
        if value.startswith("/") and not value.startswith("/search"):
            yield value
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from addresses(inner)
    elif is_dataclass(value) and type(value).__module__.startswith("jagraph.views"):
        for field in fields(value):
            yield from addresses(getattr(value, field.name))


def test_views_load_no_library_of_a_face() -> None:
    import jagraph.views

    (folder,) = jagraph.views.__path__
    names = [f"jagraph.views.{file.stem}" for file in Path(folder).glob("[!_]*.py")]
    assert len(names) > 20
    program = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not FACES & set(done.stdout.split())


def test_a_thing_of_every_kind(state: AppState, tiny: Graph, reader: Reader) -> None:
    kinds = set()
    for name in state.names.things:
        kind, identifier = split(name) or ("", "")
        kinds.add(kind)
        view = view_thing(kind, identifier, state, reader, tiny.store)
        assert view.card.name == reader.name(name)
        assert list(addresses(view)) == []
        assert (view.judgement is not None) == (kind == "model")
        if view.belongings:
            assert isinstance(view.belongings.target, QueryTarget)
            assert view.belongings.tally is not None
    assert len(kinds) > 7
    with pytest.raises(RequestError, match="nothing is called"):
        view_thing("model", "no-such", state, reader, tiny.store)


def test_page_and_terminal_show_the_facts_of_one_card(state: AppState, tiny: Graph) -> None:
    reader = Reader("en", state.labels)
    for name in state.names.things:
        view = view_thing(*(split(name) or ("", "")), state, reader, tiny.store)
        plain = state.cards.plain_card(name)
        assert [fact.key for fact in plain.facts] == [fact.key for fact in view.card.facts]
        proofs = [
            [statement.proof.position for fact in card.facts for statement in fact.statements]
            for card in (plain, view.card)
        ]
        assert proofs[0] == proofs[1]
        assert as_data(plain)["iri"] == name


def test_models_side_by_side(state: AppState, reader: Reader) -> None:
    view = view_comparison(["ume-7b", "take-7b"], "", state, reader)
    assert view.models[0].without == ComparisonTarget(("take-7b",))
    assert view.wrong is None
    assert 0 < view.alike < len(view.rows)
    assert view.offers
    assert list(addresses(view)) == []
    one_more = view_comparison(["ume-7b"], "Mountain-70b", state, reader)
    assert one_more.addition == ComparisonTarget(("ume-7b", "mountain-70b"))
    unclear = view_comparison(["7b"], "", state, reader)
    assert unclear.wrong is not None
    assert unclear.wrong.code == "ambiguous-name"


def test_search_gallery_and_first_screen(state: AppState, reader: Reader) -> None:
    found = view_search("ume", state, reader)
    assert {group.kind for group in found.groups} >= {"family", "model"}
    assert view_search("ume-7b", state, reader).total >= 1
    assert view_search("open", state, reader).exact == CardTarget("license", "open")
    assert view_search(" - ", state, reader).total == 0
    home = view_home(state)
    assert home.counts["models"] > 0
    assert sum(slice_.count for slice_ in home.classes) == home.classified
    groups = query_groups(state.catalogue.values(), state.tags, reader.language)
    assert sum(len(group.queries) for group in groups) == len(state.catalogue)


def test_every_saved_query_and_its_picture(state: AppState, tiny: Graph, reader: Reader) -> None:
    def offer(_: object) -> tuple[Choice, ...]:
        return ()

    pictures = 0
    for saved in state.catalogue.values():
        names = {parameter.name for parameter in saved.parameters}
        given = {"base": "mountain"} if "base" in names else {}
        form = view_form(saved, given, reader.language, offer)
        assert len(form.fields) == len(saved.parameters)
        view = view_result(saved, given, TableOptions(), state, reader, tiny.store)
        assert view.tally.rows == view.shown
        assert list(addresses(view.table)) == []
        if view.picture:
            target = view.picture
            given = dict(target.parameters)
            subject = subject_of(target.kind, target.identifier, given, state, reader, tiny.store)
            drawn = picture_of(subject, state, reader.language, TO_EXPLORE, address)
            pages = [box.page for box in drawn.boxes]
            assert any(page.startswith(("/model/", "/family/")) for page in pages)
            pictures += 1
    assert pictures > 1
    with pytest.raises(RequestError, match="no saved query"):
        saved_query("no-such", state)


def test_a_table_is_filtered_sorted_and_divided(state: AppState, tiny: Graph) -> None:
    reader, saved = Reader("en", state.labels), saved_query("descendants", state)
    all_rows = view_result(saved, {"base": "mountain"}, TableOptions(), state, reader, tiny.store)
    name = all_rows.headings[0].name
    options = TableOptions(sort=name, is_descending=True, filter="ume", page="99")
    view = view_result(saved, {"base": "mountain"}, options, state, reader, tiny.store)
    assert 0 < view.shown < all_rows.shown
    assert view.number == view.pages == 1
    assert view.headings[0].sort == "descending"
    assert not view.headings[0].turns_descending
