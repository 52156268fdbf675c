// Asks for the queues every two seconds and shows them. Whatever comes is shown as text, never as HTML.
"use strict";

const EVERY_MS = 2000;
const LATE_SECONDS = 5;

const at = (id) => document.getElementById(id);

function row(cells, late = false) {
  const line = document.createElement("tr");
  for (const cell of cells) {
    const place = document.createElement("td");
    place.textContent = cell;
    line.append(place);
  }
  if (late) line.className = "late";
  return line;
}

function fill(id, rows, nothing) {
  if (rows.length === 0) {
    const line = row([nothing]);
    line.className = "quiet";
    line.firstChild.colSpan = 9;
    rows = [line];
  }
  at(id).replaceChildren(...rows);
}

function show(queues) {
  const inboxes = queues.inboxes;
  const processes = inboxes
    ? [...inboxes.workers.map((one) => ["worker", one]), ...inboxes.schedulers.map((one) => ["scheduler", one])]
    : [];
  fill("processes", processes.map(([role, one]) => row([role, one.host, one.pid, one.started_at])), "Nobody");
  const busy = inboxes ? inboxes.partitions.filter((one) => one.waiting > 0 || one.rung) : [];
  fill(
    "partitions",
    busy.map((one) => row(
      [one.kind, one.partition, one.waiting, one.oldest_seconds.toFixed(1), one.rung ? "yes" : "no"],
      one.oldest_seconds > LATE_SECONDS,
    )),
    inboxes ? `Nothing waits in any of ${inboxes.partitions.length} partitions` : "Redis does not answer",
  );
  at("redis").textContent = inboxes
    ? `${inboxes.bells_waiting} bells wait. Redis takes ${mib(inboxes.redis_bytes)} of ${mib(inboxes.redis_limit_bytes)}.`
    : "";
  fill(
    "outboxes",
    (queues.outboxes ?? []).map((one) => row(
      [one.name, one.waiting, one.retried, one.given_up, one.oldest_at ?? "–"],
      one.retried > 0 || one.given_up > 0,
    )),
    "PostgreSQL does not answer",
  );
  fill(
    "failures",
    (inboxes ? inboxes.failures : []).map((one) => row([one.task, one.times, one.last_at, one.last_error])),
    "None since Redis was last emptied",
  );
}

const mib = (bytes) => (bytes ? `${(bytes / 1048576).toFixed(1)} MiB` : "what it likes");

async function ask() {
  try {
    const answer = await fetch("/api/staff/queues", { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const queues = await answer.json();
      show(queues);
      at("state").textContent = `As of ${queues.at}`;
    } else if (answer.status === 401) {
      at("state").textContent = "Your login has ended. Log in again, then reload.";
      return;
    } else {
      at("state").textContent = `The server answers ${answer.status}.`;
    }
  } catch {
    at("state").textContent = "The server does not answer.";
  }
  setTimeout(ask, EVERY_MS);
}

ask();
