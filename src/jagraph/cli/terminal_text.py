"""The one way of text to the terminal: what would act on it, or is not seen, is shown."""

from __future__ import annotations

import sys

from jagraph.core.visible_text import visible

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from typing import Any, TextIO


class _Visible:
    """A text stream; what is written to it is made visible, what is written to ``exact`` is not."""

    def __init__(self, stream: TextIO) -> None:
        self.exact = stream

    def write(self, text: str) -> int:
        """Write ``text``, made visible."""
        return self.exact.write(visible(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.exact, name)


class visibly:  # noqa: N801, it is used as a function
    """Context manager: what is written to stdout and stderr is made visible."""

    def __enter__(self) -> None:
        self._before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = map(_Visible, self._before)

    def __exit__(self, *_: object) -> None:
        sys.stdout, sys.stderr = self._before


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Write ``text``, and the end of a line unless ``nl`` is off, to stdout or stderr, at once."""
    stream = sys.stderr if err else sys.stdout
    stream.write(f"{text}\n" if nl else text)
    stream.flush()


def write_exactly(text: str) -> None:
    """Write ``text`` to stdout as it is, unless that is a terminal."""
    out = sys.stdout
    if isinstance(out, _Visible) and not out.isatty():
        out = out.exact
    out.write(text)
