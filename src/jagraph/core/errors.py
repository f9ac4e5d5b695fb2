"""The one shape every error of jagraph has: what, where, and what to do."""

from __future__ import annotations

from jagraph.core.messages import Message, plain

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from typing import Any

    from jagraph.core.position import Position


class JagraphError(Exception):
    """An error a user can act on.

    ``code`` is stable and machine-readable, ``exit_code`` what the process returns.
    ``str()`` gives the text the command line prints. ``what`` and ``remedy`` are messages where
    readers of other languages see them.
    """

    exit_code = 70

    def __init__(
        self, code: str, what: str, *, where: Position | str | None = None, remedy: str = ""
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.where = where
        self.remedy = remedy

    @property
    def messages(self) -> dict[str, dict[str, Any]]:
        """``what`` and ``remedy`` as keys and arguments, for JSON, where they are messages."""
        return {
            name: plain(text)
            for name, text in (("what", self.what), ("remedy", self.remedy))
            if isinstance(text, Message)
        }

    def as_data(self) -> dict[str, Any]:
        """Return the error as JSON has it, with the same keys for every error."""
        return {
            "code": self.code,
            "what": self.what,
            "where": None if self.where is None else str(self.where),
            "remedy": self.remedy,
            "messages": self.messages,
        }

    def __str__(self) -> str:
        lines = [f"error[{self.code}]: {self.what}"]
        if self.where is not None:
            lines.append(f"  --> {self.where}")
        if self.remedy:
            lines.append(f"  help: {self.remedy}")
        return "\n".join(lines)


class DataError(JagraphError):
    """The data is wrong, or a check says no."""

    exit_code = 1


class RequestError(JagraphError):
    """The user asked for something that cannot be answered as asked."""

    exit_code = 2


class OutsideError(JagraphError):
    """Something outside jagraph is missing or broken: a file, a folder, a font."""

    exit_code = 3


def suggestion(wrong: str, choices: list[str], otherwise: str, *, cutoff: float = 0.6) -> str:
    """Return "did you mean …", a message, for the words nearest to ``wrong``, else ``otherwise``.

    ``cutoff`` is how alike they are at least, from 0 to 1.
    """
    from difflib import get_close_matches

    near = get_close_matches(wrong, choices, n=3, cutoff=cutoff)
    return Message("help-did-you-mean", names=tuple(near)) if near else otherwise
