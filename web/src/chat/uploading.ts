/** Files on their way up: the bytes as they are, with how far they have come. */

import { signal } from "@preact/signals";
import { address, refusalOf, renewing, Unreachable } from "../wire/http";
import type { OwnFile } from "../wire/shapes";
import type { Parcel } from "./errand";

/** From 0 to 1, by the parcel's name. */
export const progress = signal<ReadonlyMap<string, number>>(new Map());

const under = new Map<string, XMLHttpRequest>();

/** Its sender has thought better of it. */
export function stopUpload(clientId: string): void {
  under.get(clientId)?.abort();
}

/** The file's id. Under the same name, the same file. Raises Refusal and Unreachable. */
export async function upload(parcel: Parcel): Promise<string> {
  const { id } = await send(parcel.blob, parcel.name, parcel.client_id);
  return id;
}

export function send(blob: Blob, name: string, client_id: string): Promise<OwnFile> {
  return renewing(() => attempt(blob, name, client_id));
}

/** `fetch` cannot tell how much of a body has left; this can. */
function attempt(blob: Blob, name: string, client_id: string): Promise<OwnFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address("/api/files", {}, { name, client_id }));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => note(client_id, loaded / total);
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(new Unreachable());
    request.onload = () => {
      if (request.status < 300) return resolve(request.response as OwnFile);
      const headers = new Headers({ "Retry-After": request.getResponseHeader("Retry-After") ?? "" });
      void refusalOf({ status: request.status, headers, json: async () => request.response ?? {} }).then(
        reject,
      );
    };
    request.onloadend = () => {
      under.delete(client_id);
      note(client_id, undefined);
    };
    under.set(client_id, request);
    request.send(blob);
  });
}

function note(clientId: string, part: number | undefined): void {
  const next = new Map(progress.peek());
  if (part === undefined) next.delete(clientId);
  else next.set(clientId, part);
  progress.value = next;
}
