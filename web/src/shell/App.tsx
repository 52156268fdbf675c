import { useEffect } from "preact/hooks";
import { t } from "../i18n/i18n";
import { standing } from "../session/session";
import { NotThere } from "../ui/Awaited";
import { Mark } from "../ui/Mark";
import { Toast } from "../ui/toast";
import { Bar } from "./Bar";
import { Connection } from "./Connection";
import { goOnAt } from "./focus";
import { Keys } from "./Keys";
import { beginAnew, unreachable, usePage } from "./loading";
import { match, navigate, type Places, path } from "./router";
import { ROUTES, type Route } from "./routes";
import { page } from "./title";

const login = ROUTES[0] as Route;
const lost: Route = { path: "", bare: "anyone", main: () => import("../pages/LostPage") };

export function App() {
  const { route, places } = found(path.value);
  const out = standing.value === "out";
  // Whoever is not logged in logs in right here, and then is where they wanted to go.
  const shown = out && !route.bare ? login : route;
  const misplaced = route.bare === "out" && standing.value === "in";
  useEffect(() => {
    if (misplaced) navigate("/", { replace: true });
  }, [misplaced]);
  if (misplaced) return null;
  return (
    <>
      {shown.bare ? <Bare route={shown} places={places} /> : <Rooms route={shown} places={places} />}
      <Toast />
      <p class="hidden" role="status">
        {page.value}
      </p>
    </>
  );
}

/** What had the focus is gone with its page: whoever goes by keys goes on from the new one, not from the beginning. */
function keepFocus(pane: string): () => void {
  const frame = requestAnimationFrame(() => goOnAt(document.getElementById(pane)));
  return () => cancelAnimationFrame(frame);
}

function found(here: string): { route: Route; places: Places } {
  for (const route of ROUTES) {
    const places = match(route.path, here);
    if (places) return { route, places };
  }
  return { route: lost, places: {} };
}

function Bare({ route, places }: { route: Route; places: Places }) {
  const Main = usePage(route.main);
  return (
    <div class="bare">
      <header>
        <a class="brand" href="/">
          <Mark size={36} />
          <span>Parlour</span>
        </a>
      </header>
      <main class="card" id="main">
        {Main ? <Main places={places} /> : route.main && <Missing load={route.main} />}
      </main>
      <Connection />
    </div>
  );
}

/** Bar, left pane, page. On a phone one of the panes is seen, and the bar below. */
function Rooms({ route, places }: { route: Route; places: Places }) {
  const Side = usePage(route.side);
  const Main = usePage(route.main);
  const seen = route.seen ?? (route.main ? "main" : "side");
  useEffect(() => keepFocus(seen), [path.value]);
  return (
    <div class="rooms" data-seen={seen} data-wide={!route.side}>
      <a class="skip" href={`#${seen}`}>
        {t("shell.skip")}
      </a>
      <Bar section={route.section} />
      <main class="panes">
        {route.side && (
          <div class="pane side" id="side" tabIndex={-1}>
            {Side ? <Side places={places} /> : <Missing load={route.side} />}
          </div>
        )}
        <div class="pane main" id="main" tabIndex={-1}>
          {Main ? <Main places={places} /> : route.main ? <Missing load={route.main} /> : <Nothing />}
        </div>
      </main>
      <Connection />
      <Keys />
    </div>
  );
}

/** A page that is on its way, which is said where that takes long; or that cannot be had now. */
function Missing({ load }: { load: NonNullable<Route["main"]> }) {
  if (unreachable.value === load) {
    return <NotThere trouble={t("error.unreachable")} again={() => void beginAnew()} />;
  }
  return (
    <p class="pane-note slow" role="status">
      {t("loading")}
    </p>
  );
}

/** Beside a list of which nothing is chosen yet. */
function Nothing() {
  return (
    <div class="empty">
      <Mark size={72} />
      <p>{t("shell.choose")}</p>
    </div>
  );
}
