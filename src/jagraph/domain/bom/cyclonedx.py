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
    found: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": list(components.values()),
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(set(on))} for ref, on in sorted(depends.items())
        ],
    }
    content = json.dumps(found, ensure_ascii=False, sort_keys=True)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, content)
    head = {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json"}
    written = head | found | {"serialNumber": f"urn:uuid:{serial}"}
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


def _component(part: Part, bill: Bill) -> dict[str, Any]:
    properties = [
        ("jagraph:declaredLicense", part.declared.expression),
        ("jagraph:declaredLicenseComment", part.declared.comment),
        ("jagraph:concludedLicense", part.concluded.expression),
        ("jagraph:concludedLicenseComment", part.concluded.comment),
        ("jagraph:parameters", part.parameters),
        *(
            (
                f"jagraph:{edge.relation}",
                edge.parent + ("" if edge.certain else " (not certain)"),
            )
            for edge in bill.edges
            if edge.child == part.iri
        ),
    ]
    found: dict[str, Any] = {
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
        found["purl"] = f"pkg:huggingface/{part.hub}"
    if part.url:
        kind = "distribution" if part.hub else "website"
        found["externalReferences"] = [{"type": kind, "url": part.url}]
    if part.makers:
        found["authors"] = [{"name": maker.name} for maker in part.makers]
    used = [dataset for model, dataset in bill.trained_on if model == part.iri]
    if part.kind == "model":
        datasets = {"modelParameters": {"datasets": [{"ref": one} for one in used]}} if used else {}
        found["modelCard"] = {"bom-ref": f"{part.iri}#card", **datasets}
    else:
        found["data"] = [{"type": "dataset", "name": part.name}]
    return found


def _licenses(terms: Terms, acknowledgement: str) -> list[dict[str, Any]]:
    if terms.expression == NO_ASSERTION:
        return [{"license": {"name": NO_ASSERTION, "acknowledgement": acknowledgement}}]
    return [
        {
            "license": {
                **({"id": one.spdx} if one.listed else {"name": one.name}),
                **({"url": one.url} if one.url else {}),
                "acknowledgement": acknowledgement,
            }
        }
        for one in terms.licenses
    ]
