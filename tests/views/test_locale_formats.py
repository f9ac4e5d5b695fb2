"""Numbers, shares and dates are written as the reader's language writes them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jagraph.views.labels import Labels, Reader

EN, JA, FR = (Reader(language, Labels({}, {})) for language in ("en", "ja", "fr"))


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1234567, "1,234,567", "1\u202f234\u202f567"),
        ("-1234", "-1,234", "-1\u202f234"),
        (10**30 + 7, "1" + ",000" * 9 + ",007", "1" + "\u202f000" * 9 + "\u202f007"),
        ("9" * 5000, "9" * 5000, "9" * 5000),
    ],
)
def test_a_number_has_its_thousands_apart(value: int | str, english: str, french: str) -> None:
    assert EN.number(value) == JA.number(value) == english
    assert FR.number(value) == french


def test_a_share_has_one_decimal() -> None:
    assert EN.share(1, 8) == JA.share(1, 8) == "12.5%"
    assert FR.share(1, 8) == "12,5\u00a0%"
    assert EN.share(3, 3) == "100.0%"
    assert EN.share(0, 0) == "0.0%"


@pytest.mark.parametrize(
    ("written", "english", "japanese", "french"),
    [
        ("2024-03-05", "5 March 2024", "2024年3月5日", "5 mars 2024"),
        ("2024-12-31", "31 December 2024", "2024年12月31日", "31 décembre 2024"),
        ("2024-08", "August 2024", "2024年8月", "août 2024"),
        ("2024", "2024", "2024年", "2024"),
        *((other, other, other, other) for other in ("", "2024-13", "2024-02-30", "0000", "soon")),
        ("２０２４", "２０２４", "２０２４", "２０２４"),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(
    written: str, english: str, japanese: str, french: str
) -> None:
    assert [reader.day(written) for reader in (EN, JA, FR)] == [english, japanese, french]


def test_what_is_called_is_loaded_without_babel() -> None:
    asked = "import sys, jagraph.views.labels; print('babel' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
