"""The bench's side of the load: requests as text, and the load process started, heard and ended."""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Any

from genjin_deploy.ports import HOST
from tests.bench.http_load import Outcome, Plan


def request(method: str, path: str, headers: dict[str, str] | None = None, body: Any = None) -> str:
    """As it goes over the wire."""
    text = "" if body is None else json.dumps(body, ensure_ascii=False)
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(text.encode())}"]
    return "\r\n".join(lines) + "\r\n\r\n" + text


async def load(plan: Plan) -> Outcome:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.http_load",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        printed, _ = await process.communicate(json.dumps(asdict(plan)).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"the load process ended with {process.returncode}")
    return Outcome(**json.loads(printed))


def errors_of(outcomes: list[Outcome]) -> dict[str, int]:
    """Of all rounds together."""
    errors: dict[str, int] = {}
    for outcome in outcomes:
        for name, count in outcome.errors.items():
            errors[name] = errors.get(name, 0) + count
    return errors
