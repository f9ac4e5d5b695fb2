"""A judgement as text for a terminal: one line per use, with its proof below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jagraph.core.namespaces import shorten
from jagraph.domain.obligations import Condition, Duty
from jagraph.domain.verdicts import GROUPS, WAYS, Judgement, Step, Term, Verdict
from jagraph.graph.provenance import notice

# what an answer is called; scripts rely on these words
WORDS = {
    "yes": "yes",
    "with-duties": "yes, with duties",
    "only-if": "only if",
    "unknown": "not known",
    "no": "no",
}
_HEADINGS = {"use-it": "use it", "pass-it-on": "pass it on", "build-on-it": "build on it"}
_NAMES = {
    "passes": "this model's name does",
    "check": "this model's name does but for case, spaces or hyphens: check",
    "fails": "this model's name does not",
    "unknown": "the name on the Hub is not known",
}


def as_text(found: Judgement) -> str:
    """Return ``found`` as text for a terminal.

    The line of a use is "  USE: ANSWER", with one of WORDS for the answer. What all uses share that
    are not barred is said once, after them.
    """
    lines = [f"{found.name}  [{shorten(found.model)}]"]
    shared = _shared(found.verdicts)
    for group, uses in GROUPS.items():
        verdicts = [verdict for verdict in found.verdicts if verdict.use in uses]
        if verdicts and len(found.verdicts) > 1:
            lines.append(f"[{_HEADINGS[group]}]")
        for verdict in verdicts:
            lines += _verdict(verdict, shared)
    if shared:
        lines.append("[for each of these that is not barred]")
        lines += shared
    if found.conflicts or found.adds_up:
        lines.append("[licences side by side]")
        lines += [f"  {conflict.kind}: {conflict.reason}" for conflict in found.conflicts]
        lines += [f"  adds up: {name} binds too, without contradiction" for name in found.adds_up]
    for way, words in WAYS.items():
        if mine := [term for term in found.terms if term.way == way]:
            lines.append(f"[terms {words}]")
            lines += [f"  {_term(term)}" for term in mine]
    lines.append("[known by]")
    lines += list(_known(found))
    lines += [f"  caveat: {text}" for text in found.caveats]
    lines.append(footer(found))
    return "\n".join(lines) + "\n"


def footer(found: Judgement) -> str:
    """Return the line every answer ends with."""
    return notice(found.rules, found.date)


def _shared(verdicts: Iterable[Verdict]) -> list[str]:
    """Return the lines that every use has which is not barred; none where there is only one."""
    blocks = [list(_details(verdict)) for verdict in verdicts if verdict.answer != "no"]
    if len(blocks) < 2:
        return []
    return [line for line in blocks[0] if all(line in block for block in blocks[1:])]


def _verdict(verdict: Verdict, shared: list[str]) -> Iterator[str]:
    yield f"  {verdict.use}: {WORDS[verdict.answer]}"
    yield f"    because {verdict.reason}"
    yield from (line for line in _details(verdict) if line not in shared)


def _details(verdict: Verdict) -> Iterator[str]:
    if verdict.note:
        clause = f"clause {verdict.clause}: " if verdict.clause else ""
        yield f"    {clause}{verdict.note}"
    for condition in verdict.conditions:
        yield f"    {_condition(condition)}"
    for duty in verdict.duties:
        yield f"    {_duty(duty)}"
    if verdict.words or verdict.position:
        cell = f" <{verdict.stated}>" if verdict.stated else ""
        place = f"  {verdict.position}" if verdict.position else ""
        yield f'    stated "{verdict.words}"{cell}{place}'
    yield from (f"    via {_step(step)}" for step in verdict.path)


def _condition(condition: Condition) -> str:
    kind = "do first" if condition.kind == "act" else "only if it holds"
    return f"{kind}: {condition.reason}{_supposed(condition.supposed)}"


def _duty(duty: Duty) -> str:
    clause = f", clause {duty.clause}" if duty.clause else ""
    text = f"duty: {duty.action}: {duty.document}{clause}"
    text += "".join(f' "{words}"' for words in duty.wording)
    if duty.prefix:
        text += f' (begins with "{duty.prefix}"'
        text += f"; {_NAMES[duty.name]})" if duty.name else ")"
    if duty.url:
        text += f" {duty.url}"
    return text + _supposed(duty.supposed)


def _supposed(supposed: bool) -> str:
    return ", if the derivation is as supposed" if supposed else ""


def _step(step: Step) -> str:
    doubt = "" if step.certain else " (not certain)"
    place = f"  {step.position}" if step.position else ""
    return (
        f'{step.child} {step.relation} {step.parent}{doubt} "{step.words}" <{step.stated}>{place}'
    )


def _known(found: Judgement) -> Iterator[str]:
    for document in found.documents:
        version = f", text of {document.version}" if document.version else ""
        risks = f"; risks: {', '.join(document.risks)}" if document.risks else ""
        yield f"  {document.name}: read: {document.read}{version}{risks}"
    known = found.knowledge
    yield (
        f"  data: {known.datasets} datasets named, {known.datasets_with_license} with a licence on"
        f" record, {known.datasets_restricted} of them non-commercial;"
        f" {known.undisclosed_stages} training stages not disclosed in full"
    )
    yield (
        f"  teachers: {known.teachers} named, {known.teachers_with_license} with a licence on"
        " record"
    )


def _term(term: Term) -> str:
    clause = f", clause {term.clause}" if term.clause else ""
    limit = f" up to {term.threshold}" if term.threshold else ""
    prefix = f' (begins with "{term.prefix}")' if term.prefix else ""
    doubt = f" [{term.confidence} confidence]" if term.confidence not in ("", "high") else ""
    return f"{term.rule} {term.action}{limit}{prefix}: {term.document}{clause}{doubt}"
