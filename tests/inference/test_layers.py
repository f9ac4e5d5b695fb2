"""The layers of the rules: each rule names its own, and none reads what a later one concludes."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.support.project import ROOT

from jagraph.core.errors import DataError
from jagraph.inference.sparql_rules import LAYERS, apply_rules, layer_of

RULES = sorted((ROOT / "ontology/rules").glob("*.rq"))
MANUAL = (ROOT / "ontology/rules/README.md").read_text(encoding="utf-8")


def parts(path: Path) -> tuple[set[str], set[str]]:
    """The words of jag: that a rule concludes, and those that it reads."""
    text = re.sub(r"^#.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
    head, body = re.split(r"^WHERE", text.partition("CONSTRUCT")[2], maxsplit=1, flags=re.M)
    return set(re.findall(r"jag:\w+", head)), set(re.findall(r"jag:\w+", body))


def test_every_rule_begins_with_its_layer_and_says_what_it_means() -> None:
    for path in RULES:
        first, second = path.read_text(encoding="utf-8").splitlines()[:2]
        assert first.removeprefix("#+ layer: ") in LAYERS
        assert second.startswith("# ")


def test_no_rule_reads_what_only_a_later_layer_concludes() -> None:
    concluded: dict[str, set[int]] = {}
    layers = {path: LAYERS.index(layer_of(path, path.read_text("utf-8"))) for path in RULES}
    for path, layer in layers.items():
        for word in parts(path)[0]:
            concluded.setdefault(word, set()).add(layer)
    for path, layer in layers.items():
        late = {word for word in parts(path)[1] if min(concluded.get(word, {0})) > layer}
        assert not late, (path.name, late)


def test_the_manual_names_the_layers_in_their_order() -> None:
    assert re.findall(r"^\| `(\w+)` \|", MANUAL, re.M) == list(LAYERS)
    (example,) = re.findall(r"```sparql\n(.*?)```", MANUAL, re.S)
    assert example in {path.read_text(encoding="utf-8") for path in RULES}


def test_layers_run_in_their_order_whatever_the_files_are_called(tmp_path: Path) -> None:
    late, early = tmp_path / "1.rq", tmp_path / "2.rq"
    late.write_text("#+ layer: conclusions\nCONSTRUCT { <x:late> <x:p> ?o } { <x:early> <x:p> ?o }")
    early.write_text("#+ layer: facts\nCONSTRUCT { <x:early> <x:p> 1 } {}")
    for last, count in (("facts", 1), ("descent", 1), ("conclusions", 2)):
        store = ox.Store()
        apply_rules(store, [late, early], last)
        assert len(store) == count


@pytest.mark.parametrize("header", ["", "#+ layer: lore\n", "# layer: facts\n"])
def test_a_rule_of_no_layer_is_refused(header: str, tmp_path: Path) -> None:
    rule = tmp_path / "mine.rq"
    rule.write_text(f"{header}CONSTRUCT {{ ?a ?b ?c }} {{ ?a ?b ?c }}", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        apply_rules(ox.Store(), [rule])
    assert refused.value.code == "bad-rule"
    assert "one of: facts, descent, conclusions" in (refused.value.remedy or "")
