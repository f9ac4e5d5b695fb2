"""How an endpoint is asked, and as whom: settings of the environment, its URL, credentials."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from dataclasses import dataclass

import httpx

from jagraph.core.errors import RequestError

METHODS = ("auto", "get", "post")
_MOST_RETRIES = 10
_LONGEST_TIMEOUT = 604_800  # a week, in seconds
VARIABLES = "JAGRAPH_ENDPOINT_USER and JAGRAPH_ENDPOINT_PASSWORD, or JAGRAPH_ENDPOINT_TOKEN"


@dataclass(frozen=True)
class Access:
    """How an endpoint is asked.

    ``timeout`` is in seconds, for one answer with all attempts at it. ``method`` is "get", "post",
    or "auto": GET while the URL is short, else POST.
    """

    user: str = ""
    password: str = ""
    token: str = ""
    timeout: float = 60.0
    method: str = "auto"
    retries: int = 2

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Access:
        """Read the variables JAGRAPH_ENDPOINT_…; raises RequestError for a value out of range."""
        method = variables.get("JAGRAPH_ENDPOINT_METHOD", "auto").lower()
        if method not in METHODS:
            raise _bad_setting("METHOD", "one of: " + ", ".join(METHODS))
        try:
            timeout = float(variables.get("JAGRAPH_ENDPOINT_TIMEOUT", "60"))
        except ValueError:
            timeout = 0.0
        if not 0 < timeout <= _LONGEST_TIMEOUT:
            raise _bad_setting("TIMEOUT", f"a number of seconds above 0, up to {_LONGEST_TIMEOUT}")
        retries = variables.get("JAGRAPH_ENDPOINT_RETRIES", "2")
        if not (retries.isascii() and retries.isdigit() and float(retries) <= _MOST_RETRIES):
            raise _bad_setting("RETRIES", f"a number from 0 to {_MOST_RETRIES}")
        token = variables.get("JAGRAPH_ENDPOINT_TOKEN", "").strip()
        if not (token.isascii() and token.isprintable()):
            raise _bad_setting("TOKEN", "the token alone, without other characters around it")
        return cls(
            user=variables.get("JAGRAPH_ENDPOINT_USER", ""),
            password=variables.get("JAGRAPH_ENDPOINT_PASSWORD", ""),
            token=token,
            timeout=timeout,
            method=method,
            retries=int(retries),
        )


def checked_url(url: str) -> str:
    """Return ``url`` when it can be an endpoint's; raises RequestError, also for a password in it.

    The error does not repeat the URL, since a password may be in it.
    """
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        parts = httpx.URL("")
    if parts.userinfo:
        raise RequestError(
            "bad-endpoint",
            "a user or password does not belong into the URL: others can read a command line",
            where=parts.host,
            remedy=f"set {VARIABLES}",
        )
    if parts.scheme not in ("http", "https") or not parts.host:
        raise RequestError(
            "bad-endpoint",
            "this is not the URL of an endpoint",
            remedy="write the URL of its SPARQL queries, such as http://localhost:8890/sparql",
        )
    return url


class UnanswerableError(Exception):
    """The server asks for a password in a way that httpx does not understand."""


class _Login(httpx.Auth):
    """A user and password in the way the server asks for: Basic or Digest (RFC 7617, 7616).

    Nothing is sent before the server asks.
    """

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx.BasicAuth(user, password)
        self._digest = httpx.DigestAuth(user, password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._chosen is None:
            response = yield request
            if response.status_code != 401:
                return
            digest = response.headers.get("www-authenticate", "").lower().startswith("digest")
            self._chosen = self._digest if digest else self._basic
        flow = self._chosen.auth_flow(request)
        try:
            yield from flow
        except (LookupError, ValueError, NotImplementedError, httpx.ProtocolError) as reason:
            raise UnanswerableError(f"{type(reason).__name__}: {reason}") from reason


class _Bearer(httpx.Auth):
    """A bearer token (RFC 6750)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def login(access: Access) -> httpx.Auth | None:
    """Return how requests say who asks, None where they need not."""
    if access.token:
        return _Bearer(access.token)
    return _Login(access.user, access.password) if access.user else None


def _bad_setting(name: str, remedy: str) -> RequestError:
    return RequestError(
        "bad-setting",
        f"JAGRAPH_ENDPOINT_{name} cannot be that",
        where=f"JAGRAPH_ENDPOINT_{name}",
        remedy=remedy,
    )
