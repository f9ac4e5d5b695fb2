"""The saved queries: what they ask, which parameters they take, and how they are run.

A saved query is a SPARQL file that runs as it stands. The lines that begin with ``#+`` are its
header, in YAML: title, description, and for each parameter its kind and a word of explanation. The
parameter's default is the term in its VALUES block; UNDEF there means that it may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import yaml

from jagraph.errors import DataError, RequestError, suggestion
from jagraph.names import Names
from jagraph.project import Project
from jagraph.sparql import bind, values_block
from jagraph.store import Solutions, Store
from jagraph.vocab import PREFIXES, ROOT, iri, is_id

_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_CONCEPTS = """
SELECT ?concept WHERE { ?concept skos:inScheme <%s> } ORDER BY ?concept
"""


@dataclass(frozen=True)
class Parameter:
    """One parameter, bound in the VALUES block of ``variable``.

    ``kind`` is "number", "choice", "concept:SCHEME", or the namespaces of the ids it takes, joined
    by "|".
    """

    name: str
    kind: str
    help: str
    default: str
    variable: str
    choices: tuple[str, ...] = ()

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces of the ids it takes."""
        return tuple(self.kind.split("|"))


@dataclass(frozen=True)
class SavedQuery:
    """One saved query; ``titles`` are those in other languages than English."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    path: Path
    titles: Mapping[str, str]

    def title_in(self, language: str) -> str:
        """Return the title in ``language``, in English where it has no other."""
        return self.titles.get(language, self.title)


def catalogue(project: Project) -> dict[str, SavedQuery]:
    """Read the saved queries of ``project``; raises DataError for a header that cannot be read."""
    return {path.stem: _read(path) for path in sorted(project.queries.glob("*.rq"), key=_stem)}


def _stem(path: Path) -> str:
    return path.stem


def find_query(project: Project, name: str) -> SavedQuery:
    """Return the saved query ``name``; raises RequestError with the nearest names."""
    path = project.queries / f"{name}.rq"
    if not is_id(name) or not path.is_file():
        known = [path.stem for path in project.queries.glob("*.rq")]
        raise RequestError(
            "unknown-query",
            f"there is no saved query {name!r}",
            remedy=suggestion(name, sorted(known), "`jagraph query` lists them"),
        )
    return _read(path)


def bound(query: SavedQuery, given: Mapping[str, str], store: Store) -> str:
    """Return the SPARQL of ``query`` with ``given`` values for its parameters.

    Raises RequestError for a parameter the query does not have or a value of the wrong kind.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    text = query.text
    names: Names | None = None
    for name, value in given.items():
        if name not in parameters:
            known = ", ".join(f"--{known}" for known in parameters) or "none"
            raise RequestError(
                "unknown-parameter",
                f"{query.name} has no parameter --{name}",
                remedy=f"its parameters: {known}",
            )
        parameter = parameters[name]
        if parameter.kind not in ("number", "choice") and names is None:
            names = Names.read(store)
        text = bind(text, parameter.variable, _term(parameter, value, store, names))
    return text


def run(query: SavedQuery, given: Mapping[str, str], store: Store) -> Solutions:
    """Run ``query`` with ``given`` values; ids are resolved against ``store``."""
    return store.select(bound(query, given, store))


def _read(path: Path) -> SavedQuery:
    text = path.read_text(encoding="utf-8")
    header = "\n".join(line[2:] for line in text.splitlines() if line.startswith("#+"))
    try:
        # "#+ key: value" keeps one blank in front of every line, which YAML does not mind
        head = yaml.load(header, Loader=yaml.CSafeLoader)
        described = head.get("parameters", {})
        parameters = tuple(
            Parameter(
                name=name,
                kind=about["kind"],
                help=about["help"],
                default=_default(path, text, about.get("variable", name)),
                variable=about.get("variable", name),
                choices=tuple(str(choice) for choice in about.get("choices", ())),
            )
            for name, about in described.items()
        )
        titles = {str(lang): str(title) for lang, title in head.get("titles", {}).items()}
        return SavedQuery(
            path.stem, head["title"], head["description"], parameters, text, path, titles
        )
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as reason:
        raise DataError(
            "bad-query-header",
            f"the header cannot be read: {reason}",
            where=str(path),
            remedy="begin with '#+ title: …' and '#+ description: …'; see queries/README.md",
        ) from reason


def _default(path: Path, text: str, name: str) -> str:
    block = values_block(text, name)
    if block is None:
        raise DataError(
            "bad-query-header",
            f"the parameter {name!r} has no VALUES ?{name} {{ … }} with a default",
            where=str(path),
            remedy="add the block, or take the parameter out of the header",
        )
    default = text[block[0] : block[1]].strip()
    for prefix, namespace in PREFIXES.items():
        if default.startswith(prefix + ":"):
            return default.removeprefix(prefix + ":")
        if default.startswith(f"<{namespace}"):
            return default.removeprefix(f"<{namespace}").removesuffix(">")
    return "" if default == "UNDEF" else default.strip('"')


def _term(parameter: Parameter, value: str, store: Store, names: Names | None) -> str:
    if parameter.kind == "number":
        digits = value.replace(",", "").replace("_", "")
        if not digits.isascii() or not digits.isdigit():
            raise RequestError(
                "bad-parameter",
                f"--{parameter.name} is a number, not {value!r}",
                remedy="write digits, such as 8192 or 8,192",
            )
        return str(ox.Literal(digits, datatype=_INTEGER))
    if parameter.kind == "choice":
        if value not in parameter.choices:
            raise RequestError(
                "bad-parameter",
                f"--{parameter.name} cannot be {value!r}",
                remedy="one of: " + ", ".join(parameter.choices),
            )
        return str(ox.Literal(value))
    if parameter.kind.startswith("concept:"):
        scheme = parameter.kind.removeprefix("concept:")
        known = [
            row["concept"].removeprefix(f"{ROOT}{scheme}/")
            for row in store.select(_CONCEPTS % (ROOT + scheme)).dicts()
        ]
        if not is_id(value) or value not in known:
            raise RequestError(
                "bad-parameter",
                f"--{parameter.name} cannot be {value!r}",
                remedy=suggestion(value, known, "one of: " + ", ".join(known)),
            )
        return f"<{iri(scheme, value)}>"
    if names is None:
        names = Names.read(store)
    return f"<{names.find(value, parameter.namespaces)}>"
