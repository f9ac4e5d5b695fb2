"""What a saved query asks, takes and answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jagraph.query.catalogue import Parameter, SavedQuery
from jagraph.query.parameters import Choice


@dataclass(frozen=True)
class ParameterDescription:
    """One parameter, and the values there are for it."""

    parameter: Parameter
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class QueryDescription:
    """A saved query, its parameters with their values, and what its columns mean by their names."""

    saved: SavedQuery
    parameters: tuple[ParameterDescription, ...]
    columns: dict[str, str]


def describe(
    saved: SavedQuery, choices: Callable[[Parameter], Sequence[Choice]], language: str = "en"
) -> QueryDescription:
    """Return the description of ``saved``; ``choices`` gives the values of a parameter."""
    return QueryDescription(
        saved,
        tuple(
            ParameterDescription(parameter, tuple(choices(parameter)))
            for parameter in saved.parameters
        ),
        {column.name: column.meaning_in(language) for column in saved.columns},
    )
