"""By which rules and which data an answer was given, and the line that says so."""

from __future__ import annotations

from jagraph.store.base import Store

_VERSIONS = """
SELECT ?version ?date WHERE {
  <https://w3id.org/jagraph/vocab> owl:versionInfo ?version .
  { SELECT (MAX(?issued) AS ?date) WHERE { ?edition a jag:Edition ; dcterms:issued ?issued } }
}
"""


def versions(store: Store) -> tuple[str, str]:
    """Return the version of the rules and the date of the newest edition, "" where unknown."""
    row = next(store.select(_VERSIONS).dicts(), {"version": "", "date": ""})
    return row["version"], row["date"]


def notice(rules: str, date: str) -> str:
    """Return the line every answer about terms ends with."""
    return f"Not legal advice: check the texts. Rules {rules}, data of {date}."
