"""The one way of text to the terminal: what would act on it, or is not seen, is shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from jagraph.core.visible_text import visible


class _Visible:
    """A text stream; what is written to it is made visible, what is written to ``exact`` is not."""

    def __init__(self, stream: TextIO) -> None:
        self.exact = stream

    def write(self, text: str) -> int:
        """Write ``text``, made visible."""
        return self.exact.write(visible(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.exact, name)


@contextmanager
def visibly() -> Iterator[None]:
    """Make visible what is written to stdout and stderr while the block runs."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast("TextIO", _Visible(out)), cast("TextIO", _Visible(err))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def write_exactly(text: str) -> None:
    """Write ``text`` to stdout as it is, unless that is a terminal."""
    out = sys.stdout
    if isinstance(out, _Visible) and not out.isatty():
        out = out.exact
    out.write(text)
