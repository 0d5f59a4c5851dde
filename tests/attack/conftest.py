"""Another database of the same server, for transactions that have nothing to do with the log."""

import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres


@pytest.fixture
def postgres_url(postgres: EmbeddedPostgres) -> str:
    return postgres.dsn()
