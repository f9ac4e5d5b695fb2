"""A run that has to end says which tests it did not begin."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support.project import ROOT


def test_what_is_not_begun_in_time_is_said() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "tests/query/test_tables.py"]
    variables = {**os.environ, "JAGRAPH_TESTS_END": "1"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.returncode == 0
    assert "not begun by JAGRAPH_TESTS_END" in done.stdout
    assert "passed" not in done.stdout
