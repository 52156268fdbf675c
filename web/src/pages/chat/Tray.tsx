import { useEffect, useState } from "preact/hooks";
import type { Parcel } from "../../chat/errand";
import { t } from "../../i18n/i18n";
import { size } from "../../i18n/times";
import { Icon } from "../../ui/Icon";
import type { Talk } from "./talk";

/** What goes along with the next message. */
export function Tray({ talk }: { talk: Talk }) {
  const parcels = talk.parcels.value;
  return (
    <>
      {talk.refused.value && (
        <p class="tray-trouble" role="alert">
          {talk.refused.value}
        </p>
      )}
      {parcels.length > 0 && (
        <ul class="tray" aria-label={t("file.tray")}>
          {parcels.map((one) => (
            <Chosen key={one.client_id} parcel={one} onDetach={() => talk.detach(one.client_id)} />
          ))}
        </ul>
      )}
    </>
  );
}

function Chosen({ parcel, onDetach }: { parcel: Parcel; onDetach: () => void }) {
  const [source, setSource] = useState<string>();
  useEffect(() => {
    if (!parcel.width) return;
    const made = URL.createObjectURL(parcel.blob);
    setSource(made);
    return () => URL.revokeObjectURL(made);
  }, [parcel]);
  return (
    <li class="chosen">
      {parcel.width ? (
        <img src={source} alt="" />
      ) : (
        <span class="file-icon">
          <Icon name="file" />
        </span>
      )}
      <span class="file-words">
        <span class="file-name" dir="auto">
          {parcel.name}
        </span>
        <span class="file-size">{size(parcel.blob.size)}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={t("file.remove", { name: parcel.name })}
        onClick={onDetach}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
