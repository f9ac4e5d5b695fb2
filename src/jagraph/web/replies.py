"""Answers and errors as HTTP: entity tags, who may read them, the one shape of errors."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import wraps
from typing import IO

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from jagraph.core.errors import JagraphError, OutsideError, RequestError
from jagraph.query.workers.errors import BusyError, store_gone
from jagraph.query.workers.question import Answer
from jagraph.web.negotiation import MEDIA_TYPES, best

_GONE = frozenset({"missing-file", "store-failed"})  # files of the server, or of its graph
# Any page may read the graph: nothing here depends on who asks, and no cookie is looked at.
OPEN = {"Access-Control-Allow-Origin": "*"}
_STATUS = {
    "not-acceptable": 406,
    "method-not-allowed": 405,
    "media-type": 415,
    "too-large": 413,
    "too-slow": 408,
    "read-only": 403,
    "service-off": 403,
    "damaged-store": 503,
    "time-limit": 504,
    "row-limit": 422,
    "size-limit": 422,
    "memory-limit": 422,
    "layout-too-slow": 504,
    "nothing-to-draw": 404,
    "service-failed": 502,
    "unknown-query": 404,
    "unknown-name": 404,
    "unknown-thing": 404,
}
_RETRY = "5"
_CHUNK = 1 << 16
_WHOLE = 1 << 20


def reply(request: Request, content: bytes, media_type: str, **headers: str) -> Response:
    """Return ``content`` with its entity tag, or 304 when the client has it already."""
    digest = hashlib.sha256(content).hexdigest()
    headers_sent = _tagged(request, digest, media_type, headers)
    return headers_sent or Response(content, headers=_headers(digest, media_type, headers))


def send(request: Request, answer: Answer, **headers: str) -> Response:
    """Return a whole answer of the engine, from its file."""
    media_type = MEDIA_TYPES[answer.form]
    headers = {"Jagraph-Rows": str(answer.rows), **headers}
    if answer.size <= _WHOLE:
        return reply(request, answer.read(), media_type, **headers)
    answer.content.seek(0)
    digest = hashlib.file_digest(answer.content, "sha256").hexdigest()  # type: ignore[arg-type]  # a spooled file will do
    headers_sent = _tagged(request, digest, media_type, headers)
    if headers_sent is not None:
        return headers_sent
    headers["Content-Length"] = str(answer.size)
    return StreamingResponse(_chunks(answer.content), headers=_headers(digest, media_type, headers))


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    content.seek(0)
    while chunk := content.read(_CHUNK):
        yield chunk


def _headers(digest: str, media_type: str, more: Mapping[str, str]) -> dict[str, str]:
    return {
        "Content-Type": media_type,
        "ETag": f'W/"{digest[:32]}"',
        "Cache-Control": "no-cache",
        "Vary": "Accept",
        **OPEN,
        **more,
    }


def _tagged(
    request: Request, digest: str, media_type: str, more: Mapping[str, str]
) -> Response | None:
    tags = request.headers.get("if-none-match", "")
    if request.method not in ("GET", "HEAD") or digest[:32] not in tags:
        return None
    return Response(status_code=304, headers=_headers(digest, media_type, more))


def status_of(wrong: JagraphError) -> int:
    """Return the HTTP status of an error.

    A query over the time limit is 504, over another limit 422: asking again does not help, as 503
    would say. What is missing outside is 503, too: no fault of this question, and no bug.
    """
    if isinstance(wrong, BusyError | OutsideError):
        return _STATUS.get(wrong.code, 503)
    return _STATUS.get(wrong.code, 400 if isinstance(wrong, RequestError) else 500)


def refused(answer: Response) -> Response:
    """Return a page that says what is wrong, with when to ask again where that may help."""
    if answer.status_code == 503:
        answer.headers["Retry-After"] = _RETRY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def public(wrong: JagraphError) -> JagraphError:
    """Return what may be told of ``wrong``: the paths of the server's files are its own."""
    return store_gone() if wrong.code in _GONE else wrong


def refusal(wrong: JagraphError, **headers: str) -> Response:
    """Return an error in the shape that machines read."""
    wrong = public(wrong)
    headers = {"Vary": "Accept", **OPEN, **headers}
    return refused(JSONResponse({"error": wrong.as_data()}, status_of(wrong), headers))


def refusing(
    answer: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Make ``answer`` give its errors in the shape that machines read, whatever is accepted."""

    @wraps(answer)
    async def with_refusals(request: Request) -> Response:
        try:
            return await answer(request)
        except JagraphError as wrong:
            return refusal(wrong)

    return with_refusals


def for_machine(request: Request) -> bool:
    """Tell whether an error goes to a program: by what it accepts, else by the path."""
    data = request.url.path.startswith(("/sparql", "/openapi")) or "." in request.url.path
    pages, machines = "text/html", "application/json"
    order = (machines, pages) if data else (pages, machines)
    return best(request.headers.get("accept"), order) != pages
