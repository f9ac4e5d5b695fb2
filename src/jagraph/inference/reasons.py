"""The reasons of findings and verdicts as messages: rules 10 and 12 write them in English."""

from __future__ import annotations

from typing import TypeVar

from jagraph.core.messages import Message
from jagraph.store.base import Store

Text = TypeVar("Text", bound=str)
SUPPOSED = ("supposed", "supposed-outputs")
_CODES = """
SELECT DISTINCT ?reason ?code ?document ?clause ?by ?holder ?open WHERE {
  {
    ?node jag:messageCode ?code ; jag:reason ?reason .
    BIND(?node AS ?finding)
  }
  UNION
  {
    ?verdict jag:decisiveFinding ?finding ; jag:reason ?reason ; jag:reachedBy ?way ;
      jag:besideUnknown ?open ; jag:decidedFrom/rdfs:label ?holder .
    ?finding jag:messageCode ?code .
    BIND(REPLACE(STR(?way), "^.*/", "") AS ?by)
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


def of_verdict(finding: Text, way: str, holder: str, *, is_open: bool) -> Text | Message:
    """Return the reason of a verdict, given that of its ``finding``.

    The finding reaches the model by ``way``, one of those of rule 11, from the statement of
    ``holder``; ``is_open`` says that an unknown stands beside it.
    """
    reason: Text | Message = finding
    if way != "own":
        reason = Message("reason-from", sentence=reason, holder=holder)
    if way in SUPPOSED:
        reason = Message("reason-if-supposed", sentence=reason)
    if way.endswith("outputs"):
        reason = Message("reason-through-outputs", sentence=reason)
    return Message("reason-beside-unknown", sentence=reason) if is_open else reason


def reasons(store: Store) -> dict[str, Message]:
    """Return the reason of every finding and verdict, as a message, by its English text."""
    found = {}
    for row in store.select(_CODES).dicts():
        given = {name: row[name] for name in ("document", "clause") if row[name]}
        reason = Message(row["code"], **given)
        is_open = row["open"] == "true"
        found[row["reason"]] = of_verdict(
            reason, row["by"] or "own", row["holder"], is_open=is_open
        )
    return found
