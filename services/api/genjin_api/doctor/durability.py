"""Whether an acknowledged write is still there after the worst: a crash of Postgres, of the machine, of the disk."""

from genjin.settings import ApiSettings
from genjin_api.doctor.finding import Finding, fatal, ok, warn
from genjin_api.doctor.server import Server


def synchronous_commit(server: Server, _settings: ApiSettings) -> Finding:
    """The API's own connections never go below `on` (genjin.postgres); that a new one would is refused all the same:
    somebody has decided that commits of this login or server may be lost.
    """
    name, value = "synchronous_commit", server.settings["synchronous_commit"]
    if value == "off":
        return fatal(
            name,
            "off: a commit is acknowledged before it is on disk, and a crash loses it",
            "ALTER SYSTEM, ALTER DATABASE or ALTER ROLE … RESET synchronous_commit, whichever has set it",
        )
    if value in ("local", "remote_write") and server.settings["synchronous_standby_names"]:
        return warn(
            name,
            f"{value}: standbys are named, but a commit does not wait until one has it on disk",
            "set it to on, so that a failover loses nothing that was acknowledged",
        )
    return ok(name, value)


def fsync(server: Server, _settings: ApiSettings) -> Finding:
    if server.on("fsync"):
        return ok("fsync", "on")
    return fatal(
        "fsync",
        "off: nothing is forced to disk, and a crash of the machine can destroy the whole database",
        "set fsync = on in postgresql.conf, reload, and run `initdb --sync-only` or restore a backup",
    )


def full_page_writes(server: Server, settings: ApiSettings) -> Finding:
    name = "full_page_writes"
    if server.on(name):
        return ok(name, "on")
    if settings.storage_writes_whole_pages:
        return ok(name, "off, on storage that is said to write whole pages")
    return fatal(
        name,
        "off: a page that a crash leaves half written takes acknowledged rows with it",
        "set full_page_writes = on and reload; where the storage never tears a page (ZFS, Aurora) say so with"
        " GENJIN_STORAGE_WRITES_WHOLE_PAGES=true",
    )


def data_checksums(server: Server, _settings: ApiSettings) -> Finding:
    if server.on("data_checksums"):
        return ok("data_checksums", "on")
    return warn(
        "data_checksums",
        "off: a disk that returns wrong bytes is not noticed by Postgres",
        "stop the server and run pg_checksums --enable",
    )


def backups(server: Server, _settings: ApiSettings) -> Finding:
    """A connection shows whether WAL is archived, never whether a backup could be restored."""
    mode, level = server.settings["archive_mode"], server.settings["wal_level"]
    if level == "minimal":
        return warn(
            "backups",
            "wal_level is minimal: no backup of the running server and no standby is possible",
            "set wal_level = replica and restart",
        )
    if mode == "off":
        return warn(
            "backups",
            "cannot be seen from here, and archive_mode is off: between two backups only a standby or a snapshot"
            " keeps what was written",
            "archive the WAL (pgBackRest, WAL-G, your provider's own), and try a restore",
        )
    return ok("backups", f"cannot be seen from here; archive_mode is {mode}. Try a restore")


def standby(server: Server, _settings: ApiSettings) -> Finding:
    if not server.place["in_recovery"]:
        return ok("standby", "connected to a primary")
    return fatal(
        "standby",
        "the server is a standby (pg_is_in_recovery): it takes no writes",
        "connect to the primary; with several hosts in the URL add target_session_attrs=read-write",
    )
