"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from jagraph.errors import OutsideError


def write_whole(path: Path, content: bytes | str) -> None:
    """Write ``content`` to ``path``; when that fails, what was there before is untouched.

    Raises OutsideError when the target cannot be written.
    """
    half: str | None = None
    try:
        handle, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "wb") as out:
            out.write(content.encode() if isinstance(content, str) else content)
        mask = os.umask(0)
        os.umask(mask)
        Path(half).chmod(0o666 & ~mask)
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        Path(half).replace(path)
    except OSError as reason:
        if half is not None:
            Path(half).unlink(missing_ok=True)
        raise OutsideError(
            "not-written",
            f"the file cannot be written: {reason.strerror or reason}",
            where=str(path),
            remedy="choose another place for -o; nothing was changed",
        ) from reason
