"""Counts what a question passes on its way through the code, from the command line and back.

``python -m docs.tools.walk`` asks which descendants of Llama 2 carry non-commercial terms. A *turn*
is a call from a function of one module into one of another; each pair of modules counts once, each
way. A *room* is a folder of ``src/jagraph``, or a module that stands outside of all.
"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from types import FrameType

import jagraph
from jagraph.__main__ import main

ROOT = Path(jagraph.__file__).parent
QUESTION = "query descendants-with-terms --base llama-2 --terms non-commercial --format tsv"
_LOADING = ("<module>", "<lambda>", "<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>")


def walk(words: list[str]) -> list[tuple[str, str]]:
    """Run the command ``words`` and return its turns, (from, into), in the order of the first."""
    turns: dict[tuple[str, str], None] = {}

    def look(frame: FrameType, event: str, _: object) -> None:
        here = _module(frame) if event == "call" else None
        if here is None:
            return
        caller = frame.f_back
        while caller is not None:
            if there := _module(caller):
                if there != here:
                    turns[there, here] = None
                return
            caller = caller.f_back

    sys.argv = ["jagraph", *words]
    sys.setprofile(look)
    with redirect_stdout(StringIO()), suppress(SystemExit):
        main()
    sys.setprofile(None)
    return list(turns)


def _module(frame: FrameType) -> str | None:
    """Return the module of a frame that is a function of jagraph."""
    code = frame.f_code
    if code.co_name in _LOADING or not code.co_filename.startswith(f"{ROOT}/"):
        return None
    if code.co_flags & 0x02 == 0:  # the body of a class
        return None
    return code.co_filename[len(f"{ROOT}/") :].removesuffix(".py")


def _room(module: str) -> str:
    return module.partition("/")[0]


if __name__ == "__main__":
    taken = walk(sys.argv[1:] or QUESTION.split())
    modules = {module for turn in taken for module in turn}
    rooms = {_room(module) for module in modules}
    doors = {(_room(a), _room(b)) for a, b in taken if _room(a) != _room(b)}
    print(
        f"{len(modules)} modules in {len(rooms)} rooms; {len(taken)} turns from module to module,"
    )
    print(f"{len(doors)} from room to room")
    for door in sorted(doors):
        print(" -> ".join(door))
    for turn in taken:
        print("   ", " -> ".join(turn))
