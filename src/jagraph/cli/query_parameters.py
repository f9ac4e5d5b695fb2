"""The parameters of a saved query, as words of the command line."""

from __future__ import annotations

from jagraph.core.errors import RequestError
from jagraph.query.binding import given_once

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from jagraph.query.catalogue import SavedQuery


def pairs(words: tuple[str, ...], saved: SavedQuery) -> dict[str, str]:
    """Return the parameters of ``saved`` that ``words`` give, as "--NAME VALUE" or "--NAME=VALUE".

    Raises RequestError for a word that is no parameter, for one without a value or with two.
    """
    given: list[tuple[str, str]] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise RequestError(
                "bad-parameter",
                f"{word!r} is not a parameter",
                remedy=f"write --NAME VALUE; `jagraph query {saved.name} --help` lists them",
            )
        name, equals, value = word.removeprefix("--").partition("=")
        known = {parameter.name for parameter in saved.parameters}
        if not equals:
            if name in known and not rest:
                raise RequestError(
                    "missing-value", f"--{name} needs a value", remedy=f"write --{name} VALUE"
                )
            value = rest.pop(0) if rest else ""
        given.append((name, value))
    return given_once(given)
