/** Requests to the server, typed by its own description of itself. */

import type { paths } from "./openapi";

type Verb = "get" | "post" | "put" | "patch" | "delete";
/** The operations of each verb, by their paths. */
type Operations = {
  [V in Verb]: {
    [P in keyof paths as paths[P][V] extends { responses: unknown } ? P : never]: paths[P][V];
  };
};

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : undefined;
type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R & (200 | 201 | 202 | 204)]: Json<R[S]> }[keyof R & (200 | 201 | 202 | 204)]
  : never;

type InPath<O> = O extends { parameters: { path: infer X } } ? { path: X } : { path?: never };
type InQuery<O> = O extends { parameters: { query?: infer X } } ? { query?: X } : { query?: never };
type InBody<O> = O extends { requestBody?: infer X } ? { body?: Json<NonNullable<X>> } : { body?: never };
type Asked<O> = InPath<O> &
  InQuery<O> &
  InBody<O> & { headers?: Record<string, string>; signal?: AbortSignal };

interface AnyAsked {
  path?: Record<string, unknown>;
  query?: object;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** The server has answered, and it is a no. `code` never changes (docs/errors.md). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** Seconds after which the same may succeed. */
    readonly retryAfter: number | null,
    readonly errors: readonly { field?: string; message?: string }[] = [],
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Nobody answers: no network, or no server. */
export class Unreachable extends Error {}

/** Gets a new access cookie, and says whether there is one now. The session sets it; requests only use it. */
let renewal: () => Promise<boolean> = async () => false;
export function renewWith(renew: typeof renewal): void {
  renewal = renew;
}

/** Once more with a new access cookie, if that was what it lacked. */
export async function renewing<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refusal && error.status === 401 && (await renewal())) return act();
    throw error;
  }
}

/** Raises Refusal and Unreachable. An access cookie that has run out is renewed on the way. */
export async function ask<V extends Verb, P extends keyof Operations[V] & string>(
  verb: V,
  path: P,
  asked?: Asked<Operations[V][P]>,
): Promise<Answer<Operations[V][P]>> {
  const { path: places, query, body, headers, signal }: AnyAsked = (asked as AnyAsked | undefined) ?? {};
  const init: RequestInit = {
    method: verb.toUpperCase(),
    headers: body === undefined ? { ...headers } : { "Content-Type": "application/json", ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  };
  const url = address(path, places, query);
  const response = await (WITHOUT_RENEWAL.test(url)
    ? answered(url, init)
    : renewing(() => answered(url, init)));
  return (response.status === 204 ? undefined : await response.json()) as Answer<Operations[V][P]>;
}

/** `/api/users/{user_id}` with what is asked for in its places. */
export function address(path: string, places: Record<string, unknown> = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(places[name])));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length ? `${filled}?${search}` : filled;
}

const WITHOUT_RENEWAL = /^\/api\/users\/(login|logout|register|token\/)/;

async function answered(url: string, init: RequestInit): Promise<Response> {
  const response = await reached(url, init);
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function reached(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable(String(error));
  }
}

export async function refusalOf(response: Pick<Response, "status" | "headers" | "json">): Promise<Refusal> {
  const problem = await response.json().catch(() => ({}));
  const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Refusal(
    response.status,
    problem.code ?? "internal_error",
    problem.detail ?? "",
    Number.isNaN(wait) ? null : wait,
    problem.errors ?? [],
  );
}
