/** One thing that somebody wants to say or change, on its way to the server. */

import type { Attachment, Told } from "../wire/shapes";

export type Errands = Extract<Told, { type: "send" | "edit" | "delete" | "react" }>;
/** `stored` lasts until the event itself is heard. */
export type State = "waiting" | "sending" | "stored" | "failed";

/** A file that has not been uploaded yet, or was: then it has an `id`. */
export interface Parcel {
  readonly client_id: string;
  readonly name: string;
  readonly media_type: string;
  readonly blob: Blob;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly id?: string | undefined;
}

export interface Errand {
  readonly client_id: string;
  readonly user_id: number;
  /** Milliseconds since 1970, growing from each to the next: their order. */
  readonly at: number;
  readonly frame: Errands;
  readonly parcels: readonly Parcel[];
  readonly state: State;
  /** Why it failed: a code of docs/errors.md, or FRAME_TOO_LARGE. */
  readonly code?: string | undefined;
  /** The same as the server says it. */
  readonly reason?: string | undefined;
}

/** For this the server has no code: it closes the socket. */
export const FRAME_TOO_LARGE = "frame_too_large";

/** What may succeed when it is sent again, under the same id (docs/errors.md, "What to do about a 503"). */
const PASSING = new Set([
  "throttled",
  "too_many_requests",
  "inbox_full",
  "unavailable",
  "unconfirmed",
  "internal_error",
  "too_many_uploads",
  "upload_interrupted",
]);

export function isPassing(code: string): boolean {
  return PASSING.has(code);
}

export function asAttachment(parcel: Parcel): Attachment {
  const { client_id, name, media_type, blob, width, height } = parcel;
  return { id: client_id, name, media_type, size: blob.size, width: width ?? null, height: height ?? null };
}
