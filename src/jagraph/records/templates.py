"""Empty records to fill in, one per kind."""

from __future__ import annotations

TEMPLATES = {
    "models": """\
name: {name}
listed: {{section: SECTION, row: {name}, line: LINE}}
announcement: https://…
developers: [DEVELOPER]
models:
  {id}: {{name: {name}, hub: OWNER/{name}, variant: VARIANT, parameters: 7b}}
licenses: [{{license: LICENSE, words: WORDS OF THE CELL, stated: license-cell}}]
derivations:
  - {{relation: continuallyPretrainedFrom, from: PARENT, words: WORDS, stated: base-cell}}
stages: [{{stage: pre-training, datasets: [DATASET], words: WORDS, stated: training-cell}}]
""",
    "base-models": """\
name: {name}
developers: [DEVELOPER]
models:
  {id}: {{name: {name}, hub: OWNER/{name}, parameters: 7b}}
licenses: [{{license: LICENSE, stated: outside, source: https://…}}]
""",
    "datasets": "name: {name}\naliases: [OTHER NAME]\nurl: https://…\n",
    "developers": "name: {name}\nkind: organization\n",
    "licenses": """\
name: {name}
url: https://…
licenseClass: unknown
confidence: low
terms:
  - {{rule: permission, action: commercial-use, clause: "1", reach: [weights], confidence: low}}
""",
    "benchmarks": """\
name: {name}
listed: {{section: SECTION, row: {name}, line: LINE}}
developers: [DEVELOPER]
description: in your own words
""",
    "architectures": "name: {name}\n",
    "sections": "name: {name}\nanchor: ANCHOR\norder: 1\n",
    "footnotes": "name: {name}\nnumber: 1\ndescription: in your own words\n",
    "editions": "name: {name}\nlanguage: en\ndate: 2025-01-27\nurl: https://…\n",
}
