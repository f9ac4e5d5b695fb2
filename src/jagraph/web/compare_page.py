"""Two to four models side by side, chosen by their ids or found by a part of a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from jagraph.core.errors import RequestError
from jagraph.core.messages import Message
from jagraph.core.namespaces import split
from jagraph.query.name_resolver import fold
from jagraph.views.app_state import Site
from jagraph.views.comparison import aspects, read
from jagraph.web.html import page, reader_of, site_of
from jagraph.web.replies import status_of

MOST = 4
_OFFERED = 12
_DIFFERENCES = "differences"


@dataclass(frozen=True)
class Offer:
    """A model that can be added, and the comparison with it."""

    iri: str
    href: str


def compare(request: Request) -> Response:
    """Compare the models of the parameters ``model``; ``add`` looks for one more by its name."""
    site, reader = site_of(request), reader_of(request)
    asked = [text.strip() for text in request.query_params.getlist("model") if text.strip()]
    meant = {text: site.names.meant(text, ("model",)) for text in asked}
    known = list(dict.fromkeys(found[0] for found in meant.values() if len(found) == 1))
    models = known[:MOST]
    unclear = next((text for text, found in meant.items() if len(found) != 1), "")
    wanted = request.query_params.get("add", "").strip() or unclear
    found = _found(site, wanted, models) if wanted else []
    if len(found) == 1 and len(models) < MOST and not unclear:
        return RedirectResponse(address([*models, found[0]]), 303)
    wrong = _wrong(len(known), unclear, meant.get(unclear, []), "" if found else wanted)
    offered = found if wanted else _relatives(site, models)
    rows = aspects(read(models, site, reader), site, reader) if len(models) > 1 else []
    only_differences = request.query_params.get("only") == _DIFFERENCES
    return page(
        request,
        "compare.html",
        status_of(wrong) if wrong else 200,
        models=models,
        ids=[_id(model) for model in models],
        without={model: address([one for one in models if one != model]) for model in models},
        families={model: site.lineage.models[model].family for model in models},
        rows=[row for row in rows if row.differs or not only_differences],
        alike=sum(not row.differs for row in rows),
        only_differences=only_differences,
        wanted=wanted,
        wrong=wrong,
        offers=[Offer(one, address([*models, one])) for one in offered[:_OFFERED]],
        unshown=max(0, len(offered) - _OFFERED),
        room=MOST - len(models),
        classes=site.classes,
    )


def address(models: Sequence[str]) -> str:
    """Return the path of the comparison of ``models``, which are IRIs."""
    return "/compare?" + urlencode([("model", _id(model)) for model in models])


def _id(model: str) -> str:
    return (split(model) or ("", model))[1]


def _wrong(count: int, unclear: str, meant: Sequence[str], missing: str) -> RequestError | None:
    """Return what is wrong with the models that were asked for, None when nothing is."""
    if len(meant) > 1:
        return RequestError(
            "ambiguous-name",
            Message("error-ambiguous-model", name=repr(unclear), count=len(meant)),
            remedy=Message("help-one-of", choices=tuple(map(_id, meant))),
        )
    if unclear or missing:
        return RequestError(
            "unknown-name",
            Message("error-unknown-model", name=repr(unclear or missing)),
            remedy=Message("help-part-of-name"),
        )
    if count > MOST:
        return RequestError(
            "too-many",
            Message("error-too-many-models", count=count, most=MOST),
            remedy=Message("help-choose-at-most", most=MOST),
        )
    return None


def _found(site: Site, text: str, models: Sequence[str]) -> list[str]:
    """Return the models that ``text`` may mean and that are not there yet, likeliest first."""
    meant = site.names.meant(text, ("model",))
    if len(meant) != 1:
        families = site.names.meant(text, ("family",))
        members = {model for family in families for model in site.lineage.members(family)}
        search = site.names.search(text) if fold(text) else []
        meant = [*meant, *sorted(members), *(one for one in search if one in site.lineage.models)]
    return [one for one in dict.fromkeys(meant) if one not in models]


def _relatives(site: Site, models: Sequence[str]) -> list[str]:
    """Return what the models come from and lead to, and their siblings: what one may compare."""
    near: dict[str, None] = {}
    for edge in site.lineage.edges:
        if edge.child in models:
            near[edge.parent] = None
    for model in models:
        near |= dict.fromkeys(sorted(site.lineage.members(site.lineage.models[model].family)))
    for edge in site.lineage.edges:
        if edge.parent in models:
            near[edge.child] = None
    return [one for one in near if one not in models and site.lineage.models[one].family]
