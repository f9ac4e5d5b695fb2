"""Where the bytes of an answer go: a file that is whole or not there, or stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from jagraph.cli.settings import Settings
from jagraph.core.atomic_write import whole
from jagraph.core.descriptors import descriptor


@contextmanager
def delivered(output: Path | None, settings: Settings) -> Iterator[IO[bytes]]:
    """Give a file to fill that becomes ``output`` when it is whole, or stdout."""
    if output is None or descriptor(output) == 1:
        yield sys.stdout.buffer
    else:
        with whole(output) as out:
            yield out
        settings.say(f"wrote {output}")
