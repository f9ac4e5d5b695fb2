"""Parameters with which the saved queries have answers on the frozen project."""

from __future__ import annotations

PARAMETERS = {
    "descendants": {"base": "Mountain"},
    "ancestors": {"model": "hana"},
    "descendants-with-terms": {"base": "mountain", "terms": "non-commercial"},
    "models-by-license": {"license": "OPEN"},
    "trained-on": {"dataset": "Ency", "through": "ancestors"},
    "models-by-developer": {"developer": "さくら研究所"},
    "benchmark-exposure": {"benchmark": "Quiz"},
    "encoders": {"availability": "loadable", "maxLength": "512"},
    "domain-models": {"domain": "medicine"},
    "benchmarks": {"category": "tests", "developer": "Hanako Tanaka"},
    "largest": {"use": "derive", "answer": "only-if"},
    "usable": {"use": "ship", "base": "mountain", "most": "7000000000", "answer": "unknown"},
}
