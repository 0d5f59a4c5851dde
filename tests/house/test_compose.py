"""docker-compose.yml starts what the README says, and only with secrets from outside."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
# Read by genjin_deploy.migrate itself, not by a settings class.
MIGRATE_VARIABLES = {"DATABASE_URL", "GENJIN_API_PASSWORD", "GENJIN_NOTIFIER_PASSWORD"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = compose["services"]
    return found


def test_there_are_postgres_a_migration_and_the_two_services(services: dict[str, Any]) -> None:
    assert set(services) == {"postgres", "migrate", "api", "notifier"}


@pytest.mark.parametrize("name", ["postgres", "api", "notifier"])
def test_what_keeps_running_has_a_health_check(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", ["api", "notifier"])
def test_a_service_waits_for_the_migration(services: dict[str, Any], name: str) -> None:
    waits = services[name]["depends_on"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert waits["postgres"]["condition"] == "service_healthy"


def test_every_secret_must_come_from_the_environment(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, value in service["environment"].items():
            if re.search(r"PASSWORD|SECRET", name):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), name
            if "://" in value:
                assert re.search(r":\$\{[A-Z_]+:\?[^}]+\}@", value), name


def test_the_database_is_not_published_and_the_api_only_on_this_machine(
    services: dict[str, Any],
) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in services["api"]["ports"])


def test_every_variable_of_a_service_is_a_known_setting(services: dict[str, Any]) -> None:
    from genjin.settings import ApiSettings, NotifierSettings

    for name, settings in (("api", ApiSettings), ("notifier", NotifierSettings)):
        known = {f"GENJIN_{field.upper()}" for field in settings.model_fields}
        assert set(services[name]["environment"]) <= known
    assert set(services["migrate"]["environment"]) == MIGRATE_VARIABLES


def test_every_built_image_is_a_target_of_the_dockerfile(services: dict[str, Any]) -> None:
    for service in services.values():
        if "build" in service:
            dockerfile = (ROOT / service["build"]["dockerfile"]).read_text(encoding="utf-8")
            assert re.search(rf"^FROM \S+ AS {service['build']['target']}$", dockerfile, re.M)
