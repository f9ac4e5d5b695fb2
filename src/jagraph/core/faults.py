"""What an exception that nobody caught on its way means: outside, data, question, or a bug.

The command line, the web face and the assistants' tools all ask here, so that the same fault has
the same code, the same words and the same exit code everywhere.
"""

from __future__ import annotations

import os
from errno import (
    EACCES,
    EBADF,
    EDQUOT,
    EFBIG,
    EMFILE,
    ENAMETOOLONG,
    ENFILE,
    ENOENT,
    ENOSPC,
    ENOTDIR,
    EPERM,
    EROFS,
)
from pathlib import Path

from jagraph.core.errors import DataError, JagraphError, OutsideError, RequestError

_SPACE = "free some space or choose another place"
_RIGHT = "give yourself the right to it, or choose another place"
_PATH = "check the path"
_REMEDIES = {
    ENOENT: _PATH,
    ENOTDIR: _PATH,
    ENAMETOOLONG: "use a shorter path",
    EACCES: _RIGHT,
    EPERM: _RIGHT,
    EROFS: _RIGHT,
    ENOSPC: _SPACE,
    EDQUOT: _SPACE,
    EFBIG: _SPACE,
    EMFILE: "raise the number of files that may be open (ulimit -n)",
    ENFILE: "raise the number of files that may be open (ulimit -n)",
    EBADF: "do not close standard streams: redirect them to /dev/null",
}


def fault(reason: BaseException, question: str = "") -> JagraphError:
    """Return the error that ``reason`` is; its exit code is 70 for what can only be a bug.

    ``question`` is all text that the user gave: text that is not Unicode is theirs or the data's.
    """
    reason = alone(reason)
    if isinstance(reason, JagraphError):
        return reason
    if isinstance(reason, UnicodeError):
        return _text(reason, question)
    if isinstance(reason, RecursionError):
        return DataError(
            "too-deep",
            "something is nested too deeply to be read",
            remedy="look for brackets within brackets in the records, the query or the file given",
        )
    if isinstance(reason, MemoryError):
        return OutsideError(
            "out-of-memory",
            "there is not enough memory for this",
            remedy="ask for less, or give the process more memory",
        )
    if isinstance(reason, OSError):
        return _outside(reason)
    if type(reason).__module__ == "sqlite3":  # of an import; not loaded for the comparison alone
        return OutsideError("database", f"SQLite says: {reason}", remedy=_SPACE)
    return JagraphError("bug", f"a bug: {type(reason).__name__}")


def alone(reason: BaseException) -> BaseException:
    """Return the one exception in ``reason``, where that is a group of one."""
    while isinstance(reason, BaseExceptionGroup) and len(reason.exceptions) == 1:
        reason = reason.exceptions[0]
    return reason


def _outside(reason: OSError) -> OutsideError:
    reason_text = reason.strerror or str(reason) or type(reason).__name__
    remedy = _REMEDIES.get(reason.errno or 0, "mend that, then try again")
    if reason.filename is not None:
        named = reason.filename
        place = os.fsdecode(named) if isinstance(named, str | bytes) else f"descriptor {named}"
        what = f"this cannot be used: {reason_text}"
        return OutsideError("unusable-file", what, where=place, remedy=remedy)
    if reason.errno == ENOENT and _is_astray():
        return OutsideError(
            "no-working-folder",
            "the working folder does not exist any more",
            remedy="change to another folder",
        )
    return OutsideError("system", f"the system says: {reason_text}", remedy=remedy)


def _is_astray() -> bool:
    """Tell whether the working folder has been removed."""
    try:
        Path.cwd()
    except OSError:
        return True
    return False


def _text(reason: UnicodeError, question: str) -> JagraphError:
    if isinstance(reason, UnicodeEncodeError) and not _is_unicode(reason.encoding):
        character = reason.object[reason.start]
        return OutsideError(
            "narrow-output",
            f"stdout takes {reason.encoding}, which has no U+{ord(character):04X}",
            remedy="set PYTHONIOENCODING=utf-8, or write to a file with -o",
        )
    theirs = RequestError if _is_broken(question) else DataError
    return theirs(
        "not-unicode",
        f"a text is not Unicode: {getattr(reason, 'reason', reason)}",
        remedy="write it in UTF-8, without halves of surrogate pairs",
    )


def _is_unicode(encoding: str) -> bool:
    return encoding.lower().replace("_", "-").startswith("utf")


def _is_broken(text: str) -> bool:
    """Tell whether ``text`` has what no encoding of Unicode holds."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
