"""The baseline over HTTP: a bare FastAPI app with one INSERT and one primary-key SELECT, one worker, uvloop, httptools.
`python -m tests.bench.bare_http` with BARE_DATABASE_URL and BARE_PORT.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_deploy.ports import HOST

TABLES = """
CREATE TABLE actual (
    id bigserial PRIMARY KEY, project_id uuid NOT NULL, text text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE project (id uuid PRIMARY KEY, body jsonb NOT NULL);
"""
_INSERT = "INSERT INTO actual (project_id, text) VALUES ($1, $2) RETURNING id"
_SELECT = "SELECT body::text FROM project WHERE id = $1"


class Actual(BaseModel):
    text: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["BARE_DATABASE_URL"]) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/projects/{project_id}/actuals", status_code=201, response_model=None)
async def insert(request: Request, project_id: UUID, actual: Actual) -> dict[str, Any]:
    identifier = await request.app.state.pool.fetchval(_INSERT, project_id, actual.text)
    return {"id": identifier}


@app.get("/projects/{project_id}")
async def select(request: Request, project_id: UUID) -> Response:
    body = await request.app.state.pool.fetchval(_SELECT, project_id)
    return Response(body, media_type="application/json")


if __name__ == "__main__":
    uvicorn.run(
        app,
        host=HOST,
        port=int(os.environ["BARE_PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=75,
    )
