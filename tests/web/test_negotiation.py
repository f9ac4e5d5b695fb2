"""Which language a page is in, and which media type an answer has, by the headers of a request."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from jagraph.web.html import language_of
from jagraph.web.negotiation import best


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("JA-jp", "ja"),
        ("fr-CA,fr;q=0.8,en;q=0.5", "fr"),
        ("en;q=0.1, ja;q=0.2, fr;q=0.3", "fr"),
        ("de-DE,de;q=0.9", "en"),
        ("de, fr;q=0.2", "fr"),
        ("ja;q=0, *;q=0.1", "en"),
        ("ja;q=none, fr;q=0.1", "fr"),
        # Northern Frisian is no French, Javanese and Jamaican Creole are no Japanese
        ("frr", "en"),
        ("jam, fr;q=0.1", "fr"),
        (";;,,q=1", "en"),
        ("-", "en"),
    ],
)
def test_a_page_is_in_the_language_the_reader_likes_most(accepted: str, language: str) -> None:
    headers = [(b"accept-language", accepted.encode())] if accepted else []
    scope = {"type": "http", "query_string": b"", "headers": headers}
    assert language_of(Request(scope)) == language


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, "text/csv"),
        ("*/*", "text/csv"),
        ("text/*;q=0.1, application/json", "application/json"),
        ("*/*, text/csv;q=0", "application/json"),  # the more specific range counts
        ("text/*, application/json", "text/csv"),  # a tie: the server's order
        ("application/json; charset=utf-8", "application/json"),  # clients send parameters
        ("image/png", None),
        ("text/csv;q=none, application/json;q=0.1", "application/json"),
    ],
)
def test_an_answer_has_the_media_type_the_client_likes_most(
    accepted: str | None, chosen: str | None
) -> None:
    assert best(accepted, ("text/csv", "application/json")) == chosen
