"""The page of models side by side."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from jagraph.views.model_choice import view_comparison
from jagraph.web.addresses import address
from jagraph.web.html import page, reader_of, state_of
from jagraph.web.replies import status_of

_DIFFERENCES = "differences"


def compare(request: Request) -> Response:
    """Compare the models of the parameters ``model``; ``add`` looks for one more by its name."""
    parameters = request.query_params
    texts = [text.strip() for text in parameters.getlist("model") if text.strip()]
    addition = parameters.get("add", "").strip()
    view = view_comparison(texts, addition, state_of(request), reader_of(request))
    if view.addition:
        return RedirectResponse(address(view.addition), 303)
    only_differences = parameters.get("only") == _DIFFERENCES
    return page(
        request,
        "compare.html",
        status_of(view.wrong) if view.wrong else 200,
        view=view,
        rows=[row for row in view.rows if row.differs or not only_differences],
        only_differences=only_differences,
    )
