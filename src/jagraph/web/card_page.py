"""The card of one thing: its facts with words and places, its verdicts, what it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import Response

from jagraph.core.errors import RequestError, suggestion
from jagraph.core.messages import Message
from jagraph.core.namespaces import JAG, iri, split
from jagraph.domain.verdicts import USES
from jagraph.query.workers.pool import Engine
from jagraph.views.app_state import Site
from jagraph.views.facts import facts_of
from jagraph.views.labels import is_card
from jagraph.web import lineage_page
from jagraph.web.headers import policy_with_styles
from jagraph.web.html import page, reader_of, site_of
from jagraph.web.related import belongings

# what the table of a licence's terms shows of each, beside its own words
_OF_TERM = ("rule", "action", "clause", "reach")


@dataclass(frozen=True)
class Kin:
    """A model that ``member``, of this card, comes from or leads to, by which relation."""

    member: str
    relation: str
    other: str
    certain: bool


async def card_page(request: Request) -> Response:
    """Show the card of the thing in the path; raises RequestError when there is none.

    What belongs to a thing may be much and is asked within the engine's limits; its own facts and
    verdicts are as many as its record has.
    """
    engine: Engine = request.app.state.engine
    return await engine.aside(_card, request, engine)


def _card(request: Request, engine: Engine) -> Response:
    site, reader = site_of(request), reader_of(request)
    namespace, identifier = request.url.path.strip("/").split("/")
    thing = iri(namespace, identifier)
    if not is_card(namespace, identifier) or thing not in site.names.things:
        known = [split(one) for one in site.names.things]
        alike = [one[1] for one in known if one and one[0] == namespace]
        raise RequestError(
            "unknown-name",
            Message("error-unknown-name", name=f"{namespace}/{identifier}"),
            remedy=suggestion(
                identifier, alike, Message("help-search", search=f"/search?q={identifier}")
            ),
        )
    members = site.lineage.members(thing)
    is_model = thing in site.lineage.models
    parents, children = list(_kin(site, members, up=True)), list(_kin(site, members, up=False))
    nonce, facts = token_urlsafe(16), facts_of(thing, site, reader)
    terms = facts.pop("terms", None)
    drawing = lineage_page.in_card(thing, request, nonce) if parents or children else ""
    response = page(
        request,
        "card.html",
        thing=thing,
        namespace=namespace,
        identifier=identifier,
        facts=list(facts.values()),
        terms=terms.statements if terms else (),
        term_columns={key: reader.name(JAG + key) for key in _OF_TERM},
        position=site.sources.find(thing),
        judged=site.judge.judge(thing, USES) if is_model else None,
        family=site.lineage.models[thing].family if is_model else "",
        license_class=site.classes.get(thing, ""),
        models=[] if is_model else sorted(members),
        classes=site.classes,
        sizes={model: site.lineage.models[model].parameters for model in members},
        parents=parents,
        children=children,
        drawing=drawing,
        belongings=belongings(thing, site, reader, engine),
    )
    if drawing:
        response.headers["Content-Security-Policy"] = policy_with_styles(nonce)
    return response


def _kin(site: Site, members: frozenset[str], *, up: bool) -> Iterator[Kin]:
    """Yield the derivations that lead out of ``members``, upwards or downwards."""
    for edge in site.lineage.edges:
        member, other = (edge.child, edge.parent) if up else (edge.parent, edge.child)
        if member in members and other not in members:
            yield Kin(member, JAG + edge.relation, other, edge.certain)
