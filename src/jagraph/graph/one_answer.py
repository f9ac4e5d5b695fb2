"""That every model has exactly one answer about each use, which the rules have to conclude."""

from __future__ import annotations

from jagraph.core.namespaces import shorten
from jagraph.store.base import OpenStore

# an answer without its reason, or with two meanings under one name, is none or two
_NOT_ONE = """
SELECT ?model ?use (COUNT(?may) AS ?answers) WHERE {
  {
    SELECT ?model ?use {
      ?model a jag:Model .
      ?use skos:inScheme <https://w3id.org/jagraph/use>
    }
  }
  OPTIONAL {
    ?model jag:useAnswer ?answer .
    ?answer jag:use ?use ; jag:may ?may ; jag:reason ?reason
  }
}
GROUP BY ?model ?use
HAVING(COUNT(?may) != 1)
ORDER BY ?model ?use
"""


def wrong_answers(store: OpenStore) -> str | None:
    """Return a sentence about the first use of a model that has not one answer, None if all have.

    ``store`` holds all conclusions. A licence that has no record leaves a use without an answer.
    """
    wrong = list(store.select(_NOT_ONE).dicts())
    if not wrong:
        return None
    first = wrong[0]
    others = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    count, use = first["answers"], shorten(first["use"])
    return f"{shorten(first['model'])} has {count} answers about {use}{others}"
