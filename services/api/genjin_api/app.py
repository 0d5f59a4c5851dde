"""Puts the API together: the one place that knows every part."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from genjin.log.group_commit import GroupCommit
from genjin.log.wakeup import Wakeup
from genjin.postgres import connection_settings, create_pool, plain_url
from genjin.settings import ApiSettings
from genjin.working_days import working_days
from genjin_api.accounts import project_routes as project_accounts
from genjin_api.accounts import routes as accounts
from genjin_api.cadences import routes as cadences
from genjin_api.changes import routes as changes
from genjin_api.contacts import routes as contacts
from genjin_api.corrections import routes as corrections
from genjin_api.doctor.readiness import Readiness
from genjin_api.documents import file_routes as files
from genjin_api.documents import routes as documents
from genjin_api.documents.file_store import ContentStore, FileStore, PostgresContent
from genjin_api.documents.object_store import ObjectStore, object_store
from genjin_api.engagements import routes as engagements
from genjin_api.evidence import routes as evidence
from genjin_api.feed import routes as feed
from genjin_api.feed.feed import Feed
from genjin_api.feed.log_pages import LogPages
from genjin_api.feed.tails import Tails
from genjin_api.findings import routes as findings
from genjin_api.fork_watch import ForkWatch
from genjin_api.forms import routes as forms
from genjin_api.goals import routes as goals
from genjin_api.handle import Writer
from genjin_api.health import routes as health
from genjin_api.history import request_routes as requests
from genjin_api.history import routes as history
from genjin_api.http import operations
from genjin_api.http.authentication import Credentials
from genjin_api.http.context import Services
from genjin_api.http.envelope import Envelope
from genjin_api.http.failures import add_failure_handlers, refusal_body
from genjin_api.http.openapi import describe
from genjin_api.http.route_table import RouteTable
from genjin_api.http.streams import Streams
from genjin_api.metrics import routes as metrics
from genjin_api.milestones import routes as milestones
from genjin_api.past import blame_routes as blame
from genjin_api.past import routes as past
from genjin_api.people import routes as people
from genjin_api.projections import routes as projections
from genjin_api.projects import list_routes as project_list
from genjin_api.projects import moves_routes
from genjin_api.projects import routes as projects
from genjin_api.reports import outcome_routes as outcome_reports
from genjin_api.reports import routes as reports
from genjin_api.reports import stage_routes as stage_reports
from genjin_api.reports import waiting_routes as waiting_reports
from genjin_api.requirements import routes as requirements
from genjin_api.risks import link_routes as risk_links
from genjin_api.risks import routes as risks
from genjin_api.snapshots import Snapshots
from genjin_api.stages import duration_routes as durations
from genjin_api.stages import follow_up_routes as follow_ups
from genjin_api.stages import judging_routes as judging
from genjin_api.stages import receipt_routes as receipts
from genjin_api.stages import routes as stages
from genjin_api.stakeholders import list_routes as stakeholder_lists
from genjin_api.stakeholders import prefill_routes as prefill
from genjin_api.stakeholders import routes as stakeholders
from genjin_api.state_cache import StateCache
from genjin_api.states import States
from genjin_api.subjects import routes as subjects
from genjin_api.subjects.keys import SubjectKeys
from genjin_api.subscriptions import routes as subscriptions
from genjin_api.templates import draft_routes as template_drafts
from genjin_api.templates import impact_routes as template_impact
from genjin_api.templates import routes as templates
from genjin_api.templates.library import Library
from genjin_api.transfer import routes as exports
from genjin_api.warnings import routes as warnings

ROLE = "genjin_api"

ROUTERS = (
    people.router,
    templates.router,
    templates.language,
    template_drafts.router,
    template_impact.router,
    template_impact.migrations,
    project_list.router,
    reports.router,
    stage_reports.router,
    outcome_reports.router,
    waiting_reports.router,
    projects.router,
    past.router,
    blame.router,
    moves_routes.router,
    stages.router,
    receipts.router,
    durations.router,
    judging.router,
    judging.reviews,
    follow_ups.router,
    follow_ups.mine,
    forms.router,
    requirements.router,
    changes.router,
    risks.router,
    milestones.router,
    engagements.router,
    risk_links.router,
    goals.router,
    health.router,
    cadences.router,
    warnings.router,
    metrics.router,
    findings.router,
    corrections.router,
    files.router,
    documents.router,
    accounts.router,
    contacts.router,
    stakeholder_lists.router,
    stakeholders.router,
    prefill.router,
    project_accounts.router,
    subjects.router,
    feed.router,
    exports.router,
    history.router,
    evidence.router,
    requests.router,
    subscriptions.router,
    projections.router,
    operations.router,
)


def create_app(settings: ApiSettings) -> FastAPI:
    working_days(settings.calendar)  # an unknown one is told of at the start

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(settings) as services:
            app.state.services = services
            app.state.readiness = Readiness(services.database, settings)
            yield

    app = FastAPI(
        title="Genjin 跟进",
        version="0.1.0",
        summary="Follow business projects through their stages; every change an event.",
        lifespan=lifespan,
        redirect_slashes=False,
    )
    _add_routes(app)
    add_failure_handlers(app)
    app.add_middleware(Envelope)
    describe(app)
    return app


def _add_routes(app: FastAPI) -> None:
    """As routes of the app itself: an included router is asked twice about every request."""
    routes = [route for router in ROUTERS for route in router.routes]
    table = RouteTable(route for route in routes if isinstance(route, APIRoute))
    app.router.routes = [table, *app.router.routes, *routes]


@asynccontextmanager
async def open_services(settings: ApiSettings) -> AsyncIterator[Services]:
    """Connections for reading and for appending apart, so that neither starves the other."""
    url = settings.api_database_url
    database = await create_pool(url, ROLE, settings.pool_size)
    appending = await create_pool(url, ROLE, settings.writer_connections)
    engine = _engine(settings)
    wakeup = Wakeup(database)
    log = GroupCommit(
        appending,
        wakeup,
        batch_max=settings.append_batch_max,
        queue_max=settings.append_queue_max,
        timeout_seconds=settings.append_timeout_seconds,
    )
    snapshots = Snapshots(database)
    states = States(database, snapshots, StateCache(settings.state_cache_megabytes * 2**20))
    subject_keys = SubjectKeys(database, settings.secret_key_bytes)
    writer = Writer(database, states, log, settings.secret_key_bytes, subject_keys, refusal_body)
    library = Library(database, states)
    watching = asyncio.create_task(fork_watch(database, states, library).run())
    live = _feed(settings, database)
    objects = object_store(settings)
    stores = _content_stores(settings, database, objects)
    try:
        yield Services(
            settings,
            database,
            engine,
            states,
            library,
            writer,
            subject_keys,
            Credentials(database),
            live,
            FileStore(database, stores, settings.file_transfers_max),
        )
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        if objects is not None:
            await objects.close()
        await live.tails.close()
        await log.close()
        await snapshots.close()
        await wakeup.close()
        await engine.dispose()
        await appending.close()
        await database.close()


def fork_watch(database: asyncpg.Pool, states: States, library: Library) -> ForkWatch:
    """Templates outlive the states that they were read from, and are forgotten with them."""
    return ForkWatch(database, lambda: states.workspaces() | library.workspaces(), states.forget)


def _content_stores(
    settings: ApiSettings, database: asyncpg.Pool, objects: ObjectStore | None
) -> list[ContentStore]:
    """Where new content goes first, then where older content may be."""
    stores: list[ContentStore] = [PostgresContent(database)]
    if objects is not None:
        stores.insert(0 if settings.file_store == "s3" else 1, objects)
    return stores


def _feed(settings: ApiSettings, database: asyncpg.Pool) -> Feed:
    pages = LogPages(database, settings.stream_buffer_bytes)
    poll_seconds = settings.stream_poll_seconds
    tails = Tails(settings.api_database_url, ROLE, database, pages, poll_seconds)
    return Feed(pages, tails, Streams(settings.streams_max, settings.streams_per_person_max))


def _engine(settings: ApiSettings) -> AsyncEngine:
    _, _, rest = plain_url(settings.api_database_url).partition("://")
    return create_async_engine(
        f"postgresql+asyncpg://{rest}",
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=5,
        isolation_level="AUTOCOMMIT",
        connect_args={"server_settings": connection_settings(ROLE)},
    )
