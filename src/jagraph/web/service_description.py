"""What the endpoint says of itself, in RDF (SPARQL 1.1 Service Description)."""

from __future__ import annotations

import pyoxigraph as ox

from jagraph.core.namespaces import GRAPHS

_LANGUAGES = ("SPARQL10Query", "SPARQL11Query")
_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)


def describe(endpoint: str, *, federated: bool) -> list[ox.Triple]:
    """Return the description of the service at the URL ``endpoint``."""
    features = ["UnionDefaultGraph", *(["BasicFederatedQuery"] if federated else [])]
    formats = "".join(
        f"  sd:resultFormat <http://www.w3.org/ns/formats/{name}> ;\n" for name in _FORMATS
    )
    graphs = "".join(
        f"    sd:namedGraph [ a sd:NamedGraph ; sd:name <{name}> ] ;\n" for name in GRAPHS
    )
    text = f"""
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX dcterms: <http://purl.org/dc/terms/>
{ox.NamedNode(endpoint)} a sd:Service ;
  dcterms:title "jagraph: the Japanese language-model ecosystem"@en ;
  sd:endpoint {ox.NamedNode(endpoint)} ;
  sd:supportedLanguage {", ".join(f"sd:{name}" for name in _LANGUAGES)} ;
  sd:feature {", ".join(f"sd:{name}" for name in features)} ;
{formats}  sd:defaultDataset [ a sd:Dataset ;
{graphs}    sd:defaultGraph [ a sd:Graph ; dcterms:description "the union of the named graphs"@en ]
  ] .
"""
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]
