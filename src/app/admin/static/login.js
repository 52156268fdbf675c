// Logs in as the browser client does. Whoever is logged in there, and has been away for a while, need not type again.
const form = document.getElementById("login");
const refusal = document.getElementById("refusal");
const { onward, refused, origins } = form.dataset;
const RENEWED = "admin-renewed";
const AGAIN_AFTER_MS = 10_000;

const post = (path, body) =>
  fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });

const say = (words) => {
  refusal.textContent = words;
  refusal.hidden = false;
};

// A browser that does not keep our cookies would be sent back and forth without end.
const renewedJustNow = () => Date.now() - Number(sessionStorage.getItem(RENEWED)) < AGAIN_AFTER_MS;

const renew = async () => {
  if (refused || renewedJustNow()) return;
  sessionStorage.setItem(RENEWED, String(Date.now()));
  const answer = await post("/api/users/token/refresh");
  if (answer.ok) location.replace(onward);
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(form));
  const answer = await post("/api/users/login", { username, password }).catch(() => null);
  if (answer?.ok) location.replace(onward);
  else say(answer ? (await answer.json()).detail : "The server does not answer. Try again.");
});

if (!origins.split(" ").includes(location.origin)) say(`Cookies count only at ${origins}. Open this page there.`);
else renew().catch(() => {});
