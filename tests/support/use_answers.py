"""The answers about uses, computed in plain Python: to hold the rules against.

Nothing here reads a rule: the uses and their needs are written out, a text is read term by term,
and who is reached by whose licence is found by walking from edge to edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NO, UNKNOWN, ONLY_IF, WITH_DUTIES, YES = range(5)
NAMES = ("no", "unknown", "only-if", "with-duties", "yes")

# what takes a purpose in, itself first
WIDER = {
    "any": ("any",),
    "commercial": ("commercial", "any"),
    "non-commercial": ("non-commercial", "any"),
    "research": ("research", "non-commercial", "any"),
    "evaluation": ("evaluation", "research", "non-commercial", "any"),
    "personal": ("personal", "non-commercial", "any"),
}
# what nobody may do without a grant that was read
EXCLUSIVE = {"use", "distribution", "derivative-works"}
# terms that allow none beside their own licence
SHUTTING = {"share-alike", "same-license", "additional-terms"}
# what a label may not drop unsaid, by a prohibition, a condition or a duty
RESTRICTIONS = {
    *("commercial-use", "distribution", "derivative-works", "train-other-models", "hosting"),
    *("use-outputs", "share-alike", "same-license", "naming", "display-notice", "use-policy"),
    *("pass-on-policy", "disclose-source", "threshold", "ask-first", "apply-first"),
    *("registration", "territory", "non-competing"),
}
# exceptions from a prohibition that leave most of what it is about free
LEAVING_MOST = {"other-than-foundation-models", "non-competing-models"}
WEIGHTS, TEACHING, OUTPUTS = range(3)
# through what a relation passes terms on; the weakest of a path counts
CARRIERS = {"distilledFrom": TEACHING, "trainedOnOutputOf": OUTPUTS}
REACH = ("weights", "distillation", "outputs")


@dataclass(frozen=True)
class Use:
    """What one may want to do: the rights it needs, for what, and what it makes fall due."""

    needs: tuple[str, ...]
    purpose: str
    brings: tuple[str, ...]
    of_outputs: bool = False
    takes_weights: bool = False
    # passing a derivative on is for its parents the release of a derivative
    passes_on: bool = False
    needs_of_parent: tuple[str, ...] = ()
    brings_of_parent: tuple[str, ...] = ()


_PASSING = {
    "takes_weights": True,
    "passes_on": True,
    "needs_of_parent": ("derivative-works",),
    "brings_of_parent": ("release",),
}
USES = {
    "research": Use(("use",), "research", ("use",)),
    "internal": Use(("use",), "commercial", ("use",)),
    "host": Use(("use", "hosting"), "commercial", ("use", "hosting")),
    "outputs": Use(("use", "use-outputs"), "commercial", ("use",), of_outputs=True),
    "redistribute": Use(("distribution",), "any", ("distribution",), **_PASSING),  # type: ignore[arg-type]
    "ship": Use(("distribution",), "commercial", ("distribution",), **_PASSING),  # type: ignore[arg-type]
    "derive": Use(("derivative-works",), "any", ("modification",), takes_weights=True),
    "release": Use(
        ("derivative-works", "distribution"),
        "any",
        ("distribution", "release"),
        takes_weights=True,
        passes_on=True,
    ),
    "train": Use(("use", "train-other-models"), "any", ("use", "training"), of_outputs=True),
}


@dataclass(frozen=True)
class Term:
    """One term of a licence or footnote."""

    rule: str
    action: str
    reaches: tuple[str, ...] = ("weights",)
    purpose: str = ""
    limits: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    doubted: bool = False
    # what it leaves free is most of what it is about
    leaves_most: bool = False


@dataclass(frozen=True)
class Document:
    """A licence, or a footnote with terms: of that nothing is asked but what it says."""

    terms: tuple[Term, ...]
    read: str = "whole"
    is_license: bool = True
    is_service: bool = False
    may_become: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A licence statement; one without licences and footnotes says that none is stated."""

    licenses: tuple[str, ...] = ()
    to_choose: bool = False
    certain: bool = True
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """A direct edge to a parent."""

    parent: str
    relation: str
    certain: bool = True


@dataclass(frozen=True)
class Model:
    """What is recorded of a model."""

    statements: tuple[str, ...]
    developers: frozenset[str] = frozenset()
    derivations: tuple[Derivation, ...] = ()
    is_service: bool = False
    has_further_parent: bool = False


