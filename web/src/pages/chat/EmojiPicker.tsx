import { useState } from "preact/hooks";
import { EMOJI, recent, used } from "../../chat/emoji";
import { t } from "../../i18n/i18n";
import { Floating, type Spot, walk } from "../../ui/Floating";

const COLUMNS = 8;

interface Looks {
  at: Spot;
  onPick: (emoji: string) => void;
  onClose: () => void;
}

export default function EmojiPicker({ at, onPick, onClose }: Looks) {
  const [last] = useState(recent);
  const pick = (emoji: string) => {
    used(emoji);
    onClose();
    onPick(emoji);
  };
  return (
    <Floating
      at={at}
      label={t("emoji.title")}
      role="dialog"
      onClose={onClose}
      onKeyDown={(event) => walk(event, COLUMNS)}
    >
      <div class="emoji-grid">
        {last.length > 0 && <span class="emoji-title">{t("emoji.recent")}</span>}
        {last.slice(0, COLUMNS).map((one) => (
          <Emoji key={`last-${one}`} emoji={one} onPick={pick} />
        ))}
        {last.length > 0 && <span class="emoji-title">{t("emoji.all")}</span>}
        {EMOJI.map((one) => (
          <Emoji key={one} emoji={one} onPick={pick} />
        ))}
      </div>
    </Floating>
  );
}

function Emoji({ emoji, onPick }: { emoji: string; onPick: (emoji: string) => void }) {
  return (
    <button type="button" class="emoji" data-step onClick={() => onPick(emoji)}>
      {emoji}
    </button>
  );
}
