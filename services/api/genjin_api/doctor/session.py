"""Whether statements run as the API takes for granted: version, encoding, isolation, limits, clock, connections."""

from genjin.postgres import connection_settings
from genjin.settings import ApiSettings
from genjin_api.doctor.finding import Finding, fatal, ok, warn
from genjin_api.doctor.server import Server

OLDEST_MAJOR, NEWEST_TESTED_MAJOR = 15, 18
CLOCK_SECONDS_MAX = 2.0
_LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def server_version(server: Server, _settings: ApiSettings) -> Finding:
    name, version = "server_version", server.settings["server_version"]
    major = server.number("server_version_num") // 10000
    if major < OLDEST_MAJOR:
        return fatal(name, f"PostgreSQL {version}", f"upgrade to {OLDEST_MAJOR} or newer")
    if major > NEWEST_TESTED_MAJOR:
        reason = f"PostgreSQL {version} is newer than this release was tested on"
        return warn(name, reason, f"use {NEWEST_TESTED_MAJOR}, or try it well first")
    return ok(name, f"PostgreSQL {version}")


def encoding(server: Server, _settings: ApiSettings) -> Finding:
    found = server.settings["server_encoding"]
    if found == "UTF8":
        return ok("encoding", found)
    return fatal(
        "encoding",
        f"the database is in {found}: it cannot keep every text, and hashes are of UTF-8",
        "make a database with ENCODING 'UTF8' and restore into it",
    )


def isolation(server: Server, _settings: ApiSettings) -> Finding:
    found = server.settings["default_transaction_isolation"]
    if found == "read committed":
        return ok("isolation", found)
    return fatal(
        "isolation",
        f"default_transaction_isolation is {found}: an append would not see the one before it, and refuses",
        "RESET default_transaction_isolation where it was set (ALTER SYSTEM, DATABASE or ROLE)",
    )


def writable(server: Server, _settings: ApiSettings) -> Finding:
    if not server.on("default_transaction_read_only"):
        return ok("writable", "transactions may write")
    return fatal(
        "writable",
        "default_transaction_read_only is on: every append would fail",
        "RESET default_transaction_read_only where it was set (ALTER SYSTEM, DATABASE or ROLE)",
    )


def triggers(server: Server, _settings: ApiSettings) -> Finding:
    found = server.settings["session_replication_role"]
    if found in ("origin", "local"):
        return ok("triggers", "fire")
    return fatal(
        "triggers",
        f"session_replication_role is {found}: the triggers that guard the log do not fire",
        "RESET session_replication_role where it was set (ALTER SYSTEM, DATABASE or ROLE)",
    )


def time_limits(server: Server, _settings: ApiSettings) -> Finding:
    """Those that the API asks for at the connection; a pooler may swallow them."""
    wanted = connection_settings("genjin_api")
    if all(server.settings[name] == wanted[name] for name in _LIMITS):
        return ok("time_limits", "as the API sets them")
    found = ", ".join(f"{name} {server.settings[name]} ms" for name in _LIMITS)
    return warn(
        "time_limits",
        f"what the API sets at the connection has not arrived: {found}",
        "let the pooler between pass start-up parameters on, or connect directly",
    )


def pooler(server: Server, _settings: ApiSettings) -> Finding:
    if server.announced_pid == server.place["backend_pid"]:
        return ok("pooler", "none between")
    return warn(
        "pooler",
        "a pooler stands between: role, time limits and prepared statements belong to a session",
        "let it pool by session (pool_mode = session) for the API and the notifier, or connect directly",
    )


def clock(server: Server, _settings: ApiSettings) -> Finding:
    ahead = server.clock_ahead_seconds
    if abs(ahead) <= CLOCK_SECONDS_MAX:
        return ok("clock", f"{ahead:+.3f} s from this host's")
    return warn(
        "clock",
        f"the database's clock is {ahead:+.1f} s from this host's: times said by clients may be refused as future",
        "let both follow the same time servers (chrony, NTP)",
    )


def connections(server: Server, settings: ApiSettings) -> Finding:
    """Reading goes by two pools, appending by one; live streams share a connection that listens."""
    wanted = 2 * settings.pool_size + settings.writer_connections + 1
    limits = {
        "max_connections less the reserved": server.number("max_connections")
        - server.number("superuser_reserved_connections")
        - server.number("reserved_connections"),
        "the login's limit": server.place["login_connections"],
        "the database's limit": server.place["database_connections"],
    }
    short = [f"{name} is {limit}" for name, limit in limits.items() if 0 <= limit < wanted]
    if not short:
        return ok("connections", f"one API process opens up to {wanted}")
    return warn(
        "connections",
        f"one API process opens up to {wanted} connections; {', '.join(short)}",
        "lower GENJIN_POOL_SIZE, or raise the limit",
    )
