// Dropping a file, refusing one that is too large before it is sent, showing the answer on the same page,
// and cutting signed parts out of the file, which therefore stays here and is never fetched back.
import { offerParts } from "./parts.js";

const TOO_LONG_MS = 60_000;

function findProblem(input, largest) {
  const file = input.files[0];
  if (!file) return "Choose a PDF or a record (ZIP).";
  if (file.size === 0) return "This file is empty. Choose the file as it was sent.";
  if (file.size > largest) return "This file is larger than 50 MB.";
  return "";
}

// The answer as a page takes the place of this one; null where the server gave no page.
async function ask(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "text/html" },
    signal: AbortSignal.timeout(TOO_LONG_MS),
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-upload]") ? page : null;
}

function show(page, file) {
  const main = document.importNode(page.querySelector("main"), true);
  document.querySelector("main").replaceWith(main);
  document.title = page.title;
  start();
  offerParts(main, file);
  scrollTo(0, 0);
  main.querySelector("[data-focus], [role=alert]")?.focus();
}

function start() {
  const form = document.querySelector("[data-upload]");
  const drop = form.querySelector("[data-drop]");
  const input = form.querySelector("#file");
  const problem = form.querySelector("[data-problem]");
  const busy = form.querySelector("[data-busy]");
  const button = form.querySelector("[type=submit]");
  const largest = Number(form.dataset.largest);
  form.querySelector("[data-can-drop]").hidden = false;

  function tell(text) {
    problem.textContent = text;
    problem.hidden = !text;
    input.setAttribute("aria-invalid", String(Boolean(text)));
  }

  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    tell(findProblem(input, largest));
  });
  input.addEventListener("change", () => tell(input.files.length ? findProblem(input, largest) : ""));
  // In the capturing phase: page.js has no say in what is sent from here.
  form.addEventListener(
    "submit",
    async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const found = findProblem(input, largest);
      tell(found);
      if (found) {
        input.focus();
        return;
      }
      busy.hidden = false;
      button.disabled = true;
      try {
        const page = await ask(form);
        if (page) show(page, input.files[0]);
        else HTMLFormElement.prototype.submit.call(form);
      } catch {
        tell("The file could not be sent, or no answer came. Look at your connection and try again.");
      } finally {
        busy.hidden = true;
        button.disabled = false;
      }
    },
    { capture: true },
  );
}

start();
