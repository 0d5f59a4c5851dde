"""What a person may set for `make run`, by environment variables."""

import sys
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from genjin_deploy.ports import HOST


class RunSettings(BaseSettings):
    """GENJIN_PORT, GENJIN_RECEIVER_PORT, GENJIN_DATA and DATABASE_URL."""

    model_config = SettingsConfigDict(env_prefix="GENJIN_", extra="ignore", frozen=True)

    port: int = Field(8000, ge=1, le=65535, description="where the API listens")
    receiver_port: int = Field(8010, ge=1, le=65535, description="where the demo receiver listens")
    data: Path = Field(Path(".genjin"), description="folder of the demo's data and logs")
    database_url: str | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="a database to use instead of the embedded one; its login must be allowed to create roles",
    )

    @property
    def folder(self) -> Path:
        return self.data.resolve()

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def api_url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def receiver_url(self) -> str:
        return f"http://{HOST}:{self.receiver_port}"


def read_run_settings() -> RunSettings:
    """Exits with one line per variable that cannot be used."""
    try:
        return RunSettings()
    except ValidationError as error:
        sys.exit("\n".join(f"{_variable(e['loc'])}: {e['msg']}" for e in error.errors()))


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return name if name.isupper() else f"GENJIN_{name.upper()}"
