"""The errors of a pool of workers: it is busy, or a query takes too much."""

from __future__ import annotations

from jagraph.core.errors import JagraphError, OutsideError, RequestError
from jagraph.core.messages import Message


class BusyError(JagraphError):
    """Too many long queries run already; the same query may be asked again later."""

    exit_code = 3


class LimitError(RequestError):
    """The query takes more than it may; asking again does not help."""


def busy() -> BusyError:
    """Return the error for a question that found no worker in time."""
    return BusyError("busy", Message("error-busy"), remedy=Message("help-again-soon"))


def closing() -> OutsideError:
    """Return the error for a question that meets the end of the server."""
    return OutsideError("closing", Message("error-closing"), remedy=Message("help-when-back"))


def store_gone() -> OutsideError:
    """Return the error for files of the store, or of the server, that are no longer there."""
    return OutsideError(
        "store-gone", Message("error-store-gone"), remedy=Message("help-start-again")
    )
