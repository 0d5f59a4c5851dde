"""The images hold what runs and nothing else. They are built in CI that has Docker; here their recipe is read."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PUBLIC_BASE = "python:3.12-slim"


class Stage(NamedTuple):
    """One FROM … AS … with its lines."""

    base: str
    lines: list[str]


def read_stages() -> dict[str, Stage]:
    text = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    stages: dict[str, Stage] = {}
    for line in text.splitlines():
        if match := re.fullmatch(r"FROM (\S+) AS (\S+)", line):
            current = Stage(match[1], [])
            stages[match[2]] = current
        elif line and not line.startswith("#"):
            current.lines.append(line)
    return stages


def final_lines(target: str) -> Iterator[str]:
    """Every line that shapes the image: the target's and those of the stages under it."""
    stages = read_stages()
    while target != PUBLIC_BASE:
        yield from stages[target].lines
        target = stages[target].base


@pytest.mark.parametrize("target", ["api", "notifier"])
def test_an_image_runs_as_a_user_who_is_not_root(target: str) -> None:
    users = [line.removeprefix("USER ") for line in final_lines(target) if line.startswith("USER ")]
    assert users == ["genjin"]


@pytest.mark.parametrize("target", ["api", "notifier"])
def test_an_image_says_whether_it_is_healthy_and_what_it_runs(target: str) -> None:
    lines = list(final_lines(target))
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert f'CMD ["python", "-m", "genjin_{target}"]' in lines


@pytest.mark.parametrize("target", ["api", "notifier"])
def test_an_image_has_no_compiler_and_installs_nothing_itself(target: str) -> None:
    for line in final_lines(target):
        assert not re.search(r"apt-get|pip|gcc|build-essential", line), line


@pytest.mark.parametrize("target", ["api", "notifier"])
def test_packages_are_installed_by_hash_from_the_lock_of_the_service(target: str) -> None:
    install = [line for line in read_stages()[f"{target}-packages"].lines if "pip install" in line]
    assert len(install) == 1
    assert "--require-hashes" in install[0]
    assert install[0].endswith(f"-r {target}.txt")


def test_everything_that_is_copied_exists_and_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    for stage in read_stages().values():
        for line in stage.lines:
            if line.startswith("COPY ") and "--from" not in line:
                source = line.split()[1]
                assert (ROOT / source).exists(), source
                assert any(source == path or source.startswith(f"{path}/") for path in sent), source
