"""Queries and answers of the frozen project that tests of the protocol share."""

from __future__ import annotations

FAMILIES = "SELECT ?name { ?f a jag:ModelFamily ; jag:name ?name } ORDER BY ?name"


NAMES = ["Hana", "Kaki", "Kiku", "Matsu", "Momo", "Mountain", "Sora", "Take", "Ume"]


DESCRIBED = "CONSTRUCT { ?f jag:name ?name } WHERE { ?f a jag:ModelFamily ; jag:name ?name }"
