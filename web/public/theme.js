// Before the first paint, so that nobody who has chosen the dark is met by the light. src/shell/theme.ts calls it again.
globalThis.applyTheme = () => {
  const { dataset } = document.documentElement;
  const chosen = localStorage.getItem("parlour.theme");
  if (chosen) dataset.theme = chosen;
  else delete dataset.theme;
  // What the browser paints around the page: by the system, unless something else was chosen.
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.dataset.media ??= meta.media;
    const dark = meta.dataset.media.includes("dark");
    meta.media = !chosen ? meta.dataset.media : dark === (chosen === "dark") ? "all" : "not all";
  }
};
globalThis.applyTheme();
