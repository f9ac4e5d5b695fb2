"""Running the saved queries: values become terms, terms take the place of the defaults."""

from __future__ import annotations

import pyoxigraph as ox

from jagraph.core.errors import RequestError, suggestion
from jagraph.core.messages import Message
from jagraph.core.namespaces import ROOT, iri
from jagraph.query.name_resolver import Names
from jagraph.store.admission import Admitted

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jagraph.query.catalogue import Parameter, SavedQuery
    from jagraph.store.base import Solutions, Store

_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_MOST_DIGITS = 18
_CONCEPTS = """
SELECT ?concept WHERE { ?concept skos:inScheme <%s> } ORDER BY ?concept
"""


def bound(
    query: SavedQuery, given: Mapping[str, str], store: Store, names: Names | None = None
) -> str:
    """Return the SPARQL of ``query`` with ``given`` values for its parameters.

    An empty value leaves a parameter out that may be left out. ``names`` spares reading those of
    ``store`` again. Raises RequestError for a parameter the query does not have or a value of the
    wrong kind.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    terms: list[tuple[int, int, str]] = []
    for name, value in given.items():
        if name not in parameters:
            raise RequestError(
                "unknown-parameter",
                Message("error-unknown-parameter", query=query.name, option=name),
                remedy=Message("help-parameters", options=tuple(parameters)),
            )
        parameter = parameters[name]
        if not value and not parameter.required:
            continue
        if parameter.namespaces and names is None:
            names = Names.read(store)
        terms.append((*parameter.place, _term(parameter, value, store, names)))
    text = query.text
    for start, end, term in sorted(terms, reverse=True):  # from the end: places before it stay
        text = f"{text[:start]} {term} {text[end:]}"
    return Admitted(text) if query.admissible else text


def given_once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return values by parameter; raises RequestError for a parameter with two of them."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise RequestError(
                "bad-parameter",
                Message("error-parameter-twice", option=name),
                remedy=Message("help-give-once"),
            )
        found[name] = value
    return found


def run(
    query: SavedQuery, given: Mapping[str, str], store: Store, names: Names | None = None
) -> Solutions:
    """Run ``query`` with ``given`` values; ids are resolved against ``store``."""
    return store.select(bound(query, given, store, names))


def _term(parameter: Parameter, value: str, store: Store, names: Names | None) -> str:
    if parameter.kind == "number":
        return _number(parameter, value)
    if parameter.kind == "choice":
        return str(ox.Literal(_one_of(parameter, value, list(parameter.choices))))
    if scheme := parameter.scheme:
        known = [
            row["concept"].removeprefix(f"{ROOT}{scheme}/")
            for row in store.select(_CONCEPTS % (ROOT + scheme)).dicts()
        ]
        return f"<{iri(scheme, _one_of(parameter, value, known))}>"
    names = names or Names.read(store)
    return f"<{names.find(value, parameter.namespaces)}>"


def _number(parameter: Parameter, value: str) -> str:
    digits = value.replace(",", "").replace("_", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > _MOST_DIGITS:
        raise RequestError(
            "bad-parameter",
            Message("error-parameter-not-number", option=parameter.name, value=repr(value)),
            remedy=Message("help-digits", most=_MOST_DIGITS),
        )
    return str(ox.Literal(digits, datatype=_INTEGER))


def _one_of(parameter: Parameter, value: str, known: list[str]) -> str:
    if value not in known:
        raise RequestError(
            "bad-parameter",
            Message("error-parameter-value", option=parameter.name, value=repr(value)),
            remedy=suggestion(value, known, Message("help-one-of", choices=tuple(known))),
        )
    return value
