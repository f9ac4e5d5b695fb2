"""What may be wrong with what became of an input."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import jagraph
from jagraph.core.faults import fault

TRACEBACK, HANG, LOSS = "traceback", "hang", "silent loss"
PATIENCE = 20  # seconds of computing for one input
_WAITS = 3  # times as long by the clock: the machine may do other things
OVER = (-signal.SIGPROF, -signal.SIGALRM)  # how a process ends whose time is up
_LONGEST = 1500
_REFUSED = (1, 2, 3)  # exit codes of errors that are not ours
_JAGRAPH = str(Path(jagraph.__file__).parent)

Check = Callable[[Any], None]


class Wrong(NamedTuple):
    """What is wrong with what became of the input ``number``: a ``sort``, and what it was."""

    number: int
    sort: str
    what: str


@dataclass(frozen=True)
class Kind:
    """One kind of input.

    ``parts`` of a hundred inputs are of this kind. ``make`` makes one, which its ``repr`` shows;
    ``opened`` gives, in a folder of its own, what hands an input to jagraph and raises what is
    wrong: LossError, HangError, BugError, or whatever jagraph raises.
    """

    name: str
    parts: int
    make: Callable[[Random], Any]
    opened: Callable[[Path], AbstractContextManager[Check]]


class LossError(Exception):
    """A part of an input is neither in the result nor named."""


class HangError(Exception):
    """An input had no end."""


class BugError(Exception):
    """An input ended in a way no input may."""


def set_clock(more: float = 0) -> None:
    """Let this process be killed when it takes too long, and ``more`` seconds, from now on."""
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE + more)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE * _WAITS + more)


def judged(number: int, check: Check, given: Any) -> Wrong | None:
    """Return what is wrong with what becomes of the input ``given``; a refusal is not."""
    try:
        check(given)
    except LossError as found:
        return Wrong(number, LOSS, str(found)[:_LONGEST])
    except HangError as found:
        return Wrong(number, HANG, str(found)[:_LONGEST])
    except BugError as found:
        return Wrong(number, TRACEBACK, str(found)[-_LONGEST:])
    except Exception as reason:
        if not _is_from_jagraph(reason) or fault(reason).exit_code not in _REFUSED:
            return Wrong(number, TRACEBACK, traceback.format_exc()[-_LONGEST:])
    return None


def _is_from_jagraph(reason: Exception) -> bool:
    steps = traceback.walk_tb(reason.__traceback__)
    return any(step.f_code.co_filename.startswith(_JAGRAPH) for step, _ in steps)
