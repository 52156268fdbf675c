/** Files that somebody has chosen, made ready to be sent. */

import type { Parcel } from "./errand";

/** As the server has it unless its operator says otherwise; it has the last word. */
export const LIMIT_BYTES = 25 * 1024 * 1024;
/** For one message. */
export const TOGETHER = 10;

export async function parcelOf(file: File): Promise<Parcel> {
  const measured = file.type.startsWith("image/") ? await measure(file) : undefined;
  return {
    client_id: crypto.randomUUID(),
    name: file.name || `${file.type.split("/")[1] ?? "file"}`,
    media_type: measured ? file.type : file.type.replace(/^image\//, "application/"),
    blob: file,
    ...measured,
  };
}

/** Its size in pixels, so that its place is kept free; nothing for what no image decoder here understands. */
async function measure(file: File): Promise<{ width: number; height: number } | undefined> {
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    return undefined;
  }
}

/** How large a picture of this size is shown, within a box: never larger than it is. */
export function fitted(
  { width, height }: { width: number; height: number },
  box: { width: number; height: number },
): { width: number; height: number } {
  const scale = Math.min(1, box.width / width, box.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
