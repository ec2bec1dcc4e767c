// Dropping a file, refusing one that is too large before it is sent, and saying that work is going on.
const form = document.querySelector("[data-upload]");
const drop = form.querySelector("[data-drop]");
const input = form.querySelector("#file");
const problem = form.querySelector("[data-problem]");
const busy = form.querySelector("[data-busy]");
const largest = Number(form.dataset.largest);

form.querySelector("[data-can-drop]").hidden = false;

function findProblem() {
  const file = input.files[0];
  if (!file) return "Choose a PDF or a record (ZIP).";
  if (file.size === 0) return "This file is empty. Choose the file as it was sent.";
  if (file.size > largest) return "This file is larger than 50 MB.";
  return "";
}

function show(text) {
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
  show(findProblem());
});
input.addEventListener("change", () => show(input.files.length ? findProblem() : ""));
// In the capturing phase: what is refused here is no press of the button for page.js.
form.addEventListener(
  "submit",
  (event) => {
    const found = findProblem();
    show(found);
    busy.hidden = Boolean(found);
    if (!found) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    input.focus();
  },
  { capture: true },
);
addEventListener("pageshow", () => {
  busy.hidden = true;
});
