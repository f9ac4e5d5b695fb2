"""What a lineage picture shows: boxes with a licence class, links by kind, a title and a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from jagraph.core.namespaces import split
from jagraph.core.visible_text import visible
from jagraph.domain.lineage import Edge, Lineage, Model
from jagraph.drawing.messages import WORDS, labels
from jagraph.graph.provenance import versions
from jagraph.query.batched import about
from jagraph.store.base import Store

LEVELS = ("model", "family")
_FACTS = """
SELECT ?model ?class ?license ?hub ?unseen WHERE {
  VALUES ?model { %s }
  ?model jag:licenseStatement ?statement .
  OPTIONAL { ?statement jag:certain ?mark }
  OPTIONAL {
    ?statement jag:license ?about .
    ?about rdfs:label ?name ; jag:licenseClass ?kind .
  }
  OPTIONAL { ?model jag:hubId ?hub }
  OPTIONAL { ?statement a jag:UnseenLicenseStatement BIND(1 AS ?unseen) }
  BIND(IF(COALESCE(?mark, true), COALESCE(STR(?kind), "unknown"), "unknown") AS ?class)
  BIND(COALESCE(IF(COALESCE(?mark, true), ?name, CONCAT(?name, " (?)")), "") AS ?license)
}
ORDER BY ?model ?class ?license
"""
_MARKS = """
SELECT DISTINCT ?model ?mark WHERE {
  VALUES ?model { %s }
  { ?model jag:licenseStatement/jag:footnote ?note BIND("caveat" AS ?mark) }
  UNION { ?model jag:datasetCaveat ?data BIND("caveat" AS ?mark) }
  UNION { ?model jag:possibleConflict ?found BIND("conflict" AS ?mark) }
}
"""
_DEVELOPERS = """
SELECT ?model ?name WHERE { VALUES ?model { %s } ?model jag:developedBy/rdfs:label ?name }
ORDER BY ?model STR(?name)
"""
_NAMES = """
SELECT ?family ?name (LANG(?name) AS ?language) WHERE {
  VALUES ?family { %s }
  ?family skos:prefLabel ?name
}
ORDER BY ?family STR(?name)
"""
_TRAINED_ON = """
SELECT DISTINCT ?model ?dataset ?name WHERE {
  VALUES ?model { %s }
  ?model jag:trainedOn ?dataset . ?dataset rdfs:label ?name .
}
ORDER BY ?model ?dataset
"""
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
    """One model, one family with those of its models that are shown, or one dataset.

    ``group`` is the family; ``stands_for`` the names of all models of a box that is several;
    ``page`` where it leads in place of the Hub.
    """

    key: str
    name: str
    detail: str
    license: str
    license_class: str
    is_root: bool = False
    withdrawn: bool = False
    developer: str = ""
    hub: str = ""
    group: str = ""
    group_name: str = ""
    has_caveat: bool = False
    has_conflict: bool = False
    is_dataset: bool = False
    page: str = ""
    stands_for: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Its licence class, or "dataset"."""
        return "dataset" if self.is_dataset else self.license_class

    @property
    def href(self) -> str:
        """Where it leads: its page, else its page on the Hub, "" when it has neither."""
        return self.page or (f"https://huggingface.co/{self.hub}" if self.hub else "")


@dataclass(frozen=True, order=True)
class Link:
    """A derivation between two boxes; a link whose source leaves it open is not ``certain``."""

    child: str
    parent: str
    relation: str
    certain: bool = True


@dataclass(frozen=True)
class Picture:
    """What is drawn, before anything has a place; ``labels`` are the words of classes, relations.

    ``hidden`` counts the models that stand behind "+N".
    """

    title: str
    date: str
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    version: str = ""
    language: str = "en"
    labels: dict[str, str] = field(default_factory=dict)
    hidden: int = 0
    is_framed: bool = False

    def word(self, key: str, **values: object) -> str:
        """Return a fixed text of pictures in the picture's language."""
        return WORDS[self.language][key].format(**values)

    def kind_name(self, kind: str) -> str:
        """Return what a kind of box is called."""
        return self.word("dataset") if kind == "dataset" else self.labels.get(kind, kind)

    def relation_name(self, relation: str) -> str:
        """Return what a relation is called."""
        return self.labels.get(relation, relation)

    def marks(self, box: Box) -> list[str]:
        """Return in words what is marked on ``box``."""
        there = {
            "caveat": box.has_caveat,
            "conflict": box.has_conflict,
            "withdrawn": box.withdrawn,
        }
        return [self.word(word) for word, is_there in there.items() if is_there]


