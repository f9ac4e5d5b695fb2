"""Lists the files of a project, alike for those who read them and those who only look at them.

A hidden file is none of them: editors keep locks and copies under such names (``.#ume.yaml``).
"""

from __future__ import annotations

import os


def inside(folder: str, ending: str) -> list[os.DirEntry[str]]:
    """Return what in ``folder`` has a name with this ``ending``; raises OSError."""
    with os.scandir(folder) as entries:
        return [e for e in entries if e.name.endswith(ending) and not e.name.startswith(".")]


def below(folder: str) -> list[str]:
    """Return the folders in ``folder``; raises OSError, also for a link that leads nowhere."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                found.append(entry.path)
            elif entry.is_symlink():
                os.stat(entry.path)
    return found
