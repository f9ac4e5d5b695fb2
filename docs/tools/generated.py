"""Pages of which a part is written by the code: what stands below a mark.

``python -m docs.tools.generated`` writes those parts anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import pyoxigraph as ox
from docs.tools import errors

from jagraph.core.namespaces import JAG
from jagraph.core.namespaces import ROOT as THING
from jagraph.records.context import Key, read_context
from jagraph.store.base import EmbeddedStore

ROOT = Path(__file__).parents[2]
MARK = "<!-- What follows is written by `make docs`. -->\n"
_TERM = re.compile(r"^\| (.+?) \| `(jag:\w+|[\w-]+/[\w-]+)` \|.*\|$", re.M)
_WORDS = "SELECT ?term ?text { ?term skos:definition ?text FILTER(LANG(?text) = 'en') }"
_RANGES = "SELECT ?term ?kind { ?term schema:rangeIncludes ?kind }"
_RELATIONS = """
SELECT ?term WHERE {
  { ?term rdfs:subPropertyOf jag:derivedFrom } UNION { VALUES ?term { jag:trainedOnOutputOf } }
}
ORDER BY ?term
"""
_DATATYPES = {
    "anyURI": "a web address",
    "boolean": "true or false",
    "date": "a date, `2025-01-27`",
    "integer": "a number",
    "quantity": "a number as people write it, such as `7b`",
}
# keys whose property another vocabulary defines
_BORROWED = {
    "names": "The name in other languages, where an edition writes it differently.",
    "aliases": "Other names by which it may be asked for.",
    "description": "What it is, in your own words.",
    "note": "What the curator has to say on it.",
    "url": "Its page, or the text of a licence.",
    "languages": "The languages of a dataset, as their tags (BCP 47).",
    "date": "When the text of a licence, or the edition, was issued.",
}
_CONCEPTS = "SELECT ?term { ?term skos:inScheme ?scheme } ORDER BY ?term"


def rules(page: str) -> str:
    """Return docs/rules.md with each rule and the comment at its top."""
    lines = ["\n| rule | what follows |\n", "|---|---|\n"]
    for path in sorted((ROOT / "ontology/rules").glob("*.rq")):
        top = takewhile(lambda line: line[:1] == "#", path.read_text(encoding="utf-8").splitlines())
        text = " ".join(line.lstrip("# ") for line in top if not line.startswith("#+"))
        lines.append(f"| `{path.stem}` | {errors.cell(text)} |\n")
    return _above(page) + MARK + "".join(lines)


def glossary(page: str) -> str:
    """Return docs/glossary.md with the definition that the ontology has of each of its terms."""
    known = {row["term"]: row["text"] for row in _ontology().select(_WORDS).dicts()}

    def defined(row: re.Match[str]) -> str:
        term = JAG + row[2].removeprefix("jag:") if row[2].startswith("jag:") else THING + row[2]
        return f"| {row[1]} | `{row[2]}` | {errors.cell(known[term])} |"

    return _TERM.sub(defined, page)


def records(page: str) -> str:
    """Return docs/records.md with every key a record may have."""
    ontology = _ontology()
    known = {row["term"]: row["text"] for row in ontology.select(_WORDS).dicts()}
    values = defaultdict(list)
    for row in ontology.select(_CONCEPTS).dicts():
        scheme, _, name = row["term"].removeprefix(THING).rpartition("/")
        values[scheme].append(f"`{name}`")
    values["relation"] = [
        f"`{row['term'].removeprefix(JAG)}`" for row in ontology.select(_RELATIONS).dicts()
    ]
    ranges = {row["term"]: row["kind"] for row in ontology.select(_RANGES).dicts()}
    lines = ["\n| key | value | what it says |\n", "|---|---|---|\n"]
    for key in read_context(ROOT / "ontology/context.jsonld").keys.values():
        text = errors.cell(known.get(key.predicate) or _BORROWED[key.name])
        lines.append(f"| `{key.name}` | {_value(key, values, ranges)} | {text} |\n")
    return _above(page) + MARK + "".join(lines)


def _value(key: Key, values: dict[str, list[str]], ranges: dict[str, str]) -> str:
    """Return what may stand behind ``key``."""
    if key.base and not key.container:
        scheme = key.base.removeprefix(THING).rstrip("/")
        if scheme.endswith("#"):
            scheme = "relation"
        return "one of: " + ", ".join(values[scheme]) if scheme in values else f"{scheme} id"
    kind = ranges.get(key.predicate, "")
    if kind.startswith(JAG) and kind.removeprefix(JAG) != "quantity":
        return "a mapping"
    text = _DATATYPES.get(key.datatype.rpartition("#")[2], "text")
    return f"{text} by language" if key.container == "@language" else text


def _ontology() -> EmbeddedStore:
    store = ox.Store()
    text = (ROOT / "ontology/jagraph.ttl").read_text(encoding="utf-8")
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    return EmbeddedStore(store)


def error_codes(page: str) -> str:
    """Return docs/errors.md with every code."""
    return _above(page) + MARK + errors.lists()


PAGES: dict[Path, Callable[[str], str]] = {
    ROOT / "docs/errors.md": error_codes,
    ROOT / "docs/glossary.md": glossary,
    ROOT / "docs/records.md": records,
    ROOT / "docs/rules.md": rules,
}


def _above(page: str) -> str:
    return page.partition(MARK)[0]


if __name__ == "__main__":
    for path, write in PAGES.items():
        path.write_text(write(path.read_text(encoding="utf-8")), encoding="utf-8")
