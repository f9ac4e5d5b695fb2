"""The things of the Hub as IRIs, and the nodes its repositories share: licences, derivations, data.

A statement that a million cards make in the same words is one node; the cards point at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import blake2s
from urllib.parse import quote

from jagraph.core.messages import Message
from jagraph.core.namespaces import JAG, RDF_TYPE, RDFS_LABEL, ROOT, iri
from jagraph.domain.hub_origin import HUB_NODE, HUB_PLACE
from jagraph.sources.hub.dump import OPEN, UNIDENTIFIED, UNREADABLE

HUB = HUB_NODE
ABSENT = HUB + "#not-in-the-dump"
PLACE = HUB_PLACE
NOT_STATED = iri("hub-statement", "none")
NOT_IN_DUMP = iri("hub-statement", "not-in-the-dump")
NOT_IDENTIFIED = iri("hub-statement", "not-identified")
UNIDENTIFIED_MODEL = iri("hub", UNIDENTIFIED)
NOT_NAMED = "other (not named)"
_UNKNOWN_CLASS = iri("license-class", "unknown")
_NOT_READ = iri("extent", "no")
_SOURCE = "http://purl.org/dc/terms/source"
_URL = "https://schema.org/url"
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_ANY_URI = "http://www.w3.org/2001/XMLSchema#anyURI"
_TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]+")
_LONGEST = 60


def repository(name: str) -> str:
    """Return the IRI of the repository ``name`` ("OWNER/NAME")."""
    return iri("hub", name)


def statement(license: str) -> str:  # noqa: A002, the field's word
    """Return the IRI of the statement all repositories under ``license`` share ("" for none)."""
    return iri("hub-statement", _slug(license)) if license else NOT_STATED


def derivation(parent: str, relation: str, inferred: bool) -> str:
    """Return the IRI of the statement "derived so from ``parent``" (an IRI).

    It is no part of the parent, whose record does not say it.
    """
    mark = ".inferred" if inferred else ""
    return iri("hub-derivation", f"{parent.removeprefix(ROOT)}.{relation}{mark}")


def training(dataset: str) -> str:
    """Return the IRI of the statement "trained on the dataset OWNER/NAME"."""
    return f"{iri('hub-dataset', dataset)}#training"


def triple(subject: str, key: str, value: str) -> str:
    """Return one line of N-Triples; ``key`` is an IRI or a word of jag:, ``value`` is written."""
    return f"<{subject}> <{key if '://' in key else JAG + key}> {value} .\n"


def node(name: str) -> str:
    """Return an IRI as N-Triples writes it."""
    return f"<{name}>"


def text(value: str) -> str:
    """Return a string literal as N-Triples writes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\r", "\\r") + '"'


def number(value: int) -> str:
    """Return an integer as N-Triples writes it."""
    return f'"{value}"^^<{_INTEGER}>'


def license_nodes(
    dump: str, stated: list[str], known: Callable[[str, str], str | None]
) -> Iterator[str]:
    """Yield the triples of the licence statements of the file ``dump``.

    ``known`` gives the record of a licence by name and address.

    A licence without a record is one of class unknown, whose text was not read.
    """
    yield triple(HUB, RDFS_LABEL, text("Hub metadata"))
    yield triple(HUB, _SOURCE, text(dump))
    yield triple(ABSENT, RDFS_LABEL, text("a repository named as a base model"))
    yield triple(NOT_STATED, RDF_TYPE, node(JAG + "LicenseStatement"))
    yield triple(NOT_STATED, RDF_TYPE, node(JAG + "MissingLicenseStatement"))
    yield triple(NOT_STATED, "statedBy", node(HUB))
    yield from _unseen(NOT_IN_DUMP, ABSENT, Message("reason-not-in-dump"))
    described: set[str] = set()
    for words in filter(None, stated):
        mine = statement(words)
        yield triple(mine, RDF_TYPE, node(JAG + "LicenseStatement"))
        yield triple(mine, "statedBy", node(HUB))
        yield triple(mine, "statedIn", node(PLACE))
        yield triple(mine, "words", text(words.replace("\t", " ").strip()))
        for name, label, link in licenses_of(words):
            record = known(label, link)
            license_iri = record or license_node(name)
            yield triple(mine, "license", node(license_iri))
            if record is None and license_iri not in described:
                described.add(license_iri)
                yield triple(license_iri, RDF_TYPE, node(JAG + "License"))
                yield triple(license_iri, RDFS_LABEL, text(label))
                yield triple(license_iri, "licenseClass", node(_UNKNOWN_CLASS))
                yield triple(license_iri, "read", node(_NOT_READ))
                if link.startswith(("https://", "http://")):
                    link = quote(link, safe=":/?#[]@!$&'()*+,;=%-._~")
                    yield triple(license_iri, _URL, f'"{link}"^^<{_ANY_URI}>')


