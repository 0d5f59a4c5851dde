"""Whether the API can do what it must, and cannot do what would undo the log."""

from genjin.settings import ApiSettings
from genjin_api.doctor.finding import Finding, fatal, ok, warn
from genjin_api.doctor.server import GUARDED_TABLES, Server

ROLE = "genjin_api"
_SHOWN_MAX = 8


def log_rights(server: Server, _settings: ApiSettings) -> Finding:
    name, role = "log_rights", server.place["acts_as"]
    if server.place["superuser"]:
        return fatal(
            name,
            f"{role} is a superuser: it can rewrite the log",
            f"ALTER ROLE {role} NOSUPERUSER, or log in as {ROLE}",
        )
    if owned := [table.table for table in server.log_tables if table.owned]:
        return fatal(
            name,
            f"{role} has the rights of the owner of {_some(owned)}: it can take their guard away",
            f"log in as {ROLE}, and keep the owner's login for migrations",
        )
    held = [f"{right} on {table.table}" for table in server.log_tables for right in table.rights]
    if held:
        return fatal(
            name,
            f"{role} may {_some(held)}: the log is insert-only",
            f"REVOKE these from {role}, and from PUBLIC and the roles it is in",
        )
    return ok(name, "the log can only be added to")


def log_guard(server: Server, _settings: ApiSettings) -> Finding:
    """The triggers that keep the owner of the tables from changing the log."""
    guarded = {table.table for table in server.log_tables if table.guarded}
    known = {*GUARDED_TABLES, *(table.table for table in server.log_tables)}
    if missing := sorted(known - guarded):
        return fatal(
            "log_guard",
            f"the triggers that refuse UPDATE, DELETE and TRUNCATE are off or gone on {_some(missing)}",
            "ALTER TABLE … ENABLE TRIGGER ALL as the owner, or make them again as in the migrations; then find out"
            " what was done meanwhile: verify the log against an export or a signed checkpoint",
        )
    return ok("log_guard", f"stands before {len(guarded)} tables")


def needed_rights(server: Server, _settings: ApiSettings) -> Finding:
    if not server.missing_rights:
        return ok("needed_rights", "all there")
    return fatal(
        "needed_rights",
        f"{server.place['acts_as']} lacks {_some(list(server.missing_rights))}",
        "run the migrations as the owner; they grant what the API needs",
    )


def table_making(server: Server, _settings: ApiSettings) -> Finding:
    if not server.place["may_create"]:
        return ok("table_making", "not allowed, as it should be")
    return fatal(
        "table_making",
        f"{server.place['acts_as']} may create in the schema genjin: its function could stand in for the log's own",
        f"REVOKE CREATE ON SCHEMA genjin FROM {server.place['acts_as']}, PUBLIC",
    )


def login(server: Server, _settings: ApiSettings) -> Finding:
    """The API acts as its role, but whoever takes the process over can step back to what it logged in as."""
    name, who = "login", server.place["login"]
    if server.place["login_superuser"] or server.place["login_owns"]:
        what = "a superuser" if server.place["login_superuser"] else "the owner of the log"
        return warn(
            name,
            f"the API logs in as {who}, {what}, and only then becomes {server.place['acts_as']}",
            f"log in as {ROLE} or as a member of it that has no other rights",
        )
    return ok(name, who)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN_MAX} more" if len(names) > _SHOWN_MAX else ""
    return ", ".join(names[:_SHOWN_MAX]) + more
