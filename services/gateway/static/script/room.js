// The meeting room: asks each second what changed and shows it; a clock for who speaks. Without it, a page is loaded anew.
"use strict";

const room = document.getElementById("room-now");

async function look() {
  if (document.hidden) return;
  const answer = await fetch(room.dataset.from, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const came = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-mark]");
  const shown = room.querySelector("[data-mark]");
  if (came && came.dataset.mark !== shown.dataset.mark) shown.replaceWith(came);
}

(function again() {
  setTimeout(() => look().catch(() => {}).finally(again), 700);
})();

const speech = document.getElementById("speech");
let began = 0;
speech.hidden = false;
speech.textContent = speech.dataset.start;
speech.addEventListener("click", () => {
  began = began ? 0 : Date.now();
  if (!began) speech.textContent = speech.dataset.start;
});
setInterval(() => {
  if (!began) return;
  const seconds = Math.floor((Date.now() - began) / 1000);
  speech.textContent = `${speech.dataset.stop} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 250);
