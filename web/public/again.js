// A network that changes while files are on their way leaves a page that is empty, or without its looks. It is then
// begun once more, but not over and over. src/shell/loading.ts does the same for what comes later.
{
  const KEPT = "parlour.again";
  const REST_MS = 60_000;
  const SOON_MS = 500;

  globalThis.beginOnceMore = () => {
    const begun = Number(sessionStorage.getItem(KEPT));
    if (Date.now() - begun < REST_MS) return false;
    sessionStorage.setItem(KEPT, String(Date.now()));
    setTimeout(() => location.reload(), SOON_MS);
    return true;
  };
  addEventListener(
    "error",
    ({ target }) => {
      if (target.tagName === "SCRIPT" || target.rel === "stylesheet") globalThis.beginOnceMore();
    },
    true,
  );
}