@dataclass
class _Facts:
    """What the graph says of one model beside its lineage."""

    licenses: set[tuple[str, str]] = field(default_factory=set)
    hub: str = ""
    unseen: bool = False
    caveat: bool = False
    conflict: bool = False
    developers: list[str] = field(default_factory=list)


def picture(
    lineage: Lineage,
    store: Store,
    title: str,
    level: str,
    language: str = "en",
    *,
    framed: bool = False,
    datasets: bool = False,
) -> Picture:
    """Return the picture of ``lineage`` at ``level``, one of LEVELS, in a language of LANGUAGES.

    ``framed`` draws each family as a frame around its models; ``datasets`` shows what the models
    were trained on.
    """
    facts = _facts(store, lineage.models)
    families = sorted({model.family for model in lineage.models.values() if model.family})
    names = {
        row["family"]: row["name"]
        for row in about(store, _NAMES, families).dicts()
        if row["language"] == language
    }
    groups: defaultdict[str, list[Model]] = defaultdict(list)
    for model in lineage.models.values():
        named = replace(model, family_name=names.get(model.family, model.family_name))
        groups[_key(model, level)].append(named)
    boxes = [
        _box(key, models, facts, lineage.roots, level, language)
        for key, models in sorted(groups.items())
    ]
    links = _links(lineage, level)
    if datasets:
        keys = {model: _key(lineage.models[model], level) for model in lineage.models}
        used, more = _datasets(store, keys)
        boxes, links = [*boxes, *used], [*links, *more]
    version, date = versions(store)
    return Picture(
        visible(title),
        date,
        tuple(map(_readable, boxes)),
        tuple(links),
        version,
        language,
        labels(store, language),
        is_framed=framed and level == "model",
    )


def _readable(box: Box) -> Box:
    """Return ``box`` with texts in which nothing turns the line round or breaks the file."""
    return replace(
        box,
        name=visible(box.name),
        detail=visible(box.detail),
        license=visible(box.license),
        developer=visible(box.developer),
        group_name=visible(box.group_name),
    )


def collapsed(drawn: Picture, most: int) -> Picture:
    """Return ``drawn`` with siblings that differ only in size or quantisation as one box "+N".

    Siblings are boxes of one family that nothing descends from, with the same licence and the same
    relation to the same families; ``most`` of them are still shown one by one.
    """
    family = {box.key: box.group or box.key for box in drawn.boxes}
    parents = {link.parent for link in drawn.links}
    links_of: defaultdict[str, list[Link]] = defaultdict(list)
    for link in drawn.links:
        links_of[link.child].append(link)
    siblings: defaultdict[object, list[Box]] = defaultdict(list)
    for box in drawn.boxes:
        above = {(k.relation, k.certain, family[k.parent]) for k in links_of[box.key]}
        if above and box.key not in parents and not box.is_dataset:
            same = replace(box, key="", name="", detail="", hub="")
            siblings[same, frozenset(above)].append(box)
    stands: dict[str, str] = {}
    boxes = {box.key: box for box in drawn.boxes}
    for members in siblings.values():
        if len(members) > most:
            first = members[0]
            sizes = " ".join(dict.fromkeys(box.detail for box in members if box.detail))
            boxes[first.key] = replace(
                first,
                name=f"{first.name} +{len(members) - 1}",
                detail=sizes,
                stands_for=tuple(box.name for box in members),
            )
            stands |= {box.key: first.key for box in members[1:]}
    links = {replace(link, child=stands.get(link.child, link.child)) for link in drawn.links}
    return replace(
        drawn,
        boxes=tuple(box for key, box in boxes.items() if key not in stands),
        links=tuple(sorted(links)),
        hidden=drawn.hidden + len(stands),
    )


