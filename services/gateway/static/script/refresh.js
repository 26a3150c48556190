// What has data-refresh is asked for anew every so many seconds and shown where it changed; not while it is worked in.
"use strict";

for (const shown of document.querySelectorAll("[data-refresh]")) {
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const came = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(shown.id);
    const isWorkedIn = shown.contains(document.activeElement) || !getSelection().isCollapsed;
    if (came && !isWorkedIn && came.innerHTML !== shown.innerHTML) shown.replaceChildren(...came.childNodes);
  };
  setInterval(() => look().catch(() => {}), 1000 * shown.dataset.refresh);
}
