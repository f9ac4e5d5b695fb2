"""Reads ordinary command lines as click would, without click.

To load click takes longer than most questions take. Its commands are the one definition of every
verb: what they say of the options of verbs that ask is kept in the cache (``plain_tables``), for as
long as the modules of the command line and click itself look the same. Whatever is not plainly one
of these options with a value it takes, such as help, a wrong value or words short for others, is
left to click.
"""

from __future__ import annotations

import os

from jagraph.core.disk_memo import OPTIONS, recall
from jagraph.core.file_stamps import listing, stamp

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from typing import Any

    Table = dict[str, Any]

COMPLETION = "_JAGRAPH_COMPLETE"
PLAIN = ("query", "search", "show", "lineage", "terms")  # verbs whose answer needs no click
FOLDER = os.path.dirname(__file__)
# kinds of values; a choice is the tuple of its values, a whole number the list of its bounds
FLAG, TEXT, PATH, OTHER = "flag", "text", "path", "other"
_MOST_DIGITS = 9


def question(words: list[str]) -> tuple[str, dict[str, Any]] | None:
    """Return the verb and the parameters that click makes of ``words``, None where click must."""
    if words[:1] and words[0] in PLAIN and COMPLETION not in os.environ:
        tables = recalled()
        if tables is not None:
            parameters = read(words[1:], tables[words[0]])
            if parameters is not None:
                return words[0], parameters
    return None


def recalled() -> dict[str, Table] | None:
    """Return the tables in the cache, None where they are not those of the code as it is."""
    try:
        known = recall(OPTIONS, FOLDER, listing(FOLDER, ".py")[0])
        if isinstance(known, dict) and stamp(known["click"][0]) == known["click"]:
            tables: dict[str, Table] = known["tables"]
            return tables
    except OSError:
        pass
    return None


def read(words: list[str], table: Table) -> dict[str, Any] | None:
    """Return the parameters that click makes of ``words`` by its ``table``, None for other words.

    ``options`` of a table has the parameter, kind and whether it may be given again, by option;
    ``arguments`` the parameter, whether it takes all that is left and whether there must be one;
    ``defaults`` what is not given. With ``lenient``, unknown options are arguments.
    """
    found = dict(table["defaults"])
    places: list[str] = []
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=") if word[:2] == "--" else (word, "", "")
        if name not in table["options"]:
            if not _is_argument(word, table["lenient"] and bool(places)):
                return None
            places.append(word)
            continue
        parameter, kind, again = table["options"][name]
        if kind == FLAG and not equals:
            found[parameter] = True
            continue
        taken = _taken(kind, value if equals else next(rest, ""))
        if taken is None:
            return None
        found[parameter] = (*found[parameter], taken) if again else taken
    return found if _placed(places, table["arguments"], found) else None


def _is_argument(word: str, lenient: bool) -> bool:
    if word[:1] != "-" or word == "-":
        return word != ""
    return lenient and word[:2] == "--" and word != "--"


def _taken(kind: object, value: str) -> object:
    """Return ``value`` as click has it, None where click is to look at it."""
    if not value:
        return None
    if kind == TEXT:
        return value
    if isinstance(kind, tuple):
        return value if value in kind else None
    if isinstance(kind, list):
        return _whole(value, *kind)
    if kind == PATH and (os.access(value, os.R_OK) or not os.path.lexists(value)):
        from pathlib import Path

        return Path(value)
    return None


def _whole(value: str, least: int | None, most: int | None) -> int | None:
    if not (value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS):
        return None
    number = int(value)
    within = (least is None or number >= least) and (most is None or number <= most)
    return number if within else None


def _placed(places: list[str], arguments: list[tuple[str, bool, bool]], found: Table) -> bool:
    """Put ``places`` into ``found``; False where there are too few or too many."""
    left = list(places)
    for parameter, takes_all, required in arguments:
        if required and not left:
            return False
        if takes_all:
            found[parameter], left = tuple(left), []
        elif left:
            found[parameter] = left.pop(0)
    return not left
