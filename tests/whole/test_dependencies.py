"""What jagraph needs is listed with its licence, and locked with hashes."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from tests.support.dependencies import ALLOWED, DOCUMENT, EXCEPTIONS, Package, installed, is_allowed
from tests.support.project import ROOT

LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
LOCKED = {package["name"]: package for package in LOCK["package"]}
LISTED = dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+?) \|", DOCUMENT.read_text("utf-8"), re.M))


def test_every_package_is_listed_with_the_licence_it_declares() -> None:
    for package in installed():
        assert LISTED.get(package.name) == package.license, (
            "run python -m tests.support.dependencies"
        )


def test_nothing_is_listed_that_is_not_locked() -> None:
    assert {name for name in LISTED if name not in LOCKED} == {"package"}


def test_a_licence_is_on_the_list_or_explained() -> None:
    unclear = {package.name for package in installed() if not is_allowed(package)}
    assert unclear <= set(EXCEPTIONS)
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, reason in EXCEPTIONS.items():
        assert f"- **{name}**: {reason}." in text


def test_what_is_undeclared_or_asks_for_more_is_not_allowed() -> None:
    for license_ in ("not declared", "GPL-3.0-only", "EPL-2.0 AND MIT", "MIT AND IPA", ""):
        assert not is_allowed(Package("some", license_, is_direct=True)), license_
    assert is_allowed(Package("some", "GPL-2.0-only OR MIT", is_direct=True))
    assert "not declared" not in ALLOWED


def test_the_lock_has_a_hash_of_every_file_and_all_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for text in asked:
        wanted = Requirement(text)
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        assert wanted.specifier.contains(LOCKED[name]["version"]), text
    for name, package in LOCKED.items():
        files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        assert bool(files) == (name != "jagraph")
        for file in files:
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", file["hash"])
            assert file["url"].startswith("https://files.pythonhosted.org/")
