/** Choosing a picture of a person or of a group: seen before it is uploaded. */

import { useEffect, useRef, useState } from "preact/hooks";
import { progress, send } from "../chat/uploading";
import { t } from "../i18n/i18n";
import { Avatar } from "./Avatar";
import { useDoing } from "./asking";
import { Complaint } from "./Dialog";
import { Button } from "./form";

/** What the server decodes (docs/guide/files.md). */
const IMAGES = "image/jpeg,image/png,image/webp,image/gif,image/avif";

interface Looks {
  id: number;
  name: string;
  picture: string | undefined;
  hint?: string;
  square?: boolean;
  choose: (fileId: string) => Promise<unknown>;
  drop: () => Promise<unknown>;
}

interface Chosen {
  readonly file: File;
  readonly url: string;
  /** The upload's name: tried again, it is the same one. */
  readonly client_id: string;
}

export function PictureChoice({ id, name, picture, hint, square = false, choose, drop }: Looks) {
  const [chosen, setChosen] = useState<Chosen>();
  const input = useRef<HTMLInputElement>(null);
  const doing = useDoing();
  useEffect(() => () => chosen && URL.revokeObjectURL(chosen.url), [chosen]);
  const take = (file: File | undefined) =>
    file && setChosen({ file, url: URL.createObjectURL(file), client_id: crypto.randomUUID() });
  const keep = ({ file, client_id }: Chosen) =>
    doing.act(async () => {
      await choose((await send(file, file.name, client_id)).id);
      setChosen(undefined);
    });
  const part = chosen && progress.value.get(chosen.client_id);
  return (
    <div class="picture-choice">
      <Avatar id={id} name={name} picture={chosen?.url ?? picture} size="xl" square={square} />
      <div class="picture-words">
        {hint && <p class="note">{hint}</p>}
        <Complaint of={doing} />
        {part !== undefined && <progress value={part} aria-label={t("picture.uploading")} />}
        <input
          ref={input}
          type="file"
          hidden
          accept={IMAGES}
          aria-label={t("picture.choose")}
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
        <div class="acts">
          {chosen ? (
            <>
              <Button busy={doing.busy} onClick={() => void keep(chosen)}>
                {t("picture.keep")}
              </Button>
              <Button kind="plain" disabled={doing.busy} onClick={() => setChosen(undefined)}>
                {t("cancel")}
              </Button>
            </>
          ) : (
            <>
              <Button kind="plain" onClick={() => input.current?.click()}>
                {t(picture ? "picture.change" : "picture.choose")}
              </Button>
              {picture && (
                <Button kind="quiet" busy={doing.busy} onClick={() => void doing.act(drop)}>
                  {t("picture.drop")}
                </Button>
              )}
            </>
          )}
        </div>
      </div>
    </div>
  );
}
