// What has data-refresh is asked for anew every so many seconds and shown where it changed; the focus stays where it was.
"use strict";

for (const shown of document.querySelectorAll("[data-refresh]")) {
  const look = async () => {
    if (document.hidden || !getSelection().isCollapsed) return;
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (answer.redirected) location.reload(); // signed out meanwhile: nothing old stays on a wall
    if (!answer.ok || answer.redirected) return;
    const came = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(shown.id);
    if (!came || came.innerHTML === shown.innerHTML) return;
    const at = shown.contains(document.activeElement) && document.activeElement.getAttribute("href");
    shown.replaceChildren(...came.childNodes);
    if (at) shown.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  };
  setInterval(() => look().catch(() => {}), 1000 * shown.dataset.refresh);
}
