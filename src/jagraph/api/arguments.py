"""Checks of what a caller chooses from a fixed set of words."""

from __future__ import annotations

from jagraph.core.errors import RequestError, suggestion

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Iterable


def require_format(name: str, formats: Iterable[str]) -> None:
    """Raise RequestError, with the nearest one, when ``name`` is not among ``formats``."""
    _require("unknown-format", f"there is no format {name!r} here", name, list(formats))


def require_choice(argument: str, value: str, choices: Iterable[str]) -> None:
    """Raise RequestError, with the nearest one, when ``value`` is not among ``choices``."""
    _require("bad-argument", f"{argument} cannot be {value!r}", value, list(choices))


def _require(code: str, what: str, word: str, choices: list[str]) -> None:
    if word not in choices:
        remedy = suggestion(word, choices, "one of: " + ", ".join(choices))
        raise RequestError(code, what, remedy=remedy)
