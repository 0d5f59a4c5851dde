"""The locks: every file by its hash, no address to download from, in step with pyproject.toml."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["api", "notifier", "dev", "peers"]


def read_lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def packages(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.M))


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    names = (re.split(r"[\[<>=!~;, ]", line, maxsplit=1)[0] for line in lines)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_and_has_a_hash(name: str) -> None:
    requirements = re.split(r"\n(?=[a-z0-9])", read_lock(name).strip())
    assert len(requirements) > 5
    for requirement in requirements:
        assert re.match(r"[a-z0-9._\[\]-]+==\S+ ", requirement), requirement[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", requirement), requirement[:80]


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_address(name: str) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", read_lock(name))


@pytest.mark.parametrize(
    ("name", "extras"),
    [("api", ["api"]), ("notifier", ["notifier"]), ("dev", ["api", "notifier", "deploy", "dev"])],
)
def test_a_lock_holds_what_pyproject_declares(name: str, extras: list[str]) -> None:
    assert declared(*extras) <= packages(read_lock(name))


def test_the_services_run_on_the_versions_that_the_tests_run_on() -> None:
    tested = set(re.findall(r"^\S+==\S+", read_lock("dev"), re.M))
    for name in ("api", "notifier"):
        assert set(re.findall(r"^\S+==\S+", read_lock(name), re.M)) <= tested


def test_every_npm_package_is_locked_by_its_hash_and_without_an_address() -> None:
    folder = ROOT / "tests" / "bench" / "peers" / "node"
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    declared_there = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    own, *packages = lock["packages"].values()
    assert own["dependencies"] == declared_there["dependencies"]
    assert len(packages) > 5
    for package in packages:
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"]), package
        assert "resolved" not in package
