"""HTTP to an endpoint: time limits, retries, and every failure as one kind of error.

Only this module and ``endpoint_access`` know httpx. A request goes to the URL it was given and
nowhere else: a redirection is reported, not followed, so that no credentials and no query reach
another host.
"""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    stop_any,
    stop_before_delay,
)
from tenacity.stop import stop_base

from jagraph.core.errors import OutsideError
from jagraph.core.version import __version__
from jagraph.store.endpoint_access import VARIABLES, Access, UnanswerableError, login

_LONGEST_URL = 2000  # beyond this servers and proxies begin to refuse (RFC 9110, section 4.1)
_PASSING = frozenset({429, 502, 503, 504})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
_ANSWERED, _CHANGED = frozenset({200}), frozenset({200, 201, 204})  # HTTP statuses
_GZIP, _PIECE = zlib.MAX_WBITS | 16, 1 << 20


@dataclass(frozen=True)
class Reply:
    """A successful answer whose body is still arriving.

    ``bounded`` tells that HTTP says where the body ends; else it ends with the connection, for
    whatever reason.
    """

    url: str
    media_type: str
    headers: Mapping[str, str]
    chunks: Iterator[bytes]
    bounded: bool


class Connection:
    """Requests to endpoints, over connections that are kept.

    Every failure is an OutsideError with the URL; its code is "endpoint-refused" when the server
    says that the request is wrong (400).
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._client = httpx.Client(
            auth=login(access),
            verify=_trusted(),
            headers={"User-Agent": f"jagraph/{__version__}", "Accept-Encoding": "gzip"},
        )

    def close(self) -> None:
        """Close what is open to servers."""
        self._client.close()

    @contextmanager
    def query(self, url: str, fields: list[tuple[str, str]], accept: str) -> Iterator[Reply]:
        """Ask ``url`` by the SPARQL 1.1 Protocol, section 2.1; retried until an answer begins."""
        asked = httpx.URL(url)
        for name, value in fields:
            asked = asked.copy_add_param(name, value)
        short = len(str(asked)) <= _LONGEST_URL
        by_get = self._access.method == "get" or (self._access.method == "auto" and short)
        headers = {"Accept": accept}
        if by_get:
            request = self._client.build_request("GET", asked, headers=headers)
        else:
            request = self._client.build_request("POST", url, data=_form(fields), headers=headers)
        with self._sent(request, self._access.retries, _ANSWERED) as reply:
            yield reply

    def send(
        self, method: str, url: str, fields: Mapping[str, str], content: bytes, media_type: str
    ) -> None:
        """Send a change to ``url`` with ``fields`` in it; never retried."""
        request = self._client.build_request(
            method,
            httpx.URL(url).copy_merge_params(fields),
            content=content,
            headers={"Content-Type": media_type},
        )
        with self._sent(request, 0, _CHANGED) as reply:
            for _ in reply.chunks:  # a connection is used again when all of the answer was read
                pass

    @contextmanager
    def _sent(
        self, request: httpx.Request, retries: int, wanted: frozenset[int]
    ) -> Iterator[Reply]:
        deadline = time.monotonic() + self._access.timeout
        response = self._begun(request, retries, deadline)
        try:
            body = self._body(response, deadline)
            if response.status_code not in wanted:
                raise _refusal(response, body)
            media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            bounded = "content-length" in response.headers or _is_chunked(response)
            yield Reply(_shown(request), media_type, response.headers, body, bounded)
        finally:
            response.close()

    def _begun(self, request: httpx.Request, retries: int, deadline: float) -> httpx.Response:
        """Return the response as it begins, after as many attempts as ``retries`` allows.

        The last response counts, also when another attempt would be too late.
        """
        attempts = Retrying(
            retry=retry_if_exception_type(httpx.RequestError) | retry_if_result(_is_passing),
            wait=_pause,
            stop=stop_any(
                stop_after_attempt(retries + 1),
                stop_before_delay(max(deadline - time.monotonic(), 0.0)),
                _TooLongPause(),
            ),
            before_sleep=_close,
            retry_error_callback=_outcome,
        )
        try:
            return attempts(self._attempt, request, deadline)
        except httpx.RequestError as reason:
            raise _unreachable(request, reason) from reason

    def _attempt(self, request: httpx.Request, deadline: float) -> httpx.Response:
        """Return the response as it begins.

        Raises httpx.RequestError for what may pass, OutsideError for what does not.
        """
        rest = max(deadline - time.monotonic(), 0.001)
        request.extensions["timeout"] = httpx.Timeout(rest).as_dict()
        try:
            return self._client.send(request, stream=True)
        except httpx.TimeoutException as reason:
            raise self._late(request) from reason
        except UnanswerableError as reason:
            raise _denied(request, str(reason)) from reason
        except UnicodeError as reason:  # of the name of the host
            raise _unreachable(request, reason) from reason

    def _body(self, response: httpx.Response, deadline: float) -> Iterator[bytes]:
        """Yield the body as it arrives; a piece after ``deadline`` is too late."""
        try:
            for chunk in _decoded(response):
                yield chunk
                if time.monotonic() > deadline:
                    raise self._late(response.request)
        except httpx.TimeoutException as reason:
            raise self._late(response.request) from reason
        except (httpx.RequestError, EOFError, zlib.error) as reason:
            raise OutsideError(
                "endpoint-dropped",
                f"the endpoint broke off in the middle of its answer: {reason}",
                where=_shown(response.request),
                remedy="ask again; nothing of the half answer was used",
            ) from reason

    def _late(self, request: httpx.Request) -> OutsideError:
        return OutsideError(
            "endpoint-timeout",
            f"the endpoint did not answer within {self._access.timeout:g} s",
            where=_shown(request),
            remedy="set JAGRAPH_ENDPOINT_TIMEOUT to more seconds, or ask for less",
        )


def printable(text: str) -> str:
    """Return what a server said as one short line that does nothing to a terminal."""
    line = text.strip().partition("\n")[0].strip()
    return "".join(filter(str.isprintable, line))[:200]


def _shown(request: httpx.Request) -> str:
    """Return the URL without the query in it."""
    return str(request.url.copy_with(query=None))


def _is_passing(response: httpx.Response) -> bool:
    """Tell whether the server may answer when it is asked again."""
    return response.status_code in _PASSING


def _pause(state: RetryCallState) -> float:
    """Return the seconds before the next attempt: longer each time, or as the server asks."""
    pause = _FIRST_PAUSE * 2.0 ** (state.attempt_number - 1)
    attempt = state.outcome
    if attempt is None or attempt.failed:
        return pause
    asked = attempt.result().headers.get("retry-after", "")
    return max(pause, float(asked)) if asked.isascii() and asked.isdigit() else pause


class _TooLongPause(stop_base):
    """Stops where the pause before the next attempt would be longer than anybody waits."""

    def __call__(self, state: RetryCallState) -> bool:
        return state.upcoming_sleep > _LONGEST_PAUSE


def _close(state: RetryCallState) -> None:
    """Close the response that is not used."""
    if state.outcome is not None and not state.outcome.failed:
        state.outcome.result().close()


def _outcome(state: RetryCallState) -> httpx.Response:
    """Return the response of the last attempt, or raise what it raised."""
    assert state.outcome is not None  # noqa: S101, it is asked after an attempt
    response: httpx.Response = state.outcome.result()
    return response


@cache
def _trusted() -> ssl.SSLContext:
    """Read the certificates that are trusted, once."""
    return httpx.create_ssl_context()


def _form(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return form


def _refusal(response: httpx.Response, body: Iterator[bytes]) -> OutsideError:
    """Return the error for an answer that is none."""
    status, url = response.status_code, _shown(response.request)
    if status in (401, 403):
        return _denied(response.request, f"HTTP {status}")
    if status < 300:
        return OutsideError(
            "endpoint-cut-off",
            f"the endpoint answers with HTTP {status}, which is not the whole answer",
            where=url,
            remedy="is there a proxy or cache in between? ask the server itself",
        )
    if status < 400:
        target = printable(response.headers.get("location", "another place"))
        return OutsideError(
            "endpoint-moved",
            f"the endpoint sends you to {target}",
            where=url,
            remedy="give that URL if you trust it; jagraph does not follow by itself",
        )
    said = _first_line(body)
    if status == 400:
        return OutsideError(
            "endpoint-refused",
            f"the endpoint cannot take this request{said}",
            where=url,
            remedy="is this the URL of SPARQL 1.1 queries?",
        )
    remedy = "look into the server's log, or try again later" if status >= 500 else "check the URL"
    return OutsideError(
        "endpoint-failed",
        f"the endpoint answers with HTTP {status}{said}",
        where=url,
        remedy=remedy,
    )


def _denied(request: httpx.Request, why: str) -> OutsideError:
    return OutsideError(
        "endpoint-denied",
        f"the endpoint does not let you in ({why})",
        where=_shown(request),
        remedy=f"set {VARIABLES}",
    )


def _is_chunked(response: httpx.Response) -> bool:
    coding: str = response.headers.get("transfer-encoding", "")
    return coding.lower().endswith("chunked")


def _decoded(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body of ``response``, unpacked where it is gzip.

    Raises EOFError when the gzip ends before its end, which httpx does not notice, zlib.error when
    it is none, OutsideError for another coding.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        yield from response.iter_raw()
        return
    if coding not in ("gzip", "x-gzip"):
        raise OutsideError(
            "endpoint-unreadable",
            f"the endpoint packs its answer as {printable(coding)}, which was not asked for",
            where=_shown(response.request),
            remedy="is there a proxy in between? it may pack as gzip, or not at all",
        )
    unpacking = zlib.decompressobj(_GZIP)
    for chunk in response.iter_raw():
        while chunk:
            if unpacking.eof:  # another member follows (RFC 1952, section 2.2)
                unpacking = zlib.decompressobj(_GZIP)
            yield unpacking.decompress(chunk, _PIECE)
            chunk = unpacking.unconsumed_tail or unpacking.unused_data
    if not unpacking.eof:
        raise EOFError("its gzip has no end")


def _first_line(body: Iterator[bytes]) -> str:
    """Return ": " and the first line of what a server says about an error, "" for a web page."""
    try:
        line = printable(next(body, b"").decode("utf-8", "replace"))
    except OutsideError:
        return ""
    return f": {line}" if line and not line.startswith("<") else ""


def _unreachable(request: httpx.Request, reason: Exception) -> OutsideError:
    return OutsideError(
        "endpoint-unreachable",
        f"the endpoint cannot be reached: {reason}",
        where=_shown(request),
        remedy="is the server running, and is the URL right?",
    )
