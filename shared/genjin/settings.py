"""Settings of the services, from environment variables with the prefix GENJIN_ (README has the table).

Their values may be secrets, so an error names the variable and the rule, never the value.
"""

import base64
import sys
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Network = IPv4Network | IPv6Network


def _split(value: object) -> object:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
CommaSeparatedNumbers = Annotated[tuple[float, ...], NoDecode, BeforeValidator(_split)]


def _postgres_url(value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://", "postgresql+asyncpg://")):
        raise ValueError("must begin with postgresql://")
    return value


PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]


class SharedSettings(BaseSettings):
    """What both services need."""

    model_config = SettingsConfigDict(
        env_prefix="GENJIN_", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    secret_key: SecretStr = Field(
        description="base64url of 32 random bytes; encrypts webhook secrets, signs cursors"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error"
    )
    calendar: str = Field(
        "CN",
        pattern=r"^[A-Z]{2}$",
        description="country (ISO 3166) whose working days are counted",
    )

    @field_validator("secret_key")
    @classmethod
    def _has_32_bytes(cls, value: SecretStr) -> SecretStr:
        if len(_decode(value)) != 32:
            raise ValueError("must be base64url of exactly 32 bytes")
        return value

    @property
    def secret_key_bytes(self) -> bytes:
        return _decode(self.secret_key)


def _decode(value: SecretStr) -> bytes:
    text = value.get_secret_value()
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class ApiSettings(SharedSettings):
    """The API process."""

    api_database_url: PostgresUrl = Field(
        description="postgresql:// URL of a login that is, or may become, genjin_api"
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, description="port to listen on")
    pool_size: int = Field(8, ge=2, le=100, description="Postgres connections for reading")
    writer_connections: int = Field(
        4, ge=1, le=16, description="Postgres connections for appending; one workspace uses two"
    )
    append_batch_max: int = Field(
        128, ge=1, le=1000, description="appends that may share one call and one fsync"
    )
    append_queue_max: int = Field(
        2000, ge=1, description="appends that may wait; more are answered 503"
    )
    append_timeout_seconds: float = Field(10.0, gt=0, description="deadline of one append")
    state_cache_megabytes: int = Field(
        256, ge=1, description="memory for folded states of streams, as estimated"
    )
    body_bytes_max: int = Field(
        512 * 1024, ge=1024, description="largest request body; more is answered 413"
    )
    body_depth_max: int = Field(32, ge=4, description="deepest nesting of a request body")
    file_bytes_max: int = Field(
        10 * 2**20,
        ge=1,
        le=100 * 2**20,
        description="largest file to attach; more is answered 413",
    )
    file_transfers_max: int = Field(
        16, ge=1, description="files on their way in or out, each in memory; more are refused"
    )
    s3_endpoint: str | None = Field(
        None,
        pattern=r"^https?://[^/?#@]+/?$",
        description="an S3-compatible store, as https://s3.example.com",
    )
    s3_region: str = Field("us-east-1", pattern=r"^[a-z0-9-]{1,40}$", description="its region")
    s3_bucket: str | None = Field(
        None, pattern=r"^[a-z0-9][a-z0-9.-]{1,62}$", description="the bucket for the files"
    )
    s3_access_key_id: str | None = Field(
        None, pattern=r"^[!-+.-~]{1,128}$", description="a key that may get and put objects there"
    )
    s3_secret_access_key: SecretStr | None = Field(None, description="its secret")
    file_store: Literal["postgres", "s3"] = Field(
        "postgres", description="where new files are kept; s3 needs the settings of a store"
    )
    webhook_allow_http: bool = Field(
        False, description="accept http:// webhook URLs besides https://"
    )
    storage_writes_whole_pages: bool = Field(
        False,
        description="the database's storage never tears a page (ZFS, Aurora): full_page_writes may be off",
    )
    streams_max: int = Field(
        500, ge=1, description="live streams and exports under way; more are answered 503"
    )
    streams_per_person_max: int = Field(8, ge=1, description="of one person; more are answered 429")
    stream_heartbeat_seconds: float = Field(
        15.0, gt=0, description="a live stream is not silent for longer"
    )
    stream_life_seconds: float = Field(
        3600.0, gt=0, description="then a live stream ends, and its client comes again"
    )
    stream_stall_seconds: float = Field(
        30.0, gt=0, description="a client that takes nothing for so long is cut off"
    )
    stream_buffer_bytes: int = Field(
        256 * 1024, ge=1024, description="text read at once for one client of a stream or export"
    )
    stream_poll_seconds: float = Field(
        1.0, gt=0, description="how often live streams look at the log without a wake-up"
    )

    @field_validator("file_store")
    @classmethod
    def _has_its_store(cls, value: str, info: ValidationInfo) -> str:
        named = ("s3_endpoint", "s3_bucket", "s3_access_key_id", "s3_secret_access_key")
        missing = [f"GENJIN_{name.upper()}" for name in named if not info.data.get(name)]
        if value == "s3" and missing:
            raise ValueError(f"s3 needs {', '.join(missing)}")
        return value


class NotifierSettings(SharedSettings):
    """The notifier process."""

    notifier_database_url: PostgresUrl = Field(
        description="postgresql:// URL of a login that is, or may become, genjin_notifier"
    )
    webhook_allow_http: bool = Field(False, description="deliver to http:// URLs besides https://")
    webhook_allowed_networks: CommaSeparated = Field(
        (), description="networks (CIDR) that webhooks may reach although they are not public"
    )
    retry_schedule_seconds: CommaSeparatedNumbers = Field(
        (1, 5, 30, 120, 600, 1800, 3600, 10800, 21600, 43200, 86400, 86400),
        description="waits after each failed attempt; after the last the event is parked",
    )
    retry_jitter: float = Field(
        0.2, ge=0, le=1, description="share of a wait that is added at random"
    )
    attempt_timeout_seconds: float = Field(10.0, gt=0, description="total deadline of one attempt")
    response_bytes_max: int = Field(
        16 * 1024, description="how much of an answer is read at the most"
    )
    poll_seconds: float = Field(
        0.05, gt=0, description="how often the log is looked at without a wake-up"
    )
    in_flight_max: int = Field(256, ge=1, description="attempts under way at once")
    in_flight_per_subscription_max: int = Field(
        16, ge=1, description="attempts under way at once to one receiver"
    )
    read_batch_max: int = Field(500, ge=1, description="events read at once")
    seal_seconds: float = Field(
        1.0, gt=0, description="how often a log with new events gets a signed checkpoint"
    )
    scrub_events_max: int = Field(
        1000, ge=1, le=10_000, description="old events read again and hashed between two pauses"
    )
    scrub_pause_seconds: float = Field(
        1.0, gt=0, le=3600, description="pause of the reading of old events"
    )
    clock_seconds: float = Field(
        30.0, gt=0, le=3600, description="how often the clock looks for what has become overdue"
    )
    log_origin: str = Field(
        "genjin",
        pattern=r"^[!-*,-~]{1,100}$",
        description="first part of the name of logs that are sealed for the first time",
    )

    @field_validator("webhook_allowed_networks")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            ip_network(text)
        return value

    @property
    def allowed_networks(self) -> tuple[Network, ...]:
        return tuple(ip_network(text) for text in self.webhook_allowed_networks)


Settings = TypeVar("Settings", bound=SharedSettings)


def read_settings(kind: type[Settings]) -> Settings:
    """The settings of a service; or one line per variable that cannot be used, and exit 2."""
    try:
        return kind()
    except ValidationError as error:
        for problem in error.errors(include_input=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"GENJIN_{name}: {problem['msg']}\n")
        sys.exit(2)
