"""Both services refuse wrong settings in one line each, and never show what stands in them."""

import os

import pytest

from tests import fork_server

GOOD = {
    "GENJIN_SECRET_KEY": "A" * 43,
    "GENJIN_API_DATABASE_URL": "postgresql://u:hunter2@127.0.0.1/db",
    "GENJIN_NOTIFIER_DATABASE_URL": "postgresql://u:hunter2@127.0.0.1/db",
}
WRONG = {
    "GENJIN_SECRET_KEY": "hunter2",
    "GENJIN_LOG_LEVEL": "hunter2",
}


@pytest.mark.parametrize("service", ["genjin_api", "genjin_notifier"])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_and_not_shown(service: str, name: str) -> None:
    assert_named(service, name, GOOD | {name: WRONG[name]})


@pytest.mark.parametrize("service", ["genjin_api", "genjin_notifier"])
def test_a_missing_setting_is_named_and_the_others_are_not_shown(service: str) -> None:
    without = {name: value for name, value in GOOD.items() if name != "GENJIN_SECRET_KEY"}
    assert_named(service, "GENJIN_SECRET_KEY", without)


@pytest.mark.parametrize(
    ("service", "name", "value"),
    [
        ("genjin_api", "GENJIN_API_DATABASE_URL", "http://hunter2"),
        ("genjin_api", "GENJIN_FILE_STORE", "s3"),
        ("genjin_api", "GENJIN_S3_ENDPOINT", "https://user:hunter2@s3.example.com"),
        ("genjin_notifier", "GENJIN_NOTIFIER_DATABASE_URL", "http://hunter2"),
        ("genjin_notifier", "GENJIN_WEBHOOK_ALLOWED_NETWORKS", "10.0.0.0/99"),
    ],
)
def test_a_setting_of_one_service_is_checked_at_its_start(
    service: str, name: str, value: str
) -> None:
    assert_named(service, name, GOOD | {name: value})


def assert_named(service: str, name: str, settings: dict[str, str]) -> None:
    others = {key: value for key, value in os.environ.items() if not key.startswith("GENJIN_")}
    done = fork_server.run(service, env=others | settings)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines] == [name]
    assert "hunter2" not in done.stderr
