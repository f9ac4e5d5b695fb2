"""The card of one thing: its facts with words and places, its verdicts, what it comes from."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from jagraph.cards import card
from jagraph.errors import RequestError
from jagraph.serve.html import page, reader_of, site_of
from jagraph.serve.labels import is_card
from jagraph.terms import USES
from jagraph.vocab import iri


def card_page(request: Request) -> Response:
    """Show the card of the thing in the path; raises RequestError when there is none."""
    site, reader = site_of(request), reader_of(request)
    namespace, identifier = request.url.path.strip("/").split("/")
    thing = iri(namespace, identifier)
    if not is_card(namespace, identifier) or thing not in site.names.things:
        raise RequestError(
            "unknown-name",
            f"nothing is called {namespace}/{identifier} here",
            remedy=f"/search?q={identifier} looks in every name",
        )
    is_model = thing in site.lineage.models
    keys = site.context.keys
    return page(
        request,
        "card.html",
        thing=thing,
        namespace=namespace,
        card=card(thing, site.graph.store, site.sources, site.context),
        key_names={name: reader.name(key.predicate) for name, key in keys.items()},
        judged=site.judge.judge(thing, USES) if is_model else None,
        family=site.lineage.models[thing].family if is_model else "",
        license_class=site.classes.get(thing, ""),
    )
