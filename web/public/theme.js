// Before the first paint, so that nobody who has chosen the dark is met by the light.
{
  const chosen = localStorage.getItem("parlour.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
}
