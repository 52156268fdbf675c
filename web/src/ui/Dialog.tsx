/** Something that has to be done, or left, before anything else. The browser keeps the focus inside it. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n/i18n";
import { type Doing, useDoing } from "./asking";
import { Button } from "./form";
import { Icon } from "./Icon";
import "../styles/dialog.css";

interface Looks {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: Looks) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={ref} class="dialog" aria-labelledby={id} onClose={onClose} closedby="any">
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" aria-label={t("close")} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

interface Asking {
  title: string;
  text: string;
  /** What the button says that does it. */
  deed: string;
  danger?: boolean;
  act: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something that cannot be taken back, or not easily. Closes when it is done. */
export function Confirmation({ title, text, deed, danger = true, act, onClose }: Asking) {
  const doing = useDoing();
  const go = async () => {
    if (await doing.act(act)) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <Complaint of={doing} />
      <div class="dialog-acts">
        <Button kind="plain" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button {...(danger && { kind: "danger" as const })} busy={doing.busy} onClick={() => void go()}>
          {deed}
        </Button>
      </div>
    </Dialog>
  );
}

export function Complaint({ of }: { of: Pick<Doing, "trouble"> }) {
  return of.trouble ? (
    <p class="trouble" role="alert">
      {of.trouble}
    </p>
  ) : null;
}
