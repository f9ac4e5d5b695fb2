"""A bill of materials as SPDX 3.0.1 JSON-LD, with the AI and Dataset profiles.

Source: https://spdx.github.io/spdx-spec/v3.0.1/. Own code, since spdx-python-model (0.0.6) is
young; the tests read back by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from jagraph.core.version import __version__
from jagraph.domain.bom.contents import NO_ASSERTION, Bill, License, Part, Terms, Use

_CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_NOT_SAID = "expandedlicensing_NoAssertionLicense"
_INFO = "_:creation"
_PROFILES = ("core", "software", "ai", "dataset", "simpleLicensing", "expandedLicensing")
# what SPDX has for our derivations: parts of a composed model are contained, all else is descent
_RELATIONS = {"composedOf": "contains"}


def as_spdx(bill: Bill) -> str:
    """Return ``bill`` as SPDX JSON-LD, the same bytes each time; the data's date is its date."""
    base = f"{bill.roots[0]}#spdx"
    agents = {maker.iri: maker for part in bill.parts for maker in part.makers}
    licenses = {entry.spdx: entry for part in bill.parts for entry in part.concluded.licenses}
    expressions = sorted(
        {
            terms.expression
            for part in bill.parts
            for terms in (part.declared, part.concluded)
            if terms.expression != NO_ASSERTION
        }
    )
    named = {text: f"{base}.license.{number}" for number, text in enumerate(expressions, 1)}
    elements: list[dict[str, Any]] = [
        {
            "type": "SoftwareAgent",
            "spdxId": f"{base}.agent",
            "creationInfo": _INFO,
            "name": f"jagraph {__version__}",
        },
        *(
            {
                "type": "Person" if agents[iri].kind == "person" else "Organization",
                "spdxId": iri,
                "creationInfo": _INFO,
                "name": agents[iri].name,
            }
            for iri in sorted(agents)
        ),
        *(_expression(iri, text, licenses) for text, iri in named.items()),
        *(_package(part) for part in bill.parts),
        *(_annotation(part, use) for part in bill.parts for use in part.uses),
    ]
    links = [*_licensed(bill, named), *_derived(bill)]
    elements += [
        {
            "type": "Relationship",
            "spdxId": f"{base}.relationship.{number}",
            "creationInfo": _INFO,
            **link,
        }
        for number, link in enumerate(links, 1)
    ]
    names = ", ".join(part.name for part in bill.parts if part.iri in bill.roots)
    document = {
        "type": "SpdxDocument",
        "spdxId": base,
        "creationInfo": _INFO,
        "name": f"Bill of materials of {names}",
        "comment": bill.notice,
        "profileConformance": list(_PROFILES),
        "rootElement": list(bill.roots),
        "element": [element["spdxId"] for element in elements],
    }
    info = {
        "type": "CreationInfo",
        "@id": _INFO,
        "specVersion": "3.0.1",
        "created": f"{bill.date}T00:00:00Z",
        "createdBy": [f"{base}.agent"],
    }
    document_graph = {"@context": _CONTEXT, "@graph": [info, document, *elements]}
    return json.dumps(document_graph, ensure_ascii=False, indent=1) + "\n"


def _package(part: Part) -> dict[str, Any]:
    package: dict[str, Any] = {
        "type": "ai_AIPackage" if part.kind == "model" else "dataset_DatasetPackage",
        "spdxId": part.iri,
        "creationInfo": _INFO,
        "name": part.name,
        "software_primaryPurpose": "model" if part.kind == "model" else "data",
    }
    if part.hub:
        package["software_packageUrl"] = f"pkg:huggingface/{part.hub}"
    if part.url:
        package["software_downloadLocation" if part.hub else "software_homePage"] = part.url
    if part.makers:
        package["originatedBy"] = [maker.iri for maker in part.makers]
    if part.kind == "dataset":
        package["dataset_datasetType"] = ["noAssertion"]
    if part.parameters:
        entry = {"type": "DictionaryEntry", "key": "parameters", "value": part.parameters}
        package["ai_hyperparameter"] = [entry]
    return package


def _annotation(part: Part, use: Use) -> dict[str, Any]:
    """Return the answer on a use of ``part`` as an annotation of it."""
    lines = [f"{use.name}: {use.answer}", f"because {use.reason}", *use.owed]
    return {
        "type": "Annotation",
        "spdxId": f"{part.iri}#spdx.use.{use.name}",
        "creationInfo": _INFO,
        "annotationType": "other",
        "subject": part.iri,
        "statement": "\n".join(lines),
    }


def _expression(iri: str, text: str, licenses: dict[str, License]) -> dict[str, Any]:
    expression: dict[str, Any] = {
        "type": "simplelicensing_LicenseExpression",
        "spdxId": iri,
        "creationInfo": _INFO,
        "simplelicensing_licenseExpression": text,
    }
    words = set(text.replace("(", " ").replace(")", " ").split())
    custom = [
        licenses[entry] for entry in sorted(words & set(licenses)) if not licenses[entry].listed
    ]
    if custom:
        expression["simplelicensing_customIdToUri"] = [
            {"type": "DictionaryEntry", "key": entry.spdx, "value": entry.iri} for entry in custom
        ]
    return expression


def _licensed(bill: Bill, named: dict[str, str]) -> Iterable[dict[str, Any]]:
    for part in bill.parts:
        for kind, terms in (
            ("hasDeclaredLicense", part.declared),
            ("hasConcludedLicense", part.concluded),
        ):
            yield _link(part.iri, kind, _target(terms, named), terms.comment)


def _target(terms: Terms, named: dict[str, str]) -> str:
    return named.get(terms.expression, _NOT_SAID)


def _derived(bill: Bill) -> Iterable[dict[str, Any]]:
    for edge in bill.edges:
        kind = _RELATIONS.get(edge.relation, "descendantOf")
        doubt = "" if edge.certain else ", not certain"
        yield _link(edge.child, kind, edge.parent, f"jag:{edge.relation}{doubt}")
    for model, dataset in bill.trained_on:
        yield _link(model, "trainedOn", dataset, "")


def _link(start: str, kind: str, end: str, comment: str) -> dict[str, Any]:
    relationship = {"from": start, "relationshipType": kind, "to": [end]}
    return relationship | ({"comment": comment} if comment else {})
