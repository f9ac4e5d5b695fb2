"""The command line as its user meets it: exit codes, what goes to stdout, what to stderr."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.support.project import ROOT, TINY, Run

DONE, WRONG_DATA, WRONG_REQUEST, OUTSIDE = 0, 1, 2, 3
VERBS = (
    *("query", "sparql", "show", "search", "terms", "check", "lineage", "draw", "chart", "export"),
    *("serve", "mcp", "validate", "build", "verify", "stats", "new", "fmt"),
)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_teaches(verb: str, jagraph: Run) -> None:
    done = jagraph(verb, "--help")
    assert done.returncode == DONE
    assert done.stdout.startswith(f"Usage: jagraph {verb}")
    assert "--project DIR" in done.stdout
    assert "\\b" not in done.stdout


def test_help_lists_the_verbs_and_the_exit_codes(jagraph: Run) -> None:
    text = jagraph("--help").stdout
    assert all(f"\n  {verb} " in text for verb in VERBS)
    assert "Exit codes" in text


def test_gallery_lists_every_saved_query_with_its_question(jagraph: Run) -> None:
    lines = jagraph("query", "--project", TINY).stdout.splitlines()
    entries = [line for line in lines if line.startswith("  ")]
    assert sorted(line.split()[0] for line in entries) == sorted(
        path.stem for path in (ROOT / "queries").glob("*.rq")
    )
    assert all(line.endswith("?") for line in entries)


def test_piped_answer_is_tsv_and_progress_goes_to_stderr(jagraph: Run) -> None:
    done = jagraph("query", "descendants-with-terms", "--base", "mountain", "--project", TINY)
    golden = (TINY / "golden/descendants-with-terms.tsv").read_text(encoding="utf-8")
    assert done.stdout == golden
    assert "\t" not in done.stderr


def test_quiet_says_nothing_but_the_answer(jagraph: Run, copy: Path) -> None:
    done = jagraph("query", "developers", "-q", "--project", copy)
    assert done.returncode == DONE
    assert done.stderr == ""


def test_verbose_shows_the_sparql(jagraph: Run) -> None:
    done = jagraph("query", "descendants", "--base", "Mountain", "-v", "--project", TINY)
    assert "VALUES ?base" in done.stderr
    assert "SELECT" not in done.stdout


def test_query_help_names_parameters_and_defaults(jagraph: Run) -> None:
    done = jagraph("query", "descendants-with-terms", "--help", "--project", TINY)
    assert "--base" in done.stdout
    assert "--terms" in done.stdout
    assert "default" in done.stdout


@pytest.mark.parametrize("form", ["table", "tsv", "csv", "json", "md"])
def test_every_format_has_the_same_rows(form: str, jagraph: Run, tmp_path: Path) -> None:
    target = tmp_path / f"answer.{form}"
    option = ["--format", form] if form == "table" else []
    done = jagraph("query", "developers", *option, "-o", target, "--project", TINY)
    assert done.returncode == DONE
    assert done.stdout == ""
    text = target.read_text(encoding="utf-8")
    assert "Hanako Tanaka" in text
    if form == "json":
        assert len(json.loads(text)["results"]["bindings"]) == 3


def test_answer_without_rows_is_an_answer(jagraph: Run) -> None:
    done = jagraph("query", "descendants", "--base", "sora", "--project", TINY)
    assert done.returncode == DONE
    assert len(done.stdout.splitlines()) == 1


def test_sparql_from_text_file_and_stdin_agree(jagraph: Run, tmp_path: Path) -> None:
    text = "SELECT ?name { ?m a jag:Model ; rdfs:label ?name } ORDER BY ?name"
    (tmp_path / "names.rq").write_text(text, encoding="utf-8")
    given = jagraph("sparql", text, "--project", TINY).stdout
    assert given == jagraph("sparql", "names.rq", "--project", TINY).stdout
    assert given == jagraph("sparql", "-", "--project", TINY, stdin=text).stdout
    assert given.splitlines()[0] == "name"
    assert "Ume-7b-chat" in given


def test_a_byte_order_mark_before_a_query_is_no_part_of_it(jagraph: Run, tmp_path: Path) -> None:
    text = "SELECT ?name { ?m a jag:Model ; rdfs:label ?name } ORDER BY ?name"
    given = jagraph("sparql", text, "--project", TINY).stdout
    marked = tmp_path / "names.rq"
    marked.write_text(text, encoding="utf-8-sig")
    for asked, stdin in ((marked, ""), ("-", "\ufeff" + text), ("\ufeff" + text, "")):
        assert jagraph("sparql", asked, "--project", TINY, stdin=stdin).stdout == given
    saved = (ROOT / "queries/developers.rq").read_bytes()
    (tmp_path / "own").mkdir()
    (tmp_path / "own/mine.rq").write_bytes(b"\xef\xbb\xbf" + saved)
    own = jagraph("query", "mine", "--queries", tmp_path / "own", "--project", TINY)
    assert own.returncode == 0
    assert own.stdout == jagraph("query", "developers", "--project", TINY).stdout


def test_ask_and_construct_answer_in_their_own_way(jagraph: Run) -> None:
    ask = jagraph("sparql", "ASK { model:ume-7b a jag:Model }", "--project", TINY)
    assert ask.stdout == "true\n"
    construct = "CONSTRUCT { ?m a jag:Model } WHERE { ?m a jag:Model }"
    done = jagraph("sparql", construct, "--project", TINY)
    assert "a jag:Model" in done.stdout or "jag:Model" in done.stdout
    assert done.stdout.startswith("@prefix")


def test_show_gives_words_cell_and_line(jagraph: Run) -> None:
    done = jagraph("show", "Kiku", "--project", TINY)
    assert "data/models/kiku.yaml:1" in done.stdout
    assert '"Mountain Community License"  <license-cell, ask-first>  @7' in done.stdout
    assert "    ship: only if: " in done.stdout
    assert "    non-commercial: conditional (declared)" in done.stdout


def test_search_finds_by_part_alias_and_japanese(jagraph: Run) -> None:
    assert "family/ume\tUme" in jagraph("search", "梅", "--project", TINY).stdout
    assert "dataset/encyclopedia\t" in jagraph("search", "ency", "--project", TINY).stdout
    none = jagraph("search", "zzz", "--project", TINY)
    assert (none.returncode, none.stdout) == (DONE, "")
    assert "0 found" in none.stderr


def test_lineage_lists_depths_and_marks_what_is_open(jagraph: Run) -> None:
    up = jagraph("lineage", "hana", "--up", "--project", TINY).stdout
    assert "3   Mountain-7b  [Mountain]" in up
    assert "fineTunedFrom Ume-7b-chat  (not certain)  <merge-cell>" in up
    assert "Take-7b  [Take]  (withdrawn)" in up
    found = json.loads(
        jagraph("lineage", "hana", "--up", "--format", "json", "--project", TINY).stdout
    )
    assert {edge["relation"] for edge in found["derivations"]} >= {"mergedFrom", "fineTunedFrom"}
    table = jagraph("lineage", "hana", "--up", "--format", "tsv", "--project", TINY).stdout
    assert table.splitlines()[0] == "child\trelation\tparent\tcertain\tstated"


def test_lineage_chain_between_two(jagraph: Run) -> None:
    done = jagraph("lineage", "hana-7b", "--to", "mountain", "--project", TINY)
    assert done.returncode == DONE
    assert "4 models, 3 derivations" in done.stderr


def test_cycle_is_reported_and_survived(jagraph: Run, copy: Path) -> None:
    record = copy / "data/models/sora.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(
        text + "  - {relation: mergedFrom, from: sora-1b, stated: merge-cell}\n", encoding="utf-8"
    )
    done = jagraph("lineage", "sora", "--project", copy)
    assert done.returncode == DONE
    assert "warning: a cycle in the derivations: model/sora-1b" in done.stderr


def test_stats_counts_rows_per_section(jagraph: Run) -> None:
    done = jagraph("stats", "--project", TINY)
    lines = done.stdout.splitlines()
    assert "rows: Continued models\t5" in lines
    assert "models\t14" in lines
    assert re.search(r"^jagraph [0-9.]+, rules [0-9.]+, data of 2025-01-27$", done.stderr, re.M)


def test_export_to_a_file_and_to_a_pipe_agree(jagraph: Run, tmp_path: Path) -> None:
    jagraph("export", "-o", tmp_path / "graph.nt", "--project", TINY)
    piped = jagraph("export", "--format", "nt", "--project", TINY).stdout
    assert (tmp_path / "graph.nt").read_text(encoding="utf-8") == piped


def test_new_record_is_written_once(jagraph: Run, copy: Path) -> None:
    done = jagraph("new", "datasets", "poems", "--name", "Poems", "--project", copy)
    assert done.returncode == DONE
    path = copy / "data/datasets/poems.yaml"
    assert path.read_text(encoding="utf-8").startswith("name: Poems\n")
    again = jagraph("new", "datasets", "poems", "--project", copy)
    assert again.returncode == WRONG_REQUEST
    assert "error[exists]" in again.stderr


def test_every_kind_can_be_begun(jagraph: Run, copy: Path) -> None:
    kinds = [path.name for path in sorted((TINY / "data").iterdir())]
    for kind in kinds:
        assert jagraph("new", kind, "first-one", "--project", copy).returncode == DONE
        assert (copy / "data" / kind / "first-one.yaml").is_file()
    done = jagraph("validate", *(f"data/{k}/first-one.yaml" for k in kinds), "--project", copy)
    # what is to be filled in is refused as such; every key is known and in its place
    assert "unknown-key" not in done.stdout
    assert "misplaced-key" not in done.stdout


def test_fmt_tidies_and_check_only_tells(jagraph: Run, copy: Path) -> None:
    record = copy / "data/models/ume.yaml"
    fine = record.read_text(encoding="utf-8")
    record.write_bytes(("# か\u3099\n" + fine.replace("\n", "  \r\n", 1) + "\n\n").encode())
    told = jagraph("fmt", "--check", "--project", copy)
    assert (told.returncode, told.stdout) == (WRONG_DATA, "data/models/ume.yaml\n")
    assert jagraph("fmt", "--project", copy).returncode == DONE
    assert record.read_text(encoding="utf-8") == "# が\n" + fine
    assert jagraph("fmt", "--check", "--project", copy).returncode == DONE


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["query", "descendant"], "unknown-query", "did you mean descendants"),
        (["query", "descendants", "--bas", "ume"], "unknown-parameter", "--base"),
        (["query", "descendants", "--base=ume", "--base", "kiku"], "bad-parameter", "give it once"),
        (["query", "descendants", "--base", "nothing"], "unknown-name", "jagraph search"),
        (["query", "descendants", "--base"], "missing-value", "--base VALUE"),
        (["query", "descendants", "ume"], "bad-parameter", "--NAME VALUE"),
        (["query", "models-with-terms", "--terms", "naming-duty"], "bad-parameter", "naming"),
        (["query", "developers", "--format", "xlsx"], "unknown-format", "csv"),
        (["sparql", "SELECT ?x { ?x a }"], "bad-sparql", "1:19"),
        (["sparql", "ASK {}", "--format", "yaml"], "unknown-format", "json"),
        (["show", "Umee"], "unknown-name", "did you mean family/ume"),
        (["show", "Open License", "--format", "xml"], "usage", "xml"),
        (["lineage", "ume", "--to", "kiku", "--up"], "bad-selection", "--to"),
        (["lineage", "ume", "--depth", "0"], "usage", "0"),
        (["lineage", "ume-7b", "--to", "kiku-70b"], "no-path", "neither descends"),
        (["draw", "ume", "-o", "ume.docx"], "unknown-format", "svg"),
        (["draw", "license/open"], "unknown-name", "family"),
        (["export", "-o", "graph.xml"], "unknown-format", "ttl"),
        (["new", "model", "x"], "unknown-kind", "did you mean models"),
        (["new", "models", "Ume 7B"], "bad-id", "small letters"),
        (["validate", "--format", "xml"], "unknown-format", "github"),
        (["validate", "x.yaml", "--store", "hub.store"], "paths-of-a-store", "leave the PATHs"),
        (["nonsense"], "usage", "nonsense"),
        (["query", "developers", "--format"], "usage", "--format"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_request_says_what_and_what_to_do(
    args: list[str], code: str, says: str, jagraph: Run
) -> None:
    project = [] if args == ["nonsense"] else ["--project", str(TINY)]
    done = jagraph(args[0], *project, *args[1:])
    assert done.returncode == WRONG_REQUEST, done.stderr
    assert done.stdout == ""
    assert f"error[{code}]" in done.stderr
    assert says in done.stderr
    assert "help:" in done.stderr
    assert "Traceback" not in done.stderr


def test_ambiguous_name_lists_the_candidates(jagraph: Run, copy: Path) -> None:
    (copy / "data/datasets/ume.yaml").write_text("name: Ume\n", encoding="utf-8")
    done = jagraph("show", "Ume", "--project", copy)
    assert done.returncode == WRONG_REQUEST
    assert "say which: dataset/ume, family/ume" in done.stderr
    assert jagraph("show", "dataset/ume", "--project", copy).returncode == DONE


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["stats", "--project", "nowhere"], "no-project"),
        (["validate", "nowhere.yaml", "--project", str(TINY)], "missing-file"),
        (["sparql", "nowhere.rq", "--project", str(TINY)], "missing-file"),
        (["export", "-o", "no/such/folder/g.ttl", "--project", str(TINY)], "not-written"),
    ],
)
def test_what_is_missing_outside_is_said(args: list[str], code: str, jagraph: Run) -> None:
    done = jagraph(*args)
    assert done.returncode == OUTSIDE
    assert f"error[{code}]" in done.stderr
    assert "help:" in done.stderr


def test_failed_write_leaves_the_old_file_whole(jagraph: Run, tmp_path: Path) -> None:
    target = tmp_path / "graph.ttl"
    target.mkdir()
    (target / "kept").write_text("old", encoding="utf-8")
    done = jagraph("export", "-o", target, "--project", TINY)
    assert done.returncode == OUTSIDE
    assert (target / "kept").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["graph.ttl"]


def test_broken_record_stops_an_answer_with_its_place(jagraph: Run, copy: Path) -> None:
    (copy / "data/models/ume.yaml").write_text("name: Ume\nnane: x\n", encoding="utf-8")
    done = jagraph("query", "developers", "--project", copy)
    assert done.returncode == WRONG_DATA
    assert "--> data/models/ume.yaml:2:1" in done.stderr
    assert "did you mean none or name" in done.stderr


def test_without_a_cache_folder_the_answer_comes_from_memory(jagraph: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    env = {"JAGRAPH_CACHE": str(tmp_path / "file/cache")}
    done = jagraph("stats", "--project", TINY, env=env)
    assert done.returncode == DONE
    assert done.stdout.startswith("what\tcount\n")
    assert "answering from memory" in done.stderr
    assert "help: " in done.stderr


def test_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m jagraph export --format nt --project {TINY} | head -n 1"
    shell = shutil.which("bash")
    assert shell
    done = subprocess.run(
        [shell, "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, cwd=tmp_path
    )
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_version(jagraph: Run) -> None:
    assert jagraph("--version").stdout.startswith("jagraph, version 0.1.0")
