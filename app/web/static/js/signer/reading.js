// Initials without leaving the page, the next place to initial, and where in the text the reader is.
// Without this script the same buttons are plain forms.
const token = document.querySelector("meta[name=csrf-token]").content;
const said = document.getElementById("said");
const goOn = document.getElementById("go-on");
const script = document.getElementById("reading-script");
const places = [...document.querySelectorAll(".initial")];
const unit = goOn.dataset.unit;

// The last page compares: what is signed must begin with the bytes that were displayed here.
try {
  sessionStorage.setItem(`displayed:${script.dataset.envelope}`, script.dataset.displayed);
} catch {
  // Storage is switched off: the last page then goes by what it is told itself.
}

for (const place of places) {
  place.querySelector("[data-give]").addEventListener("submit", (event) => send(event, place, true), true);
  place.querySelector("[data-back]").addEventListener("submit", (event) => send(event, place, false), true);
}

async function send(event, place, given) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = place.querySelector(".place");
  if (place.dataset.busy || (given && button.getAttribute("aria-disabled"))) return;
  place.dataset.busy = "yes";
  try {
    const answer = await fetch(event.target.action, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { initialled } = await answer.json();
    for (const other of places) show(other, initialled.includes(other.dataset.family));
    count(initialled.length);
    const number = place.dataset.number;
    say(given ? `${capital(unit)} ${number} initialled. ${initialled.length} of ${places.length}.` : `Initials of ${unit} ${number} taken back.`);
    if (!given) button.focus();
  } catch {
    say("That was not stored: the connection was lost. Press again.", place);
  } finally {
    delete place.dataset.busy;
  }
}

function show(place, done) {
  const button = place.querySelector(".place");
  const number = place.dataset.number;
  button.classList.toggle("done", done);
  if (done) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
  button.querySelector(".what").textContent = done ? `${capital(unit)} ${number} initialled` : `Initial ${unit} ${number}`;
  const icon = button.querySelector("use");
  icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, done ? "#tick" : "#pencil"));
  place.querySelector("[data-back]").hidden = !done;
  place.querySelector(".trouble")?.remove();
  const initials = place.querySelector(".ini").textContent;
  for (const mark of document.querySelectorAll(`[data-mark="${CSS.escape(place.dataset.family)}"]`)) {
    mark.toggleAttribute("data-done", done);
    mark.textContent = done ? `✓ ${initials}` : "initial";
  }
}

function count(number) {
  for (const element of document.querySelectorAll("[data-count]")) element.textContent = number;
  showNext();
}

// The button in the foot leads to the next place below the reader, then to the first that is left.
function showNext() {
  if (!places.length) return;
  const open = places.filter((place) => !place.querySelector(".place.done"));
  const next = open.find((place) => place.getBoundingClientRect().top > window.innerHeight * 0.6) ?? open[0];
  goOn.textContent = next ? `Next initials: ${unit} ${next.dataset.number}` : "Go on to your signature";
  goOn.href = next ? `#${next.closest("section").id}` : goOn.dataset.signature;
}

goOn.addEventListener("click", (event) => lead(event, goOn.hash));
for (const link of document.querySelectorAll("[data-next]")) {
  // The next place that waits; after the last one the way on.
  link.addEventListener("click", (event) => {
    showNext();
    lead(event, goOn.hash || "#go-on");
  });
}

function lead(event, hash) {
  if (!hash) return;
  event.preventDefault();
  const target = hash === "#go-on" ? goOn : document.querySelector(`#${CSS.escape(hash.slice(1))} .place`);
  target.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  target.focus({ preventScroll: true });
}

const sections = [...document.querySelectorAll("section.clause")];
const links = [...document.querySelectorAll(".contents a")];
const placeWord = document.querySelector("[data-place]");
let waiting = false;
function follow() {
  waiting = false;
  const line = window.innerHeight * 0.35;
  const here = sections.findLast((section) => section.getBoundingClientRect().top < line) ?? sections[0];
  for (const link of links) {
    if (link.hash === `#${here.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const current = document.querySelector(".side a[aria-current]");
  if (current && current.offsetParent) {
    const box = current.closest(".side");
    const top = current.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 60) box.scrollTop = top - box.clientHeight / 2;
  }
  placeWord.textContent = `${capital(unit)} ${here.dataset.number} of ${sections.length}`;
  showNext();
}
document.addEventListener("scroll", () => {
  if (!waiting) requestAnimationFrame(follow);
  waiting = true;
}, { passive: true });
follow();

const jump = document.querySelector(".jump");
jump.addEventListener("click", (event) => {
  if (event.target.closest("a")) jump.open = false;
});
jump.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  jump.open = false;
  jump.querySelector("summary").focus();
});

function say(words, place) {
  said.textContent = words;
  if (!place) return;
  place.querySelector(".trouble")?.remove();
  const notice = document.createElement("p");
  notice.className = "field-error trouble";
  notice.textContent = words;
  place.append(notice);
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
