// What the panel's pages need besides starlette-admin's own scripts.

// The access cookie lives for minutes. It is renewed in half that time, and when somebody comes back to the page.
const wait = Number(document.currentScript.dataset.renewSeconds) * 1000;
let renewedAt = Date.now();

const renew = async () => {
  if (document.hidden || Date.now() - renewedAt < wait) return;
  renewedAt = Date.now();
  await fetch("/api/users/token/refresh", { method: "POST" }).catch(() => {});
};

setInterval(renew, 5_000);
document.addEventListener("visibilitychange", renew);

// The page's size, which starlette-admin changes by an attribute that the policy does not let run.
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-onchange]")) location.assign(event.target.value);
});

// Enter in the form of an act is the act's button, and not a visit to the same page with the form in its address.
document.addEventListener("submit", (event) => {
  if (!event.target.closest("[data-sa-hook='modal-form']")) return;
  event.preventDefault();
  document.querySelector("[data-sa-action='action-submit']").click();
});

// A row leads to its page by a click; starlette-admin lets it be focused, and forgets the key.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("tr[data-sa-href]")) location.assign(event.target.dataset.saHref);
});
