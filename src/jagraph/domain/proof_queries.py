"""What the proof of an answer is read with: SPARQL, the model's IRI to be filled in."""

from __future__ import annotations

# how each relation carries terms, and what each supposed way supposes
CARRIED = """
SELECT ?kind ?id ?way WHERE {
  {
    ?relation jag:carrier ?carrier ; skos:notation ?id .
    BIND("relation" AS ?kind)
    BIND(IF(?carrier = jag:bindsThrough, "weights", "no-weights") AS ?way)
  }
  UNION
  {
    ?one jag:through ?property ; skos:notation ?id .
    OPTIONAL { ?one jag:supposes/skos:notation ?supposed }
    BIND("way" AS ?kind)
    BIND(COALESCE(?supposed, "") AS ?way)
  }
}
"""
ANSWERS = """
SELECT ?use ?answer ?otherwise ?by ?reason ?statement ?from ?license ?clause ?note WHERE {
  <%s> jag:useAnswer ?given .
  ?given jag:use/skos:notation ?use ; jag:may/skos:notation ?answer ; jag:reason ?reason ;
    jag:reachedBy/skos:notation ?by ; jag:decidedBy ?statement .
  OPTIONAL { ?given jag:otherwise/skos:notation ?otherwise }
  OPTIONAL { ?given jag:decidedFrom ?from }
  OPTIONAL { ?given jag:decidedLicense/rdfs:label ?license }
  OPTIONAL {
    ?given jag:decidedTerm ?term .
    OPTIONAL { ?term jag:clause ?clause }
    OPTIONAL { ?term skos:note ?note }
  }
}
ORDER BY ?use
"""
# rule 13 for one model: at the size of the Hub its triples are not stored
TERMS = """
SELECT DISTINCT ?way ?document ?rule ?action ?clause ?note ?confidence ?threshold ?of ?prefix
WHERE {
  ?channel jag:through ?through ; jag:passes ?passing ; jag:surely/skos:notation ?sure .
  <%s> ?through ?statement .
  ?statement ?by ?holder .
  FILTER(?by IN (jag:license, jag:footnote))
  ?holder jag:term ?term ; rdfs:label ?document .
  ?term jag:reach ?passing ; jag:rule/skos:notation ?rule ; jag:action/skos:notation ?action .
  OPTIONAL { ?statement jag:certain ?mark }
  OPTIONAL { ?statement jag:joined ?join }
  BIND(IF(?by = jag:footnote || (COALESCE(?mark, true)
          && COALESCE(?join != <https://w3id.org/jagraph/joining/any>, true)),
          ?sure, "possibleTerm") AS ?way)
  OPTIONAL { ?term jag:clause ?clause }
  OPTIONAL { ?term skos:note ?note }
  OPTIONAL { ?term jag:confidence/skos:notation ?confidence }
  OPTIONAL { ?term jag:threshold ?threshold }
  OPTIONAL { ?term jag:thresholdOf/skos:notation ?of }
  OPTIONAL { ?term jag:requiredPrefix ?prefix }
}
ORDER BY ?way ?document ?rule ?action ?clause
"""
STATEMENTS = """
SELECT ?model ?words ?stated WHERE {
  VALUES ?model { %s }
  ?model jag:licenseStatement <%s> .
  OPTIONAL { <%s> jag:words ?words }
  OPTIONAL { <%s> jag:statedIn/skos:notation ?stated }
}
ORDER BY ?model
"""
EDGE = """
SELECT ?node ?words WHERE {
  <%s> jag:derivation ?node .
  ?node jag:parent <%s> ; jag:relation jag:%s .
  OPTIONAL { ?node jag:words ?words }
}
ORDER BY ?node
"""
CAVEATS = """
SELECT DISTINCT ?document ?dataset WHERE {
  {
    <%s> (jag:licenseStatement|jag:inheritedStatement|jag:possiblyInheritedStatement)/jag:footnote
      ?footnote .
    ?footnote rdfs:label ?title .
    BIND(STR(?title) AS ?document)
  }
  UNION
  {
    <%s> jag:datasetCaveat/rdfs:label ?name .
    BIND(STR(?name) AS ?dataset)
  }
}
ORDER BY ?document ?dataset
"""
CONFLICTS = """
SELECT ?kind ?license ?other ?action (MIN(?shutting) AS ?clause) (MIN(?demanding) AS ?otherClause)
  (MIN(?holder) AS ?ancestor)
WHERE {
  <%s> jag:possibleConflict ?conflict .
  ?conflict jag:conflictKind/skos:notation ?kind ; jag:conflictLicense ?received ;
    jag:conflictAction ?does .
  ?received rdfs:label ?license .
  ?does skos:notation ?action .
  OPTIONAL { ?conflict jag:conflictOther ?beside . ?beside rdfs:label ?other }
  OPTIONAL { ?received jag:shutsOutBy/jag:clause ?shut . FILTER(?kind = "cannot-both") }
  OPTIONAL {
    ?received jag:term ?own . ?own jag:action ?does ; jag:clause ?asked .
    FILTER(?kind != "cannot-both")
  }
  BIND(COALESCE(?shut, ?asked) AS ?shutting)
  OPTIONAL { ?beside jag:term ?its . ?its jag:action ?does ; jag:clause ?demanding }
  OPTIONAL {
    <%s> jag:inheritedStatement ?statement .
    ?statement jag:license ?received ; jag:statedBy/rdfs:label ?holder .
  }
}
GROUP BY ?kind ?license ?other ?action
ORDER BY ?kind ?license ?other ?action
"""
KNOWN = """
SELECT ?kind ?thing (MAX(?has) AS ?licensed) (MAX(?bars) AS ?restricted) WHERE {
  {
    <%s> jag:descendsFrom?/jag:trainedOn ?thing .
    BIND("dataset" AS ?kind)
  }
  UNION
  {
    <%s> jag:descendsFrom?/jag:trainingStage ?thing .
    ?thing jag:disclosure/skos:notation ?disclosed .
    FILTER(?disclosed IN ("undisclosed", "partly-undisclosed"))
    BIND("stage" AS ?kind)
  }
  UNION
  {
    <%s> jag:descendsFrom?/(jag:taughtBy|jag:mayBeTaughtBy|jag:passesOutputs|jag:mayPassOutputs)
      ?thing .
    BIND("teacher" AS ?kind)
  }
  UNION
  {
    <%s> jag:descendsFrom?/jag:trainedOn/jag:datasetWithin?/jag:generatedBy ?thing .
    BIND("teacher" AS ?kind)
  }
  OPTIONAL { ?thing jag:licenseStatement/jag:license ?license }
  OPTIONAL {
    ?license jag:term ?term .
    ?term jag:rule <https://w3id.org/jagraph/rule/prohibition> ;
      jag:action <https://w3id.org/jagraph/action/commercial-use> .
  }
  BIND(IF(BOUND(?license), "true", "false") AS ?has)
  BIND(IF(BOUND(?term), "true", "false") AS ?bars)
}
GROUP BY ?kind ?thing
ORDER BY ?kind ?thing
"""
