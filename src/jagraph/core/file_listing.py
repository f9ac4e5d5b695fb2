"""Lists the files of a project, alike for those who read them and those who only look at them.

A hidden file is none of them: editors keep locks and copies under such names (``.#ume.yaml``).
"""

from __future__ import annotations

import os


def inside(folder: str, ending: str) -> list[os.DirEntry[str]]:
    """Return what in ``folder`` has a name with this ``ending``; raises OSError."""
    return [entry for entry in _shown(folder) if entry.name.endswith(ending)]


def below(folder: str) -> list[str]:
    """Return the folders in ``folder``; raises OSError, also for a link that leads nowhere."""
    return [entry.path for entry in _shown(folder) if _is_folder(entry)]


def alike(folder: str, endings: tuple[str, ...]) -> list[os.DirEntry[str]]:
    """Return what in ``folder``, however deep, has one of ``endings`` in small letters or others.

    That is what is read, and what may be meant to be read. Links to folders are followed in
    ``folder`` itself, as by ``below``. Raises OSError.
    """
    files, waiting = [], []
    for entry in _shown(folder):
        if _is_folder(entry):
            waiting.append(entry.path)
        elif entry.name.lower().endswith(endings):
            files.append(entry)
    while waiting:
        for entry in _shown(waiting.pop()):
            if entry.name.lower().endswith(endings):
                files.append(entry)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
    return files


def _shown(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if not entry.name.startswith(".")]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether ``entry`` is a folder or a link to one; raises OSError for one to nowhere."""
    if entry.is_dir():
        return True
    if entry.is_symlink():
        os.stat(entry.path)
    return False
