import { useEffect, useState } from "preact/hooks";
import { withdraw } from "../../chat/acts";
import type { Errand } from "../../chat/errand";
import { fitted } from "../../chat/parcels";
import { progress } from "../../chat/uploading";
import { t } from "../../i18n/i18n";
import { size } from "../../i18n/times";
import { Icon } from "../../ui/Icon";
import type { Attachment, Message } from "../../wire/shapes";
import type { Talk } from "./talk";

const ALONE = { width: 320, height: 340 };
const BESIDE = { width: 156, height: 156 };

interface Looks {
  message: Message;
  errand?: Errand | undefined;
  talk: Talk;
}

/** Pictures first, then the other files; what is on its way shows how far it is. */
export function Attachments({ message, errand, talk }: Looks) {
  const files = message.attachments ?? [];
  if (!files.length) return null;
  const pictures = files.filter(isPicture);
  const rest = files.filter((one) => !isPicture(one));
  const sending = message.id === 0 && errand && errand.state !== "failed" && errand.state !== "stored";
  return (
    <div class="files">
      {pictures.length > 0 && (
        <div class={pictures.length > 1 ? "pictures pictures-many" : "pictures"}>
          {pictures.map((file) => (
            <Picture key={file.id} {...{ file, message, errand, talk }} alone={pictures.length === 1} />
          ))}
        </div>
      )}
      {rest.map((file) => (
        <OtherFile key={file.id} file={file} message={message} talk={talk} />
      ))}
      {sending && (
        <button type="button" class="button button-quiet" onClick={() => withdraw(errand)}>
          <Icon name="close" />
          {t("file.cancel")}
        </button>
      )}
    </div>
  );
}

export function isPicture(file: Attachment): boolean {
  return file.media_type.startsWith("image/") && !!file.width && !!file.height;
}

export function addressOf(talk: Talk, file: Attachment): string {
  return `/api/chat/conversations/${talk.room.id}/files/${file.id}`;
}

function Picture({ file, message, errand, talk, alone }: Looks & { file: Attachment; alone: boolean }) {
  const own = useBlob(errand?.parcels.find((one) => one.client_id === file.id)?.blob);
  const [broken, setBroken] = useState(false);
  const natural = { width: file.width ?? 1, height: file.height ?? 1 };
  // Its place is there before it is, so nothing moves when it comes.
  const shown = alone ? fitted(natural, ALONE) : BESIDE;
  const source = message.id ? `${addressOf(talk, file)}/thumbnail` : own;
  return (
    <button
      type="button"
      class="picture"
      aria-label={t("picture.open", { name: file.name })}
      disabled={!message.id}
      onClick={() => {
        talk.over.value = { kind: "picture", message, file: file.id };
      }}
    >
      {broken ? (
        <span class="picture-broken">{t("picture.broken")}</span>
      ) : (
        <img
          src={source}
          alt={file.name}
          width={shown.width}
          height={shown.height}
          loading="lazy"
          decoding="async"
          onError={() => source && setBroken(true)}
        />
      )}
      {!message.id && <Progress id={file.id} />}
    </button>
  );
}

function OtherFile({ file, message, talk }: { file: Attachment; message: Message; talk: Talk }) {
  const words = (
    <>
      <span class="file-icon">
        <Icon name={message.id ? "download" : "file"} />
      </span>
      <span class="file-words">
        <span class="file-name" dir="auto">
          {file.name}
        </span>
        <span class="file-size">{size(file.size)}</span>
        {!message.id && <Progress id={file.id} />}
      </span>
    </>
  );
  return message.id ? (
    <a class="file" href={addressOf(talk, file)} download={file.name}>
      {words}
    </a>
  ) : (
    <span class="file">{words}</span>
  );
}

function Progress({ id }: { id: string }) {
  const part = progress.value.get(id);
  if (part === undefined) return null;
  return <progress class="progress" value={part} max={1} aria-label={t("file.progress")} />;
}

function useBlob(blob: Blob | undefined): string | undefined {
  const [source, setSource] = useState<string>();
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    setSource(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return source;
}
