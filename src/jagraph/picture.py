"""What a lineage picture shows: boxes with a licence class, links by kind, a title and a date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from jagraph.lineage import Edge, Lineage, Model
from jagraph.store import Store
from jagraph.vocab import split

LEVELS = ("model", "family")
_CLASSES = """
SELECT ?model ?class ?license WHERE {
  ?model a jag:Model ; jag:licenseStatement ?statement .
  OPTIONAL { ?statement jag:certain ?mark }
  OPTIONAL {
    ?statement jag:license ?about .
    ?about rdfs:label ?name ; jag:licenseClass ?kind .
  }
  BIND(IF(COALESCE(?mark, true), COALESCE(STR(?kind), "unknown"), "unknown") AS ?class)
  BIND(COALESCE(?name, "") AS ?license)
}
ORDER BY ?model ?class ?license
"""
_DATE = "SELECT (MAX(?date) AS ?newest) WHERE { ?edition a jag:Edition ; dcterms:issued ?date }"
# From free to closed: of several licences of one box the last class is the one that is shown.
CLASSES = (
    "permissive",
    "share-alike",
    "conditional",
    "service-terms",
    "research-only",
    "non-commercial",
    "unknown",
)


@dataclass(frozen=True)
class Box:
    """One model, or one family with those of its models that are shown."""

    key: str
    name: str
    detail: str
    license: str
    license_class: str
    is_root: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, order=True)
class Link:
    """A derivation between two boxes; a link whose source leaves it open is not ``certain``."""

    child: str
    parent: str
    relation: str
    certain: bool = True


@dataclass(frozen=True)
class Picture:
    """What is drawn, before anything has a place."""

    title: str
    date: str
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]


def picture(lineage: Lineage, store: Store, title: str, level: str) -> Picture:
    """Return the picture of ``lineage`` at ``level``, one of LEVELS."""
    classes: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in store.select(_CLASSES).dicts():
        classes[row["model"]].add((row["class"].rpartition("/")[2], row["license"]))
    groups: defaultdict[str, list[Model]] = defaultdict(list)
    for model in lineage.models.values():
        groups[_key(model, level)].append(model)
    boxes = tuple(
        _box(key, models, classes, lineage.roots, level) for key, models in sorted(groups.items())
    )
    return Picture(title, _newest(store), boxes, _links(lineage, level))


def _key(model: Model, level: str) -> str:
    return model.family if level == "family" and model.family else model.iri


def _box(
    key: str,
    models: list[Model],
    classes: dict[str, set[tuple[str, str]]],
    roots: frozenset[str],
    level: str,
) -> Box:
    found = {entry for model in models for entry in classes.get(model.iri, {("unknown", "")})}
    strictest = max((kind for kind, _ in found), key=CLASSES.index)
    licenses = sorted({name for _, name in found if name})
    stated = " / ".join(licenses) or "no licence stated"
    if strictest == "unknown" and licenses:
        stated += " (?)"
    by_size = sorted((model for model in models if model.parameters), key=lambda m: m.count)
    sizes = " ".join(dict.fromkeys(model.parameters for model in by_size))
    if level == "family" and models[0].family:
        count = f"{len(models)} model{'' if len(models) == 1 else 's'}"
        name, detail = models[0].family_name, " · ".join(filter(None, (sizes, count)))
    else:
        name, detail = models[0].name, sizes
    return Box(
        key,
        name,
        detail,
        stated,
        strictest,
        any(model.iri in roots for model in models),
        all(model.withdrawn for model in models),
    )


def _links(lineage: Lineage, level: str) -> tuple[Link, ...]:
    def ends(edge: Edge) -> tuple[str, str]:
        models = lineage.models
        return _key(models[edge.child], level), _key(models[edge.parent], level)

    sure: dict[tuple[str, str, str], bool] = {}
    for edge in lineage.edges:
        child, parent = ends(edge)
        if child != parent or level == "model":
            key = (child, parent, edge.relation)
            sure[key] = sure.get(key, False) or edge.certain
    return tuple(sorted(Link(*key, certain) for key, certain in sure.items()))


def _newest(store: Store) -> str:
    return next((row["newest"] for row in store.select(_DATE).dicts()), "")


def identifier(key: str) -> str:
    """Return the id of a box, for formats that name their nodes."""
    parts = split(key)
    return "/".join(parts) if parts else key
