"""The options that select a part of the lineage."""

from __future__ import annotations

from typing import Any

import click


def selection(verb: Any) -> Any:
    """Give ``verb`` the options that select a part of the lineage."""
    for option in reversed(
        (
            click.option("--up", is_flag=True, help="Only what it comes from."),
            click.option("--down", is_flag=True, help="Only what descends from it."),
            click.option(
                "--depth", type=click.IntRange(min=1), help="At most so many derivations away."
            ),
            click.option("--to", "other", metavar="ID", help="The shortest chain to another one."),
        )
    ):
        verb = option(verb)
    return verb
