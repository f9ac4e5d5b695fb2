"""A bill of materials as CycloneDX 1.6 JSON, a machine-learning bill (ML-BOM).

Source: https://cyclonedx.org/docs/1.6/json/. Own code, since the components of cyclonedx-python-lib
(11.12) have neither a model card nor data; the tests validate by it.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from jagraph.core.version import __version__
from jagraph.domain.bom.contents import NO_ASSERTION, Bill, Part, Terms


def as_cyclonedx(bill: Bill) -> str:
    """Return ``bill`` as CycloneDX JSON, the same bytes each time; the data's date is its date.

    A licence list of CycloneDX cannot say "or": the exact SPDX expressions stand in the properties
    ``jagraph:declaredLicense`` and ``jagraph:concludedLicense``.
    """
    components = {part.iri: _component(part, bill) for part in bill.parts}
    metadata: dict[str, Any] = {
        "timestamp": f"{bill.date}T00:00:00Z",
        "tools": {
            "components": [{"type": "application", "name": "jagraph", "version": __version__}]
        },
        "properties": [{"name": "jagraph:notice", "value": bill.notice}],
    }
    if len(bill.roots) == 1:
        metadata["component"] = components.pop(bill.roots[0])
    depends: dict[str, list[str]] = {part.iri: [] for part in bill.parts}
    for child, parent in ((edge.child, edge.parent) for edge in bill.edges):
        depends[child].append(parent)
    for model, dataset in bill.trained_on:
        depends[model].append(dataset)
    document: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": list(components.values()),
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(set(on))} for ref, on in sorted(depends.items())
        ],
    }
    content = json.dumps(document, ensure_ascii=False, sort_keys=True)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, content)
    head = {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json"}
    bill_document = head | document | {"serialNumber": f"urn:uuid:{serial}"}
    return json.dumps(bill_document, ensure_ascii=False, indent=1) + "\n"


def _component(part: Part, bill: Bill) -> dict[str, Any]:
    properties = [
        ("jagraph:declaredLicense", part.declared.expression),
        ("jagraph:declaredLicenseComment", part.declared.comment),
        ("jagraph:concludedLicense", part.concluded.expression),
        ("jagraph:concludedLicenseComment", part.concluded.comment),
        ("jagraph:parameters", part.parameters),
        *((f"jagraph:use:{use.name}", use.answer) for use in part.uses),
        *((f"jagraph:because:{use.name}", use.reason) for use in part.uses),
        *((f"jagraph:owed:{use.name}", text) for use in part.uses for text in use.owed),
        *(
            (
                f"jagraph:{edge.relation}",
                edge.parent + ("" if edge.certain else " (not certain)"),
            )
            for edge in bill.edges
            if edge.child == part.iri
        ),
    ]
    component: dict[str, Any] = {
        "type": "machine-learning-model" if part.kind == "model" else "data",
        "bom-ref": part.iri,
        "name": part.name,
        "licenses": [
            *_licenses(part.declared, "declared"),
            *_licenses(part.concluded, "concluded"),
        ],
        "properties": [{"name": name, "value": value} for name, value in properties if value],
    }
    if part.hub:
        component["purl"] = f"pkg:huggingface/{part.hub}"
    if part.url:
        kind = "distribution" if part.hub else "website"
        component["externalReferences"] = [{"type": kind, "url": part.url}]
    if part.makers:
        component["authors"] = [{"name": maker.name} for maker in part.makers]
    used = [dataset for model, dataset in bill.trained_on if model == part.iri]
    if part.kind == "model":
        datasets = (
            {"modelParameters": {"datasets": [{"ref": reference} for reference in used]}}
            if used
            else {}
        )
        component["modelCard"] = {"bom-ref": f"{part.iri}#card", **datasets}
    else:
        component["data"] = [{"type": "dataset", "name": part.name}]
    return component


def _licenses(terms: Terms, acknowledgement: str) -> list[dict[str, Any]]:
    if terms.expression == NO_ASSERTION:
        return [{"license": {"name": NO_ASSERTION, "acknowledgement": acknowledgement}}]
    return [
        {
            "license": {
                **({"id": entry.spdx} if entry.listed else {"name": entry.name}),
                **({"url": entry.url} if entry.url else {}),
                "acknowledgement": acknowledgement,
            }
        }
        for entry in terms.licenses
    ]
