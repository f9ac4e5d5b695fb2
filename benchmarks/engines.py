"""Two SHACL engines, result by result: pyshacl, the reference, and shacl, for data of any size.

A result is what a report says apart from words: focus node, path, value, constraint component,
source shape and severity, each as N-Triples writes it, "" for none. The tests of the engines hold
the two against each other.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections import Counter
from pathlib import Path

import pyoxigraph as ox

from jagraph.core.namespaces import JAG

ROOT = Path(__file__).parents[1]
Result = tuple[str, ...]
# the id in the IRI of a record; concepts such as stage/fine-tuning keep theirs
_RECORD = re.compile(
    r"<https://w3id\.org/jagraph/(?:family|model|dataset|developer|benchmark)/[^#>]+"
)
_REPORTED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?focus ?path ?value ?component ?shape ?severity WHERE {
  ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:sourceShape ?shape ;
    sh:sourceConstraintComponent ?component ; sh:resultSeverity ?severity .
  OPTIONAL { ?result sh:resultPath ?path }
  OPTIONAL { ?result sh:value ?value }
}
"""


def repeat_list(models: int, target: Path) -> int:
    """Write what the records say to ``target``, again under other ids until there are ``models``.

    Each repetition has a model with two names, and one with a key that does not belong to models.
    Returns the number of models, at least that of the list.
    """
    from jagraph.core.project import find_project
    from jagraph.graph.build import read

    triples = read(find_project(ROOT)).triples
    listed = sorted(t.object.value for t in triples if t.predicate.value == f"{JAG}hasModel")
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()
    text += f'<{listed[0]}> <{JAG}name> "a second name" .\n<{listed[1]}> <{JAG}order> "1" .\n'
    repetitions = max(1, models // len(listed))
    with target.open("w", encoding="utf-8") as out:
        out.write(text)
        for number in range(1, repetitions):
            out.write(_RECORD.sub(rf"\g<0>-copy-{number}", text))
    return repetitions * len(listed)


def by_pyshacl(triples: Path, shapes: Path) -> Counter[Result]:
    """Return how often pyshacl reports each result on the N-Triples file ``triples``."""
    import rdflib
    from pyshacl import validate

    rdflib.NORMALIZE_LITERALS = False  # pyshacl sets it again when it is done
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # ill-typed literals are results
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Parsing weird boolean", UserWarning)
        data = rdflib.Graph().parse(triples, format="nt")
        known = rdflib.Graph().parse(shapes, format="turtle")
        _, report, _ = validate(data, shacl_graph=known, inference="none", advanced=False)
    store = ox.Store()
    store.bulk_load(report.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    rows = store.query(_REPORTED)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101, of a SELECT
    return Counter(tuple("" if term is None else str(term) for term in row) for row in rows)


def by_shacl(triples: Path, shapes: Path) -> Counter[Result]:
    """Return how often shacl reports each result on the N-Triples file ``triples``."""
    import shacl

    report = shacl.Shapes.from_file(str(shapes)).validate_file(str(triples))
    return Counter(
        (
            _term(result.focus_node),
            _term(result.path),
            _term(result.value),
            f"<{result.component_iri}>",
            _term(result.source_shape),
            f"<{result.severity_iri}>",
        )
        for result in report.results
    )


def _term(written: str | None) -> str:
    """Return a term as pyoxigraph writes it: "a"^^xsd:string and "a" are one."""
    if not written:
        return ""
    if not written.startswith(("<", '"', "_:")):
        written = f"<{written}>"
    line = f"<x:x> <x:x> {written} ."
    return str(next(iter(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))).object)
