"""The pages of a real server on a real port: what they count, sort, filter and say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from importlib.resources import files

import httpx
import pytest
from tests.support.inside import in_process
from tests.support.page_text import plain

from jagraph.core.errors import OutsideError
from jagraph.core.namespaces import ROOT
from jagraph.domain.lineage import Lineage
from jagraph.domain.verdicts import USES, Judge
from jagraph.drawing.diagram_model import picture
from jagraph.drawing.messages import LANGUAGES
from jagraph.drawing.painter import draw
from jagraph.drawing.style import FILLS
from jagraph.graph.cache import Graph
from jagraph.query.catalogue import catalogue
from jagraph.query.name_resolver import NAMESPACES
from jagraph.views.app_state import AppState
from jagraph.views.words import words

OWN = """#+ title: What is called so?
#+ description: A query of one's own.
PREFIX jag: <https://w3id.org/jagraph/vocab#>
SELECT ?family ?familyName { ?family a jag:ModelFamily ; jag:name ?familyName } ORDER BY ?family
"""
ROW = re.compile(
    r'<tr( class="differs")?>\s*<th scope="row">(.*?) <span class="mark">(.*?)</span></th>'
    r"(.*?)</tr>",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def client(tiny: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("queries")
    (folder / "my-own.rq").write_text(OWN, encoding="utf-8")
    with (
        in_process(AppState(tiny, (folder,))) as url,
        httpx.Client(base_url=url, timeout=600) as asking,
    ):
        yield asking


def compared(client: httpx.Client, *models: str, **more: str) -> dict[str, tuple[str, list[str]]]:
    """Return the mark and the cells, without tags, of each row of a comparison."""
    asked = [*(("model", model) for model in models), ("lang", "en"), *more.items()]
    text = client.get("/compare", params=asked).text
    return {
        name: (mark, [plain(cell) for cell in re.findall(r"<td>(.*?)</td>", cells, re.DOTALL)])
        for _, name, mark, cells in ROW.findall(text)
    }


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


def test_a_parameter_with_two_values_is_refused_as_data_is(client: httpx.Client) -> None:
    asked = "/query/descendants{}?base=ume&base=mountain&lang={}"
    data, shown = (client.get(asked.format(*one)) for one in ((".json", "en"), ("", "fr")))
    assert (data.status_code, data.json()["error"]["code"]) == (400, "bad-parameter")
    assert shown.status_code == 400
    assert "base est donné deux fois" in shown.text
    assert "Donnez-le une seule fois" in shown.text


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
    uses = text.partition('<h2 id="uses">')[2].partition("</section>")[0]
    shown = re.findall(r'<span class="badge ([a-z-]+)">', uses)
    assert shown == [verdict.answer for verdict in verdicts]
    assert "Not legal advice" in text


def test_a_model_card_says_conditions_duties_and_what_all_uses_share(client: httpx.Client) -> None:
    text = client.get("/model/take-7b", params={"lang": "en"}).text
    uses = text.partition('<h2 id="uses">')[2].partition("</section>")[0]
    groups = [plain(part) for part in re.split(r"<h3[^>]*>", uses)[1:]]
    headings = ("use it", "pass it on", "build on it", "For every use that is not barred")
    assert all(group.startswith(start) for group, start in zip(groups, headings, strict=False))
    # the limit of Mountain holds for all and is said once
    assert uses.count("only up to 700M") == 1
    assert "Only if it holds: Mountain Community License, clause 2" in groups[3]
    assert "The name has to begin with Mountain this model's name does not" in groups[1]
    assert "otherwise only if" in groups[0]
    # one list marks the label (?): whether Mountain binds beside it is not said
    assert "binds too" not in plain(uses)
    assert '<a href="/license/mountain">Mountain Community License</a>' in uses
    assert '<a href="/model/mountain-7b">Mountain-7b</a>' in uses
    assert re.search(r"Datasets: \d+ named, \d+ with a licence on record", plain(uses))


@pytest.mark.parametrize("language", LANGUAGES)
def test_carrying_a_term_is_told_apart_from_permission(client: httpx.Client, language: str) -> None:
    texts = words(language)
    text = client.get("/model/ume-7b-chat", params={"lang": language}).text
    carried = text.partition('<h2 id="carried">')[2].partition("</section>")[0]
    shown = re.findall(r'<span class="badge ([a-z-]+)">(.*?)</span>', carried)
    assert len(shown) == 8
    assert ("has-yes", texts["has-yes"]) in shown
    assert all(texts[kind] == word for kind, word in shown)
    asked = {"terms": "non-commercial", "lang": language}
    answer = client.get("/query/models-with-terms", params=asked).text
    kinds = re.findall(r'<span class="badge ([a-z-]+)">', answer)
    assert "has-yes" in kinds
    assert not {"yes", "no", "only-if"} & set(kinds)
    assert texts["column-carried"] in answer
    usable = client.get("/query/largest", params={"answer": "unknown", "lang": language}).text
    kinds = re.findall(r'<span class="badge ([a-z-]+)">', usable)
    assert {"only-if", "unknown"} <= set(kinds) <= {"yes", "with-duties", "only-if", "unknown"}


def test_the_page_of_a_licence_says_what_it_alone_would_answer(client: httpx.Client) -> None:
    text = client.get("/license/mountain", params={"lang": "en"}).text
    uses = text.partition('<h2 id="uses">')[2].partition("</section>")[0]
    shown = re.findall(r'<span class="badge ([a-z-]+)">', uses)
    # passing on what is made from it asks for more than passing it on
    assert shown == [*["only-if"] * 10, "no"]
    assert uses.count("(what is made from it)") == 2


def test_models_stand_side_by_side_and_words_say_where_they_differ(client: httpx.Client) -> None:
    rows = compared(client, "ume-7b", "sakura/Ume-7b-chat")
    assert rows["Context length"][0] == "= same"
    mark, (base, chat) = rows["Licence"]
    assert mark == "≠ differs"
    assert base.startswith("Mountain Community License")
    assert "data/models/ume.yaml" in base
    assert chat.startswith("Closed License chat: Closed")
    assert rows["Training tokens or amount"][1][0].startswith("1.5T")
    assert rows["Training tokens or amount"][1][1] == "— not stated: nobody looked"
    mark, (base, chat) = rows["Put the weights into a product that is sold"]
    assert mark == "≠ differs"
    assert chat.startswith("no Closed License, clause 3.a")
    assert base.startswith("only if Mountain Community License, clause 2: only up to 700M")
    assert "1 duty naming" in base
    assert rows["Comes from"][1][1].startswith("fine-tuned from")
    assert "Questions" in rows["Trained on"][1][1]


def test_unknown_none_and_nobody_looked_are_three_things(client: httpx.Client) -> None:
    rows = compared(client, "matsu-7b", "sora-1b", "mountain-7b")
    assert "looked for and not found" in rows["Licence"][1][0]
    assert "not stated" in rows["Comes from"][1][2]
    assert "not stated" in rows["Context length"][1][1]
    only = compared(client, "matsu-7b", "sora-1b", "mountain-7b", only="differences")
    assert set(only) == {name for name, (mark, _) in rows.items() if mark == "≠ differs"}


@pytest.mark.parametrize(
    ("models", "status"),
    [
        (["ume-7b", "no-such-model"], 404),
        (["ume-7b", "ume-7b-chat", "ume-7b-gguf", "take-7b", "matsu-7b"], 400),
        (['"><script>alert(1)</script>'], 404),
        ([], 200),
    ],
)
def test_what_cannot_be_compared_is_said_on_the_page(
    client: httpx.Client, models: list[str], status: int
) -> None:
    answer = client.get("/compare", params=[("model", model) for model in models])
    assert answer.status_code == status
    assert ('role="alert"' in answer.text) == (status != 200)
    assert "<script>alert" not in answer.text


def test_one_more_model_is_found_by_its_name(client: httpx.Client) -> None:
    answer = client.get("/compare", params={"model": "ume-7b", "add": "Sora-1b"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/compare?model=ume-7b&model=sora-1b"
    several = client.get("/compare", params={"model": "ume-7b", "add": "Momo"}).text
    for model in ("momo-small", "momo-large"):
        assert f'href="/compare?model=ume-7b&amp;model={model}"' in several
    assert client.get("/compare", params={"model": "ume-7b", "add": "zzz"}).status_code == 404


def test_results_and_cards_lead_to_the_comparison(client: httpx.Client) -> None:
    answers = client.get("/query/descendants", params={"base": "mountain"}).text
    form = answers.partition('action="/compare"')[2].partition("</form>")[0]
    assert 'type="checkbox" name="model" value="ume-7b"' in form
    assert 'href="/compare?model=ume-7b"' in client.get("/model/ume-7b").text
    family = client.get("/family/ume").text
    assert 'type="checkbox" name="model" value="ume-7b-gguf"' in family


def test_a_card_links_what_is_related_and_says_how(client: httpx.Client) -> None:
    text = client.get("/model/ume-7b", params={"lang": "en"}).text
    kin = text.partition('id="lineage"')[2].partition("</section>")[0]
    assert re.search(r'continually pre-trained from</span> <a href="/model/mountain-7b"', kin)
    assert '<a href="/model/take-7b">Take-7b</a> <span class="faint">fine-tuned from Ume-7b<' in kin
    facts = text.partition('id="facts"')[2]
    for path in ("/license/mountain", "/dataset/encyclopedia-ja", "/developer/sakura-lab"):
        assert f'href="{path}"' in facts


def test_the_picture_in_a_card_leads_to_cards_and_keeps_the_policy(client: httpx.Client) -> None:
    answer = client.get("/family/ume", params={"lang": "ja"})
    drawing = answer.text.partition('<div class="picture"')[2].partition("</svg>")[0]
    assert '<a href="/model/mountain-7b">' in drawing
    nonce = re.search(r'<style nonce="([\w-]+)">', drawing)
    assert nonce
    assert f"'nonce-{nonce[1]}'" in answer.headers["content-security-policy"]
    file = client.get("/lineage/family/ume.svg")
    assert file.headers["content-type"].startswith("image/svg+xml")
    assert '<a href="/model/mountain-7b">' in file.text


def test_the_lineage_to_explore_runs_only_scripts_of_its_own(client: httpx.Client) -> None:
    answer = client.get("/lineage/model/ume-7b", params={"lang": "ja"})
    policy = answer.headers["content-security-policy"]
    nonces = re.findall(r"<(?:script|style)(?: nonce=\"([\w-]+)\")?>", answer.text)
    assert len(nonces) == 4
    assert len(set(nonces)) == 1
    assert f"script-src 'self' 'nonce-{nonces[0]}';" in policy
    assert "unsafe" not in policy
    assert client.get("/lineage/model/ume-7b").headers["content-security-policy"] != policy
    assert client.get("/lineage/model/none").status_code == 404
    assert client.get("/lineage/license/mountain").status_code == 404


def test_the_answers_of_a_question_of_lineage_can_be_drawn(client: httpx.Client) -> None:
    asked = {"base": "mountain", "terms": "non-commercial", "lang": "en"}
    text = client.get("/query/descendants-with-terms", params=asked).text
    rows = set(re.findall(r'<a href="(/model/[^"]+)"', text.partition('id="answers"')[2]))
    page, svg = (unescape(one) for one in re.findall(r'href="(/lineage/query/[^"]+)"', text))
    drawing = client.get(svg)
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    # the answers, and what they come from
    assert rows | {"/model/mountain-7b"} <= set(re.findall(r'<a href="([^"]+)"', drawing.text))
    assert "mountain, terms non-commercial" in drawing.text
    explored = client.get(page).text
    assert '<a href="/query/descendants-with-terms?base=mountain&amp;terms' in explored
    assert client.get("/lineage/query/descendants?base=no-such").status_code == 404
    assert client.get("/lineage/query/descendants?base=sora").status_code == 404
    assert client.get("/lineage/query/largest").status_code == 404
    assert "/lineage/query/" not in client.get("/query/largest").text


def test_a_picture_that_takes_too_long_is_given_up(tiny: Graph) -> None:
    drawn = picture(Lineage.read(tiny.store), tiny.store, "all", "model")
    with pytest.raises(OutsideError, match="could not be laid out"):
        draw(drawn, seconds=1e-9)


@pytest.mark.parametrize(
    ("card", "names"),
    [
        ("/developer/tanaka", {"Hana-7b", "Hana-open", "Kaki-1b", "Matsu-7b"}),
        ("/dataset/encyclopedia", {"Ume-7b", "Take-7b", "Matsu-7b"}),
        ("/license/closed", {"Ume-7b-chat", "Momo-large"}),
        ("/benchmark/quiz", {"Ume-7b-chat", "Momo-small", "Hana-open"}),
    ],
)
def test_what_belongs_to_a_thing_is_on_its_card(
    client: httpx.Client, card: str, names: set[str]
) -> None:
    text = client.get(card).text
    listed = text.partition('id="belongings"')[2].partition("</section>")[0]
    assert names <= set(re.findall(r">([\w-]+)</a>", listed))
    more = re.search(r'href="(/query/[^"]+)"', listed)
    assert more
    assert client.get(unescape(more[1])).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_slice_of_the_bar_leads_to_answers_of_its_class(
    client: httpx.Client, language: str
) -> None:
    home = client.get("/", params={"lang": language}).text
    links = re.findall(r'<li><a href="(/query/[^"]+)"><span class="chip ([\w-]+)"', home)
    assert [name for _, name in links] == list(FILLS)
    for name in ("permissive", "non-commercial"):
        path = next(unescape(link) for link, kind in links if kind == name)
        answer = client.get(f"{path}&lang={language}")
        classes = re.findall(r'<span class="chip ([\w-]+)"', answer.text)
        assert set(classes) == {name}


def test_the_iri_of_a_concept_leads_to_its_place_in_the_ontology(client: httpx.Client) -> None:
    reading = {"Accept": "text/html"}
    answer = client.get("/license-class/non-commercial", headers=reading)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/vocab#license-class/non-commercial",
    )
    assert 'id="license-class/non-commercial"' in client.get("/vocab", headers=reading).text
    assert client.get("/license-class/no-such", headers=reading).status_code == 404
    data = client.get("/license-class/non-commercial.ttl")
    assert data.status_code == 200
    assert "非商用" in data.text


def test_queries_of_ones_own_stand_in_the_gallery_and_answer(client: httpx.Client) -> None:
    assert "What is called so?" in client.get("/queries").text
    assert '<a href="/family/ume">Ume</a>' in client.get("/query/my-own").text
    assert "Ume" in client.get("/query/my-own.csv").text


def test_a_licence_card_begins_with_its_terms_and_their_clauses(client: httpx.Client) -> None:
    text = client.get("/license/mountain", params={"lang": "en"}).text
    table = text.partition('<h2 id="terms">')[2].partition("</table>")[0]
    terms = [plain(row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)[1:]]
    assert any(row.startswith("condition threshold 2 ") and "700M" in row for row in terms)
    assert text.index('id="terms"') < text.index('id="facts"')


def test_a_bug_is_a_page_that_says_so(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("jagraph.views.search.fold")
    # the server closes the connection after a bug: not that of the other tests
    address = client.base_url.join("/search?q=ume&lang=fr")
    answer = httpx.get(address, headers={"Accept": "text/html"}, timeout=600)
    assert answer.status_code == 500
    assert "C'est une erreur du serveur" in plain(answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    data = httpx.get(address, headers={"Accept": "application/json"}, timeout=600)
    assert data.json()["error"]["code"] == "bug"


def test_a_file_that_is_gone_is_no_bug(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(text: str) -> str:
        raise FileNotFoundError(text)

    monkeypatch.setattr("jagraph.views.search.fold", gone)
    answer = client.get("/search?q=ume&lang=ja", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "データが失われたか、読み込めません" in plain(answer.text)
    data = client.get("/search?q=ume", headers={"Accept": "application/json"})
    assert (data.status_code, data.json()["error"]["code"]) == (503, "store-gone")
    assert data.headers["retry-after"]


def test_hostile_text_comes_back_as_text(client: httpx.Client) -> None:
    text = client.get("/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_pages_take_nothing_from_elsewhere_and_run_nothing_inline(client: httpx.Client) -> None:
    for path in (
        *("/", "/queries", "/query/license-overview", "/search?q=a", "/model/ume-7b"),
        "/compare?model=ume-7b&model=take-7b",
    ):
        text = client.get(path).text
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]* src=\"/)", text)
        assert not re.search(r'<(?:link|script|img)[^>]* (?:src|href)="https?:', text)


def test_every_word_of_the_templates_is_in_the_word_lists() -> None:
    folder = files("jagraph.web").joinpath("templates")
    used = {
        key
        for template in folder.iterdir()
        for key in re.findall(r"""w\[["']([a-z-]+)["']\]""", template.read_text("utf-8"))
    }
    assert used <= set(words("en"))