def unidentified_model() -> Iterator[str]:
    """Yield the triples of the model that stands for base models one cannot tell from the card."""
    mine = UNIDENTIFIED_MODEL
    yield triple(mine, RDF_TYPE, node(JAG + "Model"))
    yield triple(mine, RDFS_LABEL, text("a base model that is not identified"))
    yield triple(mine, "inFamily", node(mine))
    yield triple(mine, "licenseStatement", node(NOT_IDENTIFIED))
    yield from _unseen(NOT_IDENTIFIED, mine, Message("reason-not-identified"))


def _unseen(mine: str, holder: str, reason: Message) -> Iterator[str]:
    """Yield the triples of a statement in place of one that nobody could look at."""
    yield triple(mine, RDF_TYPE, node(JAG + "LicenseStatement"))
    yield triple(mine, RDF_TYPE, node(JAG + "UnseenLicenseStatement"))
    yield triple(mine, "statedBy", node(holder))
    yield triple(mine, "reason", text(reason))
    yield triple(mine, "messageCode", text(reason.key))


def licenses_of(words: str) -> list[tuple[str, str, str]]:
    """Return ``(id, name, address)`` of each licence that the words of an Entry name."""
    if words.startswith("other\t"):
        _, name, link = words.split("\t")
        return [(_slug(words), name or NOT_NAMED, link)]
    names = {UNREADABLE: "a licence that cannot be read"}
    return [(_slug(word), names.get(word, word), "") for word in words.split(" ")]


def license_node(identifier: str) -> str:
    """Return the IRI of a licence of the Hub that has no record."""
    return iri("hub-license", identifier)


def derivation_nodes(parent: str, relation: str, inferred: bool) -> Iterator[str]:
    """Yield the triples of one shared derivation statement."""
    mine = derivation(parent, relation, inferred)
    yield triple(mine, RDF_TYPE, node(JAG + "DerivationStatement"))
    yield triple(mine, "statedBy", node(HUB))
    yield triple(mine, "statedIn", node(PLACE))
    yield triple(mine, "parent", node(parent))
    yield triple(mine, "relation", node(JAG + relation))
    if relation == OPEN:
        yield triple(mine, "unknownKey", text("relation"))
    if inferred:
        yield triple(mine, "inferred", _TRUE)


def dataset_nodes(names: list[str]) -> Iterator[str]:
    """Yield the triples of the datasets of the Hub and of the statements that name them."""
    for name in names:
        dataset, mine = iri("hub-dataset", name), training(name)
        yield triple(dataset, RDF_TYPE, node(JAG + "Dataset"))
        yield triple(dataset, RDFS_LABEL, text(name))
        yield triple(mine, RDF_TYPE, node(JAG + "TrainingStage"))
        yield triple(mine, "statedBy", node(HUB))
        yield triple(mine, "statedIn", node(PLACE))
        yield triple(mine, "usedDataset", node(dataset))


def _slug(words: str) -> str:
    """Return an id for the words of a licence; a digest tells apart what the id cannot show."""
    plain = _UNSAFE.sub("-", words.replace("\t", " ").strip())[:_LONGEST].strip("-.")
    if plain == words:
        return plain
    return f"{plain}-{blake2s(words.encode(), digest_size=5).hexdigest()}"
