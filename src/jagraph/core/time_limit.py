"""How long a rule or a check of a project may run: whoever clones a project did not write them.

The engine cannot be stopped, only its process be ended: the command line does so, and says why.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from threading import Timer

    from jagraph.core.errors import DataError

    End = Callable[[DataError], None]

SECONDS = 600.0
_ends: list[End] = []


class ending:  # noqa: N801, it is used as a function
    """Context manager: have ``end`` called, from another thread, when a query runs too long."""

    def __init__(self, end: End) -> None:
        self._end = end

    def __enter__(self) -> None:
        _ends.append(self._end)

    def __exit__(self, *_: object) -> None:
        _ends.remove(self._end)


class patience:  # noqa: N801, it is used as a function
    """Context manager: give the query in ``path`` SECONDS.

    Only where somebody can end the process (``ending``).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._timer: Timer | None = None

    def __enter__(self) -> None:
        if _ends:
            from threading import Timer

            from jagraph.core.errors import DataError
            from jagraph.core.position import Position

            error = DataError(
                "too-long",
                f"this query runs for more than {SECONDS:g} seconds",
                where=Position(self._path, 1, 1),
                remedy="make it simpler, or take it out of the project",
            )
            self._timer = Timer(SECONDS, _ends[-1], (error,))
            self._timer.daemon = True
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
