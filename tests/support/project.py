"""The two projects that tests ask: the live records, and the small frozen ones."""

import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "tiny"
Run = Callable[..., "subprocess.CompletedProcess[str]"]
