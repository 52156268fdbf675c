import "./draws.css";
import "./check.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { query } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { CommonFiles } from "./CommonFiles";
import {
  attempt,
  filesOfDraw,
  filesOfEpoch,
  filesOfLog,
  filesOfPlay,
  filesOfRound,
  trial,
  useTrust,
} from "./checking";
import { Findings } from "./Findings";

export default function CheckPage() {
  useTitle(t("check.title"));
  const trust = useTrust();
  const [key, setKey] = useState("");
  const chooser = useRef<HTMLInputElement>(null);
  const shown = key || trust?.key || "";
  const asked = query.value.toString();

  useEffect(() => {
    trial.value = undefined;
    const wanted = new URLSearchParams(asked);
    const [lottery, draw, play] = [wanted.get("lottery"), wanted.get("draw"), wanted.get("play")];
    const round = wanted.get("round");
    const [game, epoch] = [wanted.get("game"), wanted.get("epoch")];
    if (!trust) return;
    if (lottery && draw) void attempt(() => filesOfDraw(lottery, Number(draw)), trust.key);
    else if (play) void attempt(() => filesOfPlay(play), trust.key);
    else if (round) void attempt(() => filesOfRound(round), trust.key);
    else if (game && epoch) void attempt(() => filesOfEpoch(game, Number(epoch)), trust.key);
  }, [asked, trust]);

  const own = async (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (!files.length) return;
    const read = async (file: File) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    await attempt(() => Promise.all(files.map(read)), shown);
    if (chooser.current) chooser.current.value = "";
  };

  return (
    <div class="hall">
      <header class="hall-head">
        <a class="icon-button" href="/draws" aria-label={t("place.draws")}>
          <Icon name="back" />
        </a>
        <h1>{t("check.title")}</h1>
      </header>
      <p class="check-intro">{t("check.intro")}</p>
      {trust?.changed && (
        <p class="trouble" role="alert">
          {t("check.keyChanged")}
        </p>
      )}
      <Findings trial={trial.value} />
      <section class="block sheet" aria-labelledby="kept">
        <h2 id="kept">{t("check.kept")}</h2>
        <p class="note">{t("check.kept.text")}</p>
        <p>
          <b>
            {trust?.kept.length ? t("check.kept.count", { count: trust.kept.length }) : t("check.kept.none")}
          </b>
        </p>
        <div>
          <Button
            kind="plain"
            disabled={!trust}
            onClick={() => trust && void attempt(() => filesOfLog(trust.kept), shown)}
          >
            {t("check.log")}
          </Button>
        </div>
      </section>
      <section class="block sheet" aria-labelledby="own">
        <h2 id="own">{t("check.own")}</h2>
        <p class="note">{t("check.own.text")}</p>
        <p class="field">
          <label for="check-key">{t("check.key")}</label>
          <input
            id="check-key"
            class="mono"
            value={shown}
            autocomplete="off"
            spellcheck={false}
            aria-describedby="check-key-note"
            onChange={(event) => setKey(event.currentTarget.value.trim())}
          />
          <span id="check-key-note" class="note">
            {t("check.key.hint")}
          </span>
        </p>
        <label class="button button-plain chooser">
          <Icon name="file" /> {t("check.own.choose")}
          <input
            ref={chooser}
            class="hidden"
            type="file"
            multiple
            onChange={(event) => void own(event.currentTarget.files)}
          />
        </label>
        <ul class="draw-files">
          <CommonFiles />
        </ul>
      </section>
    </div>
  );
}
