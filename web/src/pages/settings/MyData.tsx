import { useEffect } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { fully, size } from "../../i18n/times";
import { hear } from "../../live/live";
import { Awaited } from "../../ui/Awaited";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { Panel } from "../../ui/Page";
import { ask, Refusal } from "../../wire/http";
import type { Export } from "../../wire/shapes";
import { Erasure } from "./Erasure";

/** Null where nothing was asked for yet. */
async function latest(): Promise<Export | null> {
  try {
    return await ask("get", "/api/users/me/export");
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null;
    throw error;
  }
}

export function MyData() {
  const archive = useAsked(latest);
  const doing = useDoing();
  useEffect(() => hear("export", ({ type: _, ...now }) => archive.set(now)), []);
  const order = () => doing.act(async () => archive.set(await ask("post", "/api/users/me/export")));
  return (
    <>
      <Panel title={t("data.export")} note={t("data.export.note")}>
        <Complaint of={doing} />
        <Awaited of={archive} ghosts={1}>
          {(now) => <Archive archive={now} busy={doing.busy} order={() => void order()} />}
        </Awaited>
      </Panel>
      <Erasure />
    </>
  );
}

function Archive({ archive, busy, order }: { archive: Export | null; busy: boolean; order: () => void }) {
  if (archive?.state === "waiting" || archive?.state === "running") {
    return (
      <div class="stack" role="status">
        <p>{t("data.running", { percent: archive.progress })}</p>
        <progress max={100} value={archive.progress} aria-label={t("data.export")} />
      </div>
    );
  }
  if (archive?.state === "ready" && archive.download) {
    return (
      <div class="stack" role="status">
        <p>{t("data.ready", { size: size(archive.size ?? 0), until: fully(archive.expires_at ?? "") })}</p>
        <a class="button" href={archive.download} download>
          <Icon name="download" />
          {t("data.download")}
        </a>
      </div>
    );
  }
  return (
    <div class="stack">
      {archive && <p class="trouble">{t("data.failed")}</p>}
      <Button busy={busy} onClick={order}>
        {t("data.order")}
      </Button>
    </div>
  );
}