@dataclass(frozen=True)
class Records:
    """Models, licence statements and documents, each by its id."""

    models: Mapping[str, Model]
    statements: Mapping[str, Statement]
    documents: Mapping[str, Document]


@dataclass(frozen=True)
class Answer:
    """An answer, and what it would be without the doubts that make it not known."""

    may: str
    otherwise: str | None = None


def answers(records: Records) -> dict[tuple[str, str], Answer]:
    """The answer for every model and use."""
    return {(name, use): answer(records, name, use) for name in records.models for use in USES}


def answer(records: Records, name: str, use: str) -> Answer:
    """The weakest of all that reaches the model ``name``."""
    wanted, model = USES[use], records.models[name]
    sure: list[tuple[int, int]] = []  # (what counts, what it is if a doubtful label is right)
    supposed: list[int] = []
    for statement in model.statements:
        sure += said(records, statement, wanted, WEIGHTS, own=True)
    reached = reaching(records, name)
    for statement, carrier, surely in reached:
        found = said(records, statement, wanted, carrier, own=False)
        if surely:
            sure += found
        else:
            supposed += [counts for counts, _ in found]
    if model.is_service and wanted.takes_weights:
        sure.append((NO, NO))
    doubts = [further_parent(records, name), wanted.passes_on and cannot_both(records, name)]
    firm = min([counts for counts, _ in sure] + [UNKNOWN for doubt in doubts if doubt])
    plain = min(plain for _, plain in sure)
    may = firm
    if supposed and min(supposed) < firm:
        may = WITH_DUTIES if min(supposed) == WITH_DUTIES else UNKNOWN
    otherwise = NAMES[plain] if may == UNKNOWN and plain > UNKNOWN else None
    return Answer(NAMES[may], otherwise)


def said(
    records: Records, name: str, use: Use, carrier: int, *, own: bool
) -> Iterator[tuple[int, int]]:
    """What each part of one statement allows, and what it would if its label is right."""
    statement = records.statements[name]
    if not statement.licenses and carrier == WEIGHTS:
        yield UNKNOWN, UNKNOWN  # through distillation and outputs it is a caveat
    texts = {text: records.documents[text] for text in statement.licenses}
    allowed = {text: allowance(document, use, carrier, own=own) for text, document in texts.items()}
    beside = any(not document.is_service for document in texts.values())
    if statement.to_choose:
        # who chooses takes the freest; one of which nothing comes along leaves all free
        found = [max(YES if one is None else one for one in allowed.values())]
    else:
        # terms of a service bind who holds its account: they decide on the service alone
        found = [
            one
            for text, one in allowed.items()
            if one is not None and not (texts[text].is_service and (beside or carrier != WEIGHTS))
        ]
    for one in found:
        yield (UNKNOWN if not statement.certain and one > UNKNOWN else one), one
    for text in statement.footnotes:
        one = allowance(records.documents[text], use, carrier, own=own)
        if one is not None:
            yield one, one


def allowance(document: Document, use: Use, carrier: int, *, own: bool) -> int | None:
    """What one document allows; None where nothing in it is about the use by this way."""
    needs = use.needs if own else (*use.needs, *use.needs_of_parent)
    brings = use.brings if own else (*use.brings, *use.brings_of_parent)
    main = REACH[carrier]
    passing = {main} | ({"outputs"} if use.of_outputs or carrier == TEACHING else set())
    terms = [term for term in document.terms if passing & set(term.reaches)]
    found = [one for term in terms for one in limit(term, use, needs, brings)]
    if document.is_license:
        for right in needs:
            granted = [
                UNKNOWN if term.doubted else grant(term.purpose or "any", use.purpose)
                for term in terms
                if (term.rule, term.action) == ("permission", right)
            ]
            if granted:
                found.append(max(granted))
            elif carrier == WEIGHTS or follows(document, main):
                is_free = document.read == "whole" and right not in EXCLUSIVE
                found.append(YES if is_free else UNKNOWN)
    return min(found, default=None)


def follows(document: Document, main: str) -> bool:
    """Whether the whole licence comes along: it grants the use of what is made so."""
    return any(
        (term.rule, term.action) == ("permission", "use") and main in term.reaches
        for term in document.terms
    )


