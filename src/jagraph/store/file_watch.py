"""Sees to it that what is read from the files of an open graph is what was written there.

A file is believed when it looks, from outside, as it did when its content was last held against
the manifest; else all content is. What was read counts when the files look the same after it.
"""

from __future__ import annotations

import os
import time
from _thread import allocate_lock  # the module `threading` loads more than most questions take

from jagraph.core.disk_memo import SOUND, forget, recall, remember
from jagraph.core.errors import OutsideError
from jagraph.core.file_stamps import TICK, seal
from jagraph.core.folder_lock import Hold

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from jagraph.core.manifest import Fault, Say

    Got = TypeVar("Got")

_MOST_SHOWN = 3


class DamagedError(Exception):
    """The files of a graph are not as they were written; ``str()`` names the first of them."""

    def __init__(self, damages: list[Fault]) -> None:
        shown = [f"{fault.file} {fault.what}" for fault in damages[:_MOST_SHOWN]]
        more = [f"and {len(damages) - _MOST_SHOWN} more"] if len(damages) > _MOST_SHOWN else []
        super().__init__(", ".join([*shown, *more]))


def inspect(folder: str | Path, say: Say) -> list[Fault]:
    """Read every file of the graph in ``folder``; return what is damaged.

    What was found is remembered, so that an opening need not read a sound graph, and reads one
    that is not.
    """
    from pathlib import Path

    from jagraph.core.manifest import Fault, faults

    try:
        before, newest = seal(str(folder))
    except OSError:
        return [Fault(".", "is missing")]
    # a change in the same tick would not show
    time.sleep(max(0, min(TICK, newest + TICK - time.time_ns())) / 1e9)
    damages = faults(Path(folder), say)
    if damages:
        forget(SOUND, str(folder))
    elif _seal(folder) == before:
        remember(SOUND, str(folder), "", before)
    return damages


class Watch:
    """Holds the graph in a folder while it is open, and vouches for what is read from it."""

    def __init__(self, folder: str | Path, say: Say, mend: Callable[[DamagedError], None]) -> None:
        """Take hold of ``folder`` and look at its files.

        ``mend`` is called when they are damaged later: it writes them anew, or raises an error.
        Raises OSError when ``folder`` is gone, DamagedError when it is damaged now.
        """
        self.folder = os.fspath(folder)
        self.turn = 0  # how often the files were written anew
        self._say = say
        self._mend = mend
        self._lock = allocate_lock()
        self._hold: Hold | None = Hold(self.folder)
        self._seal = self._verified()

    def release(self) -> None:
        """Let others remove the folder."""
        self._hold = None

    def sure(self, read: Callable[[], Got]) -> Got:
        """Return what ``read`` returns from files that were sound all the while.

        When they were damaged meanwhile, whatever came of it does not count: they are mended and
        read again. Raises what ``mend`` does when they cannot be.
        """
        while True:
            turn = self.turn
            try:
                value = read()
            except Exception:
                if self.look() == turn:
                    raise
            else:
                if self.look() == turn:
                    return value

    def content(self, name: str) -> bytes:
        """Return the content of one file."""
        self.look()  # not to wait for a pipe
        place = os.path.join(self.folder, name)

        def read() -> bytes:
            with open(place, "rb") as file:
                return file.read()

        return self.sure(read)

    def check(self, turn: int) -> None:
        """Raise OutsideError when the files are not those of ``turn`` any more."""
        if self.look() != turn:
            raise OutsideError(
                "damaged-store",
                "the graph was damaged while it was read",
                where=self.folder,
                remedy="ask again: it has been written anew",
            )

    def look(self) -> int:
        """Look at the files, and mend them when they are damaged; return the turn they are of."""
        if _seal(self.folder) != self._seal:
            with self._lock:
                try:
                    self._seal = self._verified()
                except DamagedError as damage:
                    self._mend(damage)
                    self._take_again()
        return self.turn

    def _take_again(self) -> None:
        """Take hold of what was written anew; raises OutsideError when it is gone already."""
        try:
            self._hold, self._seal = Hold(self.folder), _seal(self.folder)
        except OSError as reason:
            raise OutsideError(
                "damaged-store",
                f"the graph is removed again and again: {reason}",
                where=self.folder,
                remedy="see what removes it, and ask again",
            ) from reason
        self.turn += 1

    def _verified(self) -> str:
        """Return how the files look, when they are sound; raises DamagedError."""
        looks = _seal(self.folder)
        if not looks or recall(SOUND, self.folder, "") != looks:
            damages = inspect(self.folder, self._say)
            if damages:
                raise DamagedError(damages)
        return looks


def _seal(folder: str | Path) -> str:
    """Return how the files in ``folder`` look, "" when it is gone."""
    try:
        return seal(os.fspath(folder))[0]
    except OSError:
        return ""
