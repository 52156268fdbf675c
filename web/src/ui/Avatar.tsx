import { useState } from "preact/hooks";

/** As many tints as styles/people.css has. */
const TINTS = 8;

interface Looks {
  /** Of the person or the group: it chooses the tint. */
  id: number;
  name: string;
  /** Where a picture is, if there is one. */
  picture?: string | undefined;
  size?: "s" | "m" | "l" | "xl";
  /** Shown by a dot. */
  state?: "online" | "away" | undefined;
  square?: boolean;
}

/** A picture, or the first letters of the name on a tint of one's own. Decoration: the name stands beside it. */
export function Avatar({ id, name, picture, size = "m", state, square = false }: Looks) {
  const [broken, setBroken] = useState("");
  const shown = picture && picture !== broken;
  return (
    <span
      class={`avatar avatar-${size} tint-${id % TINTS} ${square ? "avatar-square" : ""}`}
      aria-hidden="true"
    >
      {shown ? (
        <img src={picture} alt="" loading="lazy" decoding="async" onError={() => setBroken(picture)} />
      ) : (
        <span class="avatar-letters">{initials(name)}</span>
      )}
      {state && <span class={`dot dot-${state}`} />}
    </span>
  );
}

/** Two at most, whole characters whatever the script. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("") || "?";
}
