"""What click's commands say of their options, in plain values for ``plain_arguments``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from jagraph.cli.plain_arguments import FLAG, FOLDER, OTHER, PATH, PLAIN, TEXT
from jagraph.core.disk_memo import OPTIONS, remember
from jagraph.core.file_stamps import TICK, last_change, listing, stamp

Table = dict[str, Any]
_ANY_PATH = click.Path(path_type=Path)


def remember_tables(group: click.Group) -> None:
    """Keep the tables of the plain verbs in ``group``, unless the code may still change unseen."""
    seen, newest = listing(FOLDER, ".py")
    installed = stamp(click.__file__)
    tables = {verb: table_of(command(group, verb)) for verb in PLAIN}
    if max(newest, last_change(installed)) < time.time_ns() - TICK:
        remember(OPTIONS, FOLDER, seen, {"click": installed, "tables": tables})


def command(group: click.Group, verb: str) -> click.Command:
    """Return the command of ``verb``."""
    found = group.get_command(click.Context(group), verb)
    assert found is not None  # noqa: S101, it is one of ours
    return found


def table_of(command: click.Command) -> Table:
    """Return the table of ``command``; see ``plain_arguments.read``."""
    options: dict[str, tuple[str, object, bool]] = {}
    arguments: list[tuple[str, bool, bool]] = []
    defaults: dict[str, Any] = {}
    context = click.Context(command, **command.context_settings)
    for parameter in command.params:
        name = str(parameter.name)
        given = parameter.get_default(context)
        again = parameter.multiple or parameter.nargs == -1
        # what has no default has a mark of click's own, which it turns into None
        defaults[name] = () if again else given if isinstance(given, str | int) else None
        if isinstance(parameter, click.Argument):
            arguments.append((name, again, parameter.required))
        else:
            kind = _kind(parameter)
            options |= dict.fromkeys(parameter.opts, (name, kind, parameter.multiple))
    return {
        "options": options,
        "arguments": arguments,
        "defaults": defaults,
        "lenient": context.ignore_unknown_options,
    }


def _kind(option: click.Parameter) -> object:
    """Return what values ``option`` takes, OTHER where only click can tell."""
    kind = option.type
    if not isinstance(option, click.Option) or option.name == "wants_help" or option.callback:
        return OTHER
    if option.is_flag:
        return FLAG
    if isinstance(kind, click.Choice):
        return tuple(map(str, kind.choices))
    if isinstance(kind, click.IntRange):
        return [kind.min, kind.max]
    if isinstance(kind, type(click.INT)):
        return [None, None]
    if isinstance(kind, type(click.STRING)):
        return TEXT
    return PATH if vars(kind) == vars(_ANY_PATH) else OTHER
