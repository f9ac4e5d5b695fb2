"""One question, many faces: verb, query, page, comparison, card, policy and assistant agree.

Every model of the list and every use is asked of the assistant's tool and of the queries; what a
query leaves out is compared, too. Faces that cost a page or a command for each answer are asked
about families that together have every combination of answers and of ways they came by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx
import pytest
from markupsafe import escape
from tests.support.inside import in_process
from tests.support.project import ROOT, Run

from jagraph.core.namespaces import ROOT as THINGS
from jagraph.core.namespaces import shorten
from jagraph.domain.verdict_text import WORDS
from jagraph.domain.verdicts import ANSWERS_IN_ORDER, USES
from jagraph.graph.cache import Graph
from jagraph.mcp.handlers import Handlers
from jagraph.mcp.server import make_server
from jagraph.query.binding import run
from jagraph.query.catalogue import find_query
from jagraph.views.app_state import AppState
from jagraph.views.words import words
from mcp import Client

pytestmark = pytest.mark.slow


# (model, use) → yes, with-duties, only-if, unknown or no
Answers = dict[tuple[str, str], str]
BADGE = r'<span class="badge ([a-z-]+)">'
# by concern: the uses that a term about it forbids
FORBIDS = {
    "non-commercial": ("internal", "host", "ship"),
    "distribution": ("redistribute", "ship", "release"),
    "derivative-works": ("derive", "release"),
    "train-other-models": ("train",),
}
AT_ONCE = 4  # models that a comparison shows


@pytest.fixture(scope="module")
def state(live: Graph) -> AppState:
    return AppState(live)


@pytest.fixture(scope="module")
def client(state: AppState) -> Iterator[httpx.Client]:
    with in_process(state) as url, httpx.Client(base_url=url, timeout=600) as asking:
        yield asking


@pytest.fixture(scope="module")
def families(live: Graph) -> dict[str, list[str]]:
    """The models of each family, by the ids an answer writes."""
    found: dict[str, list[str]] = {}
    for row in live.store.select("SELECT ?m ?f { ?m a jag:Model ; jag:inFamily ?f }").dicts():
        found.setdefault(shorten(row["f"]), []).append(row["m"])
    return found


@pytest.fixture(scope="module")
def by_assistant(state: AppState, live: Graph, families: dict[str, list[str]]) -> Answers:
    """What the tool `terms` answers, asked of each family."""
    found: Answers = {}

    async def ask() -> None:
        async with Client(make_server(Handlers(state, live.store)), mode="legacy") as session:
            for family in families:
                reply = await session.call_tool("terms", {"id": family})
                assert reply.structured_content is not None
                for judged in reply.structured_content["judgements"]:
                    for verdict in judged["verdicts"]:
                        found[judged["model"], verdict["use"]] = verdict["answer"]

    anyio.run(ask)
    return found


@pytest.fixture(scope="module")
def chosen(live: Graph, families: dict[str, list[str]]) -> dict[str, list[str]]:
    """Families that together have every combination of answers about use, and of ways to them."""
    query = """
    SELECT ?m ?u ?a ?by {
      ?m jag:useAnswer ?v . ?v jag:use ?u ; jag:may ?a ; jag:reachedBy ?by
    }
    ORDER BY ?m ?u
    """
    decided: dict[str, list[str]] = {}
    for row in live.store.select(query).dicts():
        decided.setdefault(row["m"], []).append(row["a"] + row["by"])
    kept: dict[str, list[str]] = {}
    covered: set[tuple[str, ...]] = set()
    for family, members in sorted(families.items(), key=lambda pair: len(pair[1])):
        kinds = {tuple(decided[model]) for model in members}
        if not kinds <= covered:
            covered |= kinds
            kept[family] = members
    assert len(covered) > 10
    return kept


def among(answers: Answers, families: dict[str, list[str]]) -> Answers:
    """The answers about models of ``families``."""
    models = {model for members in families.values() for model in members}
    return {key: answer for key, answer in answers.items() if key[0] in models}


def test_every_model_and_use_is_answered(
    by_assistant: Answers, families: dict[str, list[str]]
) -> None:
    models = {model for members in families.values() for model in members}
    assert set(by_assistant) == {(model, use) for model in models for use in USES}
    assert set(by_assistant.values()) == set(ANSWERS_IN_ORDER)


def test_the_verb_answers_as_the_assistant(
    by_assistant: Answers, chosen: dict[str, list[str]], jagraph: Run
) -> None:
    found: Answers = {}
    for family in chosen:
        done = jagraph("terms", family, "--format", "json", "--project", ROOT)
        assert done.returncode == 0, done.stderr
        for judged in json.loads(done.stdout):
            for verdict in judged["verdicts"]:
                found[judged["model"], verdict["use"]] = verdict["answer"]
    assert found == among(by_assistant, chosen)


@pytest.mark.parametrize("use", USES)
def test_largest_has_just_the_models_that_may_be_used_so(
    use: str, by_assistant: Answers, live: Graph
) -> None:
    sized = {
        row["m"] for row in live.store.select("SELECT ?m { ?m jag:parameterCount ?n }").dicts()
    }
    saved = find_query(live.project, "largest")
    for at, weakest in enumerate(ANSWERS_IN_ORDER[1:], 1):
        rows = run(saved, {"use": use, "answer": weakest}, live.store).dicts()
        expected = {
            (model, answer)
            for (model, asked), answer in by_assistant.items()
            if asked == use and answer in ANSWERS_IN_ORDER[at:] and model in sized
        }
        assert {(row["model"], row["answer"]) for row in rows} == expected


def test_no_use_is_free_that_a_term_of_models_with_terms_forbids(
    by_assistant: Answers, live: Graph
) -> None:
    saved = find_query(live.project, "models-with-terms")
    barred: set[tuple[str, str]] = set()
    # OpenAI's terms forbid to train only what competes: who does not compete may
    asked = """
    SELECT ?license ?concern {
      ?license jag:term ?term .
      ?term jag:except/jag:leavesMost true ; jag:action ?action .
      ?about jag:concernAction ?action ; skos:notation ?concern
    }
    """
    mild = {(row["license"], row["concern"]) for row in live.store.select(asked).dicts()}
    for concern, uses in FORBIDS.items():
        for row in run(saved, {"terms": concern}, live.store).dicts():
            if row["answer"] == "yes" and (row["license"], concern) not in mild:
                barred |= {(row["model"], use) for use in uses}
    assert len(barred) > 100
    assert {key: by_assistant[key] for key in barred if by_assistant[key] != "no"} == {}


def test_cards_and_comparisons_answer_as_the_assistant(
    by_assistant: Answers, client: httpx.Client, chosen: dict[str, list[str]]
) -> None:
    cards: Answers = {}
    compared: Answers = {}
    models = sorted(model for members in chosen.values() for model in members)
    for model in models:
        page = client.get(model.removeprefix(THINGS.rstrip("/")), params={"lang": "en"})
        assert page.status_code == 200, model
        uses = page.text.partition('<h2 id="uses">')[2].partition("</section>")[0]
        cards.update(zip(((model, use) for use in USES), re.findall(BADGE, uses), strict=True))
    texts = words("en")
    for first in range(0, len(models), AT_ONCE):
        some = (models[first : first + AT_ONCE] + models[:1])[:AT_ONCE]  # never one alone
        asked = [("model", shorten(model)) for model in some]
        page = client.get("/compare", params=[*asked, ("lang", "en")])
        assert page.status_code == 200, some
        for use in USES:
            heading = f'<th scope="row">{escape(texts[f"use-{use}"])} '
            row = page.text.partition(heading)[2].partition("</tr>")[0]
            shown = re.findall(f"<td>{BADGE}", row)
            compared.update(zip(((model, use) for model in some), shown, strict=True))
    assert cards == compared == among(by_assistant, chosen)


POLICY = "name: All of it\nuse: {use}\nunknown: ask\nonly-if: ask\nconflicts: allow\n"
DECIDED = {"yes": "allow", "with-duties": "allow", "no": "block"}
DECIDED |= dict.fromkeys(("only-if", "unknown"), "ask")


@pytest.mark.parametrize("use", USES)
def test_a_policy_decides_as_the_answers_are(
    use: str,
    by_assistant: Answers,
    chosen: dict[str, list[str]],
    jagraph: Run,
    tmp_path: Path,
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY.format(use=use) + "caveats: allow\n", encoding="utf-8")
    done = jagraph(*("check", *chosen, "--policy", policy, "--format", "json", "--project", ROOT))
    found = {}
    for model in json.loads(done.stdout)["models"]:
        decisions = [breach["decision"] for breach in model["breaches"]]
        found[model["id"]] = decisions[0] if decisions else "allow"
    assert found == {
        model: DECIDED[answer]
        for (model, asked), answer in among(by_assistant, chosen).items()
        if asked == use
    }


def test_the_card_of_the_terminal_answers_as_the_verb(
    by_assistant: Answers, chosen: dict[str, list[str]], jagraph: Run
) -> None:
    """`show` answers in JSON and in the words of `terms`, one line per use."""
    found: Answers = {}
    for family, members in chosen.items():
        done = jagraph("show", family, "--format", "json", "--project", ROOT)
        assert done.returncode == 0, done.stderr
        for model in json.loads(done.stdout)["models"]:
            for one in model["concluded"]:
                found[model["iri"], one["use"]] = one["answer"]
        text = jagraph("show", shorten(members[0]), "--project", ROOT).stdout
        for use in USES:
            assert f"\n  {use}: {WORDS[by_assistant[members[0], use]]}: " in text, (family, use)
    assert found == among(by_assistant, chosen)


def test_a_licence_that_forbids_through_weights_is_in_the_bill(
    by_assistant: Answers, live: Graph
) -> None:
    from jagraph.domain.bom.contents import bill_of

    query = """
    SELECT ?m ?license { ?m jag:useAnswer ?v . ?v jag:may <https://w3id.org/jagraph/may/no> ;
      jag:decidedLicense ?license ; jag:reachedBy ?by
      FILTER(?by IN (<https://w3id.org/jagraph/way/own>, <https://w3id.org/jagraph/way/weights>)) }
    """
    deciding: dict[str, set[str]] = {}
    for row in live.store.select(query).dicts():
        deciding.setdefault(row["m"], set()).add(row["license"])
    bill = bill_of(sorted({model for model, _ in by_assistant}), live.store)
    billed = {part.iri: {one.iri for one in part.concluded.licenses} for part in bill.parts}
    assert deciding
    assert all(licenses <= billed[model] for model, licenses in deciding.items())


def test_a_dataset_page_counts_the_rows_of_its_question(client: httpx.Client, live: Graph) -> None:
    """The heading says "themselves or through an ancestor"; so is the query asked."""
    saved = find_query(live.project, "trained-on")
    query = "SELECT DISTINCT ?d { ?m jag:trainedOn/jag:datasetWithin? ?d } ORDER BY ?d"
    asked = [row["d"] for row in live.store.select(query).dicts()]
    assert len(asked) > 50
    for dataset in asked[::3]:
        rows = run(saved, {"dataset": shorten(dataset), "through": "ancestors"}, live.store).rows
        page = client.get(dataset.removeprefix(THINGS.rstrip("/")), params={"lang": "en"}).text
        heading = re.search(r'<h2 id="belongings">(.*?) <span class="faint">([\d,]+)</span>', page)
        assert heading is not None, dataset
        assert "themselves or through an ancestor" in heading[1]
        assert int(heading[2].replace(",", "")) == len(rows), dataset
