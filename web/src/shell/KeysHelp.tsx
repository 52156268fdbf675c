import { type Key, t } from "../i18n/i18n";
import { Dialog } from "../ui/Dialog";
import { PLACE_KEYS } from "./Keys";
import "../styles/keys.css";

const APPLE = /Mac|iP(hone|ad)/.test(navigator.platform);
const COMMAND = APPLE ? "⌘" : "Ctrl";
const ALT = APPLE ? "⌥" : "Alt";

const GROUPS: readonly { title: Key; keys: readonly (readonly [Key, ...string[]])[] }[] = [
  {
    title: "keys.everywhere",
    keys: [
      ["keys.find", COMMAND, "K"],
      ["keys.previous", ALT, "↑"],
      ["keys.next", ALT, "↓"],
      ["keys.search", "/"],
      ["keys.help", "?"],
    ],
  },
  {
    title: "keys.places",
    keys: Object.entries(PLACE_KEYS).map(([code, place]) => [`place.${place}`, "G", code.slice(3)] as const),
  },
  {
    title: "keys.writing",
    keys: [
      ["keys.send", "Enter"],
      ["keys.line", "Shift", "Enter"],
      ["keys.edit", "↑"],
      ["keys.mention", "@"],
      ["keys.messages", "Shift", "↑"],
      ["keys.away", "Esc"],
    ],
  },
  {
    title: "keys.message",
    keys: [
      ["menu.title", "Enter"],
      ["menu.reply", "R"],
      ["menu.react", "+"],
      ["menu.edit", "E"],
      ["menu.copy", "C"],
      ["menu.delete", "Del"],
    ],
  },
];

export default function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("keys.title")} onClose={onClose}>
      <div class="keys">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{t(title)}</h3>
            <dl>
              {keys.map(([what, ...pressed]) => (
                <div key={what}>
                  <dt>{t(what)}</dt>
                  <dd>
                    {pressed.map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
