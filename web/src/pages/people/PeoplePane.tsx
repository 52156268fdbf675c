import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { known, readTies, ties, waiting } from "../../people/circle";
import { path } from "../../shell/router";
import { Awaited } from "../../ui/Awaited";
import { Found } from "./Found";
import { Friends } from "./Friends";
import { Requests } from "./Requests";
import "../../styles/page.css";
import { SearchBox } from "../../ui/SearchBox";

export default function PeoplePane() {
  const [sought, setSought] = useState("");
  const requests = path.value === "/people/requests";
  const wanted = sought.trim().replace(/^@/, "");
  const read = {
    value: known.value || undefined,
    trouble: known.value === null ? t("people.trouble") : "",
    again: () => void readTies(),
  };
  return (
    <>
      <header class="pane-head">
        <h1>{t("place.people")}</h1>
      </header>
      <SearchBox label={t("people.find")} value={sought} onSeek={setSought} maxLength={30} username />
      {wanted ? (
        <div class="pane-scroll">
          <Found wanted={wanted} />
        </div>
      ) : (
        <>
          <nav class="tabs" aria-label={t("people.lists")}>
            <a href="/people" aria-current={requests ? undefined : "page"}>
              {t("people.friends")}
              {ties.value.friends.length > 0 && <span class="tab-count">{ties.value.friends.length}</span>}
            </a>
            <a href="/people/requests" aria-current={requests ? "page" : undefined}>
              {t("people.requests")}
              {waiting.value > 0 && <span class="badge">{waiting.value}</span>}
            </a>
          </nav>
          <div class="pane-scroll">
            <Awaited of={read}>{() => (requests ? <Requests /> : <Friends />)}</Awaited>
          </div>
        </>
      )}
    </>
  );
}
