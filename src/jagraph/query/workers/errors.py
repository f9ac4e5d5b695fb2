"""The errors of a pool of workers: it is busy, or a query takes too much."""

from __future__ import annotations

from jagraph.core.errors import JagraphError, RequestError


class BusyError(JagraphError):
    """Too many long queries run already; the same query may be asked again later."""

    exit_code = 3


class LimitError(RequestError):
    """The query takes more than it may; asking again does not help."""
