// The library emmett on Postgres, for the table: driven line by line.
//
// usage: node emmett_appends.mjs, with POSTGRES_URL
// Each line of input is "CALLERS BATCH SECONDS" and is answered with a line: durable events per second.

import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import pg from "pg";

const CALLERS_MAX = 32;
const NEW_STREAM = "STREAM_DOES_NOT_EXIST";
const EVENT = {
  type: "StageAdvanced",
  data: { project: "P-1", from: "contact", to: "proposal", note: "x".repeat(380) },
  metadata: { actor: "u-1" },
};

async function appendUntil(end, store, batch) {
  const stream = `project-${randomUUID()}`;
  const events = Array(batch).fill(EVENT);
  let count = 0;
  let expectedStreamVersion = NEW_STREAM;
  while (performance.now() < end) {
    const appended = await store.appendToStream(stream, events, { expectedStreamVersion });
    expectedStreamVersion = appended.nextExpectedStreamVersion;
    count += batch;
  }
  return count;
}

async function measure(store, callers, batch, seconds) {
  const started = performance.now();
  const end = started + 1000 * seconds;
  const all = Array.from({ length: callers }, () => appendUntil(end, store, batch));
  const counts = await Promise.all(all);
  const events = counts.reduce((sum, count) => sum + count, 0);
  return (1000 * events) / (performance.now() - started);
}

// A connection for every caller: the library's own pool has ten.
const pool = new pg.Pool({ connectionString: process.env.POSTGRES_URL, max: CALLERS_MAX });
const store = getPostgreSQLEventStore(process.env.POSTGRES_URL, { connectionOptions: { pool } });
await store.schema.migrate();
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  console.log(await measure(store, ...line.split(" ").map(Number)));
}
await store.close();
await pool.end();
