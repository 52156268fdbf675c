import type { Ref } from "preact";
import { Icon } from "./Icon";

interface Looks {
  label: string;
  value: string;
  onSeek: (sought: string) => void;
  id?: string;
  maxLength?: number;
  /** What is sought is a name as people log in with, which a phone should not begin with a capital. */
  username?: boolean;
  field?: Ref<HTMLInputElement>;
}

/** Where one types what is to be found. */
export function SearchBox({ label, onSeek, username = false, field, ...input }: Looks) {
  return (
    <div class="pane-search">
      <Icon name="search" />
      <input
        {...(field && { ref: field })}
        {...(username && { autocapitalize: "none" })}
        {...input}
        type="search"
        placeholder={label}
        aria-label={label}
        onInput={(event) => onSeek(event.currentTarget.value)}
      />
    </div>
  );
}