def grant(granted: str, wanted: str) -> int:
    """What a permission for one purpose is for another."""
    if granted in WIDER[wanted]:
        return YES
    return ONLY_IF if wanted in WIDER[granted] else NO


def limit(term: Term, use: Use, needs: tuple[str, ...], brings: tuple[str, ...]) -> Iterator[int]:
    """What a prohibition, condition or duty leaves of a use; nothing where it is not about it."""
    if term.rule == "prohibition" and term.action in (*needs, "commercial-use"):
        if term.due and not set(term.due) & set(brings):
            return
        implied = "commercial" if term.action == "commercial-use" else "any"
        barred = term.purpose or implied
        if barred in WIDER[use.purpose]:
            yield ONLY_IF if term.leaves_most else NO
        elif use.purpose in WIDER[barred]:
            yield ONLY_IF
    elif term.rule == "condition":
        touched = not term.purpose or grant(term.purpose, use.purpose) != NO
        if touched and (not term.limits or set(term.limits) & set(needs)):
            yield ONLY_IF
    elif term.rule == "duty" and set(term.due) & set(brings):
        yield WITH_DUTIES


def steps(records: Records, name: str, *, open_too: bool) -> Iterator[tuple[str, int, bool]]:
    """Each parent, through what its terms come, and whether it hands its own licence over."""
    model = records.models[name]
    for edge in model.derivations:
        if edge.certain or open_too:
            issuers = records.models[edge.parent].developers
            is_bound = not issuers or bool(issuers - model.developers)
            yield edge.parent, CARRIERS.get(edge.relation, WEIGHTS), is_bound


def reaching(records: Records, name: str) -> set[tuple[str, int, bool]]:
    """The statements of ancestors: each with the weakest carrier of a path, and whether surely."""
    own = set(records.models[name].statements)
    found: dict[bool, set[tuple[str, int]]] = {}
    for open_too in (False, True):
        seen, waiting = {(name, WEIGHTS)}, [(name, WEIGHTS)]
        arrived = set()
        while waiting:
            place, so_far = waiting.pop()
            for parent, carrier, is_bound in steps(records, place, open_too=open_too):
                weakest = max(so_far, carrier)
                if is_bound and parent != name:
                    arrived.add((parent, weakest))
                if (parent, weakest) not in seen:
                    seen.add((parent, weakest))
                    waiting.append((parent, weakest))
        found[open_too] = arrived
    return {
        (statement, carrier, not open_too)
        for open_too, ancestors in ((False, found[False]), (True, found[True] - found[False]))
        for ancestor, carrier in ancestors
        for statement in records.models[ancestor].statements
        if statement not in own
    }


def further_parent(records: Records, name: str) -> bool:
    """Whether somewhere up the weights a parent is not recorded."""
    seen, waiting = {name}, [name]
    while waiting:
        place = waiting.pop()
        if records.models[place].has_further_parent:
            return True
        for parent, carrier, _ in steps(records, place, open_too=True):
            if carrier == WEIGHTS and parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return False


def cannot_both(records: Records, name: str) -> bool:
    """Whether two licences that surely bind exclude each other."""
    statements = [records.statements[one] for one in records.models[name].statements]
    statements += [
        records.statements[one]
        for one, carrier, surely in reaching(records, name)
        if surely and carrier == WEIGHTS
    ]
    binding = {
        text
        for one in statements
        if one.certain and not one.to_choose
        for text in one.licenses
        if not records.documents[text].is_service
    }
    return any(
        excludes(records, one, other) for one in binding for other in binding if one != other
    )


def excludes(records: Records, one: str, other: str) -> bool:
    """Whether the licence ``one`` allows no others' terms, and ``other`` has some that it lacks."""
    first, second = records.documents[one], records.documents[other]
    if other in first.may_become or one in second.may_become:
        return False
    may_add = ("permission", "additional-terms") in {(t.rule, t.action) for t in first.terms}
    shuts = any(term.action in SHUTTING for term in binding_terms(first)) and not may_add
    return shuts and bool(demands(second) - demands(first))


def binding_terms(document: Document) -> list[Term]:
    """Its prohibitions, conditions and duties that come along with weights."""
    return [
        term
        for term in document.terms
        if term.rule in ("prohibition", "condition", "duty") and "weights" in term.reaches
    ]


def demands(document: Document) -> set[str]:
    """The restrictions it puts on what is made from its weights."""
    return {term.action for term in binding_terms(document)} & RESTRICTIONS
