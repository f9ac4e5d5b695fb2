"""The nine answers of a model or a licence as a page shows them: in groups, what is shared once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from jagraph.core.messages import Message
from jagraph.core.position import Position
from jagraph.domain.license_answers import LicenseAnswer
from jagraph.domain.obligations import Condition, Duty
from jagraph.domain.verdicts import GROUPS, Step, Verdict
from jagraph.views.cells import Cell, relation, thing
from jagraph.views.labels import Reader

_Said = TypeVar("_Said", Condition, Duty)


@dataclass(frozen=True)
class PathStep:
    """One derivation on the way to who decides, with its words, their place and the record."""

    child: Cell
    relation: str
    parent: Cell
    certain: bool
    words: str
    stated: str
    position: Position | None


@dataclass(frozen=True)
class UseRow:
    """The answer about one use, with what it has beside what all uses share.

    ``reason`` is without what the answer would be otherwise, ``extra`` the conditions that the
    reason does not name. ``on_derivatives`` is as in LicenseAnswer.
    """

    use: str
    answer: str
    otherwise: str
    reason: str
    clause: str
    note: str
    conditions: tuple[Condition, ...]
    duties: tuple[Duty, ...]
    words: str = ""
    stated: str = ""
    position: Position | None = None
    path: tuple[PathStep, ...] = ()
    on_derivatives: bool = False

    @property
    def extra(self) -> tuple[Condition, ...]:
        """The conditions that the reason does not name."""
        return tuple(one for one in self.conditions if not _is_reason(one, self))


@dataclass(frozen=True)
class UseGroup:
    """Uses under one heading, a concept of the scheme "use-group"."""

    identifier: str
    rows: tuple[UseRow, ...]


@dataclass(frozen=True)
class UseAnswers:
    """Answers in groups; ``conditions`` and ``duties`` hold for every use that is not barred."""

    groups: tuple[UseGroup, ...]
    conditions: tuple[Condition, ...]
    duties: tuple[Duty, ...]


def of_model(verdicts: Iterable[Verdict], reader: Reader) -> UseAnswers:
    """Return the answers about a model."""
    return _grouped([of_verdict(verdict, reader) for verdict in verdicts])


def of_license(answers: Iterable[LicenseAnswer]) -> UseAnswers:
    """Return what a licence alone would answer."""
    return _grouped(
        [
            UseRow(
                one.use,
                one.answer,
                "",
                one.reason,
                one.clause,
                one.note,
                one.conditions,
                one.duties,
                on_derivatives=one.on_derivatives,
            )
            for one in answers
        ]
    )


def of_verdict(verdict: Verdict, reader: Reader) -> UseRow:
    """Return the answer about one use of a model, with all its conditions and duties."""
    return UseRow(
        verdict.use,
        verdict.answer,
        verdict.otherwise,
        _without_otherwise(verdict.reason, reader),
        verdict.clause,
        verdict.note,
        verdict.conditions,
        verdict.duties,
        verdict.words,
        _place(verdict.stated, reader),
        verdict.position,
        tuple(_step(step, reader) for step in verdict.path),
    )


def _step(step: Step, reader: Reader) -> PathStep:
    return PathStep(
        thing(step.child_iri, reader),
        relation(step.relation, reader),
        thing(step.parent_iri, reader),
        step.certain,
        step.words,
        _place(step.stated, reader),
        step.position,
    )


def _place(stated: str, reader: Reader) -> str:
    return reader.concept("place", stated) if stated else ""


def _without_otherwise(reason: str, reader: Reader) -> str:
    message = reader.labels.message(reason)
    if message is not None and message.key == "reason-otherwise":
        sentence = message.arguments["sentence"]
        return sentence if isinstance(sentence, Message) else str(sentence)
    return reason


def _grouped(rows: Sequence[UseRow]) -> UseAnswers:
    free = [row for row in rows if row.answer != "no"]
    conditions = tuple(_shared([row.conditions for row in free]))
    duties = tuple(_shared([row.duties for row in free]))
    own = [
        replace(
            row,
            conditions=tuple(one for one in row.conditions if one not in conditions),
            duties=tuple(one for one in row.duties if one not in duties),
            note="" if any(_is_reason(one, row) for one in conditions) else row.note,
        )
        for row in rows
    ]
    groups = (
        UseGroup(group, tuple(row for row in own if row.use in uses))
        for group, uses in GROUPS.items()
    )
    return UseAnswers(tuple(group for group in groups if group.rows), conditions, duties)


def _shared(blocks: Sequence[tuple[_Said, ...]]) -> Iterator[_Said]:
    """Yield what every block has; nothing where there is only one."""
    if len(blocks) > 1:
        yield from (one for one in blocks[0] if all(one in block for block in blocks[1:]))


def _is_reason(condition: Condition, row: UseRow) -> bool:
    """Tell whether the reason of ``row`` is ``condition``; it may go on with whom it is from."""
    return row.reason.startswith(condition.reason)
