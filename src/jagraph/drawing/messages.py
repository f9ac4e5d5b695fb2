"""The words of pictures in English, Japanese and French; names of classes are the ontology's."""

from __future__ import annotations

from jagraph.core.namespaces import LANGUAGES as LANGUAGES
from jagraph.store.base import Store

WORDS = {
    "en": {
        "from": "What does {name} come from?",
        "to": "What descends from {name}?",
        "both": "What does {name} come from, and what descends from it?",
        "between": "How do {name} and {other} hang together?",
        "boxes": "{count} boxes",
        "hidden": "{count} models stand behind +N",
        "dated": "data of {date}, rules {version}",
        "notice": "licence classes as declared; not legal advice",
        "models": "{count} models",
        "model": "1 model",
        "none": "no licence stated",
        "unseen": "licence not known",
        "withdrawn": "withdrawn",
        "caveat": "caveat: see the footnote or the training data",
        "conflict": "possible conflict with an ancestor's terms: check",
        "open": "the source leaves it open",
        "merge": "merge",
        "focus": "what was asked about",
        "dataset": "dataset",
        "more": "{name} and {count} more",
    },
    "ja": {
        "from": "{name} は何から派生したか",
        "to": "{name} から何が派生したか",
        "both": "{name} は何から派生し、何が派生したか",
        "between": "{name} と {other} はどうつながるか",
        "boxes": "{count} 個の箱",
        "hidden": "+N の中に {count} モデル",
        "dated": "データ {date}、規則 {version}",
        "notice": "ライセンス区分は宣言による。法的助言ではない",
        "models": "{count} モデル",
        "model": "1 モデル",
        "none": "ライセンスの記載なし",
        "unseen": "ライセンス不明",
        "withdrawn": "公開停止",
        "caveat": "注意: 脚注または学習データを参照",
        "conflict": "祖先の条件と食い違う可能性: 要確認",
        "open": "出典では不確か",
        "merge": "マージ",
        "focus": "問われたもの",
        "dataset": "データセット",
        "more": "{name} ほか {count}",
    },
    "fr": {
        "from": "D'où vient {name} ?",
        "to": "Qu'est-ce qui descend de {name} ?",
        "both": "D'où vient {name}, et qu'est-ce qui en descend ?",
        "between": "Comment {name} et {other} sont-ils liés ?",
        "boxes": "{count} boîtes",
        "hidden": "{count} modèles derrière +N",
        "dated": "données du {date}, règles {version}",
        "notice": "classes de licence telles que déclarées ; pas un avis juridique",
        "models": "{count} modèles",
        "model": "1 modèle",
        "none": "aucune licence indiquée",
        "unseen": "licence inconnue",
        "withdrawn": "retiré",
        "caveat": "réserve : voir la note ou les données d'entraînement",
        "conflict": "conflit possible avec les termes d'un ancêtre : à vérifier",
        "open": "la source ne tranche pas",
        "merge": "fusion",
        "focus": "l'objet de la question",
        "dataset": "jeu de données",
        "more": "{name} et {count} autres",
    },
}
_LABELS = """
SELECT ?thing ?label WHERE {
  { ?thing rdfs:subPropertyOf jag:derivedFrom }
  UNION { BIND(jag:derivedFrom AS ?thing) }
  UNION { BIND(jag:trainedOnOutputOf AS ?thing) }
  UNION { BIND(jag:trainedOn AS ?thing) }
  UNION { ?thing skos:inScheme <https://w3id.org/jagraph/license-class> }
  ?thing rdfs:label ?label .
  FILTER(LANG(?label) = "%s")
}
ORDER BY ?thing
"""


def labels(store: Store, language: str) -> dict[str, str]:
    """Return the ontology's words for licence classes and relations, by their local names.

    The apostrophe is the plain one: in a Japanese font the curved one is as wide as a letter.
    """
    return {
        row["thing"].replace("#", "/").rpartition("/")[2]: row["label"].replace("’", "'")
        for row in store.select(_LABELS % language).dicts()
    }
