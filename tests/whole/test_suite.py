"""A run that has to end says which tests it did not begin."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.support.project import ROOT

pytestmark = pytest.mark.slow


def test_what_is_not_begun_in_time_is_said() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "tests/query/test_tables.py"]
    variables = {**os.environ, "JAGRAPH_TESTS_END": "1"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.returncode == 0
    assert "tests were NOT BEGUN" in done.stdout.splitlines()[-1]
    assert "passed" not in done.stdout
