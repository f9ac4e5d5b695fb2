"""The reasons that the rules write in English, as messages: of findings, verdicts and answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from jagraph.core.messages import Message
from jagraph.store.base import Store

Text = TypeVar("Text", bound=str)
_CONCERNS = """
SELECT DISTINCT ?reason ?code ?document ?clause ?by ?supposed ?holder ?open WHERE {
  {
    ?node jag:messageCode ?code ; jag:reason ?reason .
    FILTER NOT EXISTS { ?node a jag:Reading }
    FILTER NOT EXISTS { ?node a jag:UseAnswer }
    BIND(?node AS ?finding)
  }
  UNION
  {
    ?verdict jag:decisiveFinding ?finding ; jag:reason ?reason ; jag:reachedBy ?way ;
      jag:besideUnknown ?open ; jag:decidedFrom/rdfs:label ?holder .
    ?finding jag:messageCode ?code .
    OPTIONAL { ?way jag:supposes ?sure }
    BIND(BOUND(?sure) AS ?supposed)
    BIND(REPLACE(STR(COALESCE(?sure, ?way)), "^.*/", "") AS ?by)
  }
  OPTIONAL {
    ?finding jag:findingTerm ?term .
    ?owner jag:term ?term ; rdfs:label ?title .
    OPTIONAL { ?term jag:clause ?clause }
  }
  OPTIONAL { ?finding jag:findingLicense/rdfs:label ?license }
  BIND(COALESCE(?title, ?license) AS ?document)
}
"""
_READINGS = """
SELECT DISTINCT ?node ?reason ?code ?document ?clause ?action ?purpose ?exception ?amount ?threshold
  ?territory
WHERE {
  ?owner jag:reading ?node ; rdfs:label ?document .
  ?node jag:messageCode ?code ; jag:reason ?reason .
  OPTIONAL { ?node jag:right/skos:notation ?right }
  OPTIONAL {
    ?node jag:readTerm ?term .
    OPTIONAL { ?term jag:action/skos:notation ?does }
    OPTIONAL { ?term jag:clause ?clause }
    OPTIONAL { ?term jag:purpose/skos:notation ?purpose }
    OPTIONAL { ?term jag:except/skos:notation ?exception }
    OPTIONAL { ?term jag:threshold ?amount }
    OPTIONAL { ?term jag:thresholdOf/skos:notation ?threshold }
    OPTIONAL { ?term jag:territory/skos:notation ?territory }
  }
  BIND(COALESCE(?does, ?right) AS ?action)
}
"""
_ANSWERS = """
SELECT DISTINCT ?reason ?code ?reading ?by ?supposed ?holder ?uncertain ?otherwise ?document ?other
  ?unseen
WHERE {
  ?answer a jag:UseAnswer ; jag:reason ?reason ; jag:reachedBy ?way ; jag:decidedBy ?statement ;
    jag:may ?may .
  OPTIONAL { ?answer jag:messageCode ?code }
  OPTIONAL { ?answer jag:decisiveReading ?reading . ?reading jag:may/jag:rank ?rank }
  OPTIONAL { ?answer jag:decidedFrom/rdfs:label ?holder }
  OPTIONAL { ?answer jag:otherwise/skos:notation ?otherwise }
  OPTIONAL { ?statement jag:certain ?certain }
  OPTIONAL { ?statement a jag:UnseenLicenseStatement ; jag:messageCode ?unseen }
  OPTIONAL {
    ?statement jag:conflictLicense/rdfs:label ?document ; jag:conflictOther/rdfs:label ?other .
  }
  OPTIONAL { ?way jag:supposes ?sure }
  BIND(BOUND(?sure) AS ?supposed)
  BIND(REPLACE(STR(COALESCE(?sure, ?way)), "^.*/", "") AS ?by)
  BIND(COALESCE(?may = <https://w3id.org/jagraph/may/unknown> && ?certain = false && ?rank > 1,
       false) AS ?uncertain)
}
"""
# who is meant stands in the sentence itself
_NAMED = ("answer-cannot-both", "answer-further-parents")
_GIVEN = ("purpose", "exception", "amount", "threshold", "territory")


def of_verdict(
    finding: Text, way: str, holder: str, *, supposed: bool, is_open: bool
) -> Text | Message:
    """Return the reason of a verdict, given that of its ``finding``.

    The finding reaches the model by ``way``, one that is sure, from the statement of ``holder``;
    ``supposed`` says that a derivation on it is only supposed, ``is_open`` that an unknown stands
    beside it.
    """
    reason = _reached(finding, way, holder, supposed=supposed)
    return Message("reason-beside-unknown", sentence=reason) if is_open else reason


def of_answer(
    reading: Text,
    way: str,
    holder: str,
    *,
    supposed: bool,
    uncertain: bool,
    otherwise: str,
) -> Text | Message:
    """Return the reason of an answer about a use, given that of its decisive ``reading``.

    ``uncertain`` says that the licence is marked so, ``otherwise`` is the id of the answer there
    would be without the doubt, "" where there is none.
    """
    reason = _reached(reading, way, holder, supposed=supposed)
    if uncertain:
        reason = Message("reason-marked-uncertain", sentence=reason)
    return Message("reason-otherwise", sentence=reason, may=otherwise) if otherwise else reason


def reasons(store: Store) -> dict[str, Message]:
    """Return every reason in ``store``, as a message, by its English text."""
    return {str(message): message for message in _messages(store)}


def _messages(store: Store) -> Iterator[Message]:
    for row in store.select(_CONCERNS).dicts():
        given = {name: row[name] for name in ("document", "clause") if row[name]}
        finding = Message(row["code"], **given)
        is_open, supposed = row["open"] == "true", row["supposed"] == "true"
        yield of_verdict(
            finding, row["by"] or "own", row["holder"], supposed=supposed, is_open=is_open
        )
    readings = {}
    for row in store.select(_READINGS).dicts():
        readings[row["node"]] = _reading(row)
    yield from readings.values()
    for row in store.select(_ANSWERS).dicts():
        base = readings[row["reading"]] if row["reading"] else _bare(row)
        way = "own" if row["code"] in _NAMED else row["by"]
        yield of_answer(
            base,
            way,
            row["holder"],
            supposed=row["supposed"] == "true",
            uncertain=row["uncertain"] == "true",
            otherwise=row["otherwise"],
        )


def _reading(row: dict[str, str]) -> Message:
    document, clause = row["document"], row["clause"]
    sentence = (
        Message("reason-clause", document=document, clause=clause)
        if clause
        else Message("reason-document", document=document)
    )
    given = {name: row[name] for name in _GIVEN if row[name]}
    return Message(row["code"], sentence=sentence, document=document, action=row["action"], **given)


def _bare(row: dict[str, str]) -> Message:
    """Return the reason of an answer that rests on no reading."""
    if row["code"] == "answer-no-license":
        return Message("reason-no-license")
    if row["code"] == "answer-unseen-license":
        return Message(row["unseen"])
    named = ("document", "other", "holder") if row["code"] in _NAMED else ()
    return Message(row["code"], **{name: row[name] for name in named if row[name]})


def _reached(reason: Text, way: str, holder: str, *, supposed: bool) -> Text | Message:
    told: Text | Message = reason
    if way != "own" and holder:
        told = Message("reason-from", sentence=told, holder=holder)
    if supposed:
        told = Message("reason-if-supposed", sentence=told)
    if way in ("distillation", "outputs"):
        told = Message(f"reason-through-{way}", sentence=told)
    return told
