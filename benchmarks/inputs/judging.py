"""What may be wrong with what became of an input."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from jagraph.errors import JagraphError

TRACEBACK, HANG, LOSS = "traceback", "hang", "silent loss"
PATIENCE = 20  # seconds for one input
_LONGEST = 1500
REFUSED = (1, 2, 3)  # exit codes of errors that are not ours

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
    except JagraphError as refusal:
        if refusal.exit_code not in REFUSED:
            return Wrong(number, TRACEBACK, f"exit code {refusal.exit_code}: {refusal}"[:_LONGEST])
    except Exception:
        return Wrong(number, TRACEBACK, traceback.format_exc()[-_LONGEST:])
    return None