def identifier(key: str) -> str:
    """Return the id of a box, for formats that name their nodes."""
    parts = split(key)
    return "/".join(parts) if parts else key


def _key(model: Model, level: str) -> str:
    return model.family if level == "family" and model.family else model.iri


def _facts(store: Store, models: Iterable[str]) -> defaultdict[str, _Facts]:
    found: defaultdict[str, _Facts] = defaultdict(_Facts)
    for row in about(store, _FACTS, models).dicts():
        one = found[row["model"]]
        one.licenses.add((row["class"].rpartition("/")[2], row["license"]))
        one.hub = row["hub"]
        one.unseen = bool(row["unseen"])
    for row in about(store, _MARKS, models).dicts():
        one = found[row["model"]]
        one.caveat |= row["mark"] == "caveat"
        one.conflict |= row["mark"] == "conflict"
    for row in about(store, _DEVELOPERS, models).dicts():
        found[row["model"]].developers.append(row["name"])
    return found


def _box(
    key: str,
    models: list[Model],
    facts: defaultdict[str, _Facts],
    roots: frozenset[str],
    level: str,
    language: str,
) -> Box:
    words = WORDS[language]
    mine = [facts[model.iri] for model in models]
    entries = {entry for one in mine for entry in one.licenses} or {("unknown", "")}
    strictest = max((kind for kind, _ in entries), key=CLASSES.index)
    named = {name for _, name in entries if name}
    licenses = sorted(name for name in named if f"{name} (?)" not in named)
    stated = " / ".join(licenses) or words["unseen" if any(one.unseen for one in mine) else "none"]
    by_size = sorted((model for model in models if model.parameters), key=lambda m: m.count)
    sizes = " ".join(dict.fromkeys(model.parameters for model in by_size))
    as_family = level == "family" and bool(models[0].family)
    if as_family:
        count = words["model"] if len(models) == 1 else words["models"].format(count=len(models))
        sizes = " · ".join(filter(None, (sizes, count)))
    developers = list(dict.fromkeys(name for one in mine for name in one.developers))
    developer = developers[0] if developers else ""
    if len(developers) > 1:
        developer = words["more"].format(name=developer, count=len(developers) - 1)
    return Box(
        key,
        models[0].family_name if as_family else models[0].name,
        sizes,
        stated,
        strictest,
        is_root=any(model.iri in roots for model in models),
        withdrawn=all(model.withdrawn for model in models),
        developer=developer,
        hub=mine[0].hub if len(models) == 1 else "",
        group=models[0].family,
        group_name=models[0].family_name,
        has_caveat=any(one.caveat for one in mine),
        has_conflict=any(one.conflict for one in mine),
        stands_for=tuple(model.name for model in models) if as_family else (),
    )


def _links(lineage: Lineage, level: str) -> list[Link]:
    def ends(edge: Edge) -> tuple[str, str]:
        models = lineage.models
        return _key(models[edge.child], level), _key(models[edge.parent], level)

    sure: dict[tuple[str, str, str], bool] = {}
    for edge in lineage.edges:
        child, parent = ends(edge)
        if child != parent or level == "model":
            key = (child, parent, edge.relation)
            sure[key] = sure.get(key, False) or edge.certain
    return sorted(Link(*key, certain) for key, certain in sure.items())


def _datasets(store: Store, keys: dict[str, str]) -> tuple[Iterable[Box], Iterable[Link]]:
    boxes: dict[str, Box] = {}
    links: set[Link] = set()
    for row in about(store, _TRAINED_ON, keys).dicts():
        one = row["dataset"]
        boxes[one] = Box(one, row["name"], "", "", "unknown", is_dataset=True)
        links.add(Link(keys[row["model"]], one, "trainedOn"))
    return [boxes[key] for key in sorted(boxes)], sorted(links)
