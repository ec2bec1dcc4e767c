// The draft: every answer is sent when it is given, and the page follows what the server says.
// Without this script the same form is submitted as a whole.

const root = document.querySelector("[data-draft]");
const form = document.querySelector("[data-questions-form]");
const sheet = document.querySelector("[data-sheet]");
const questions = document.querySelector("[data-questions]");
const saved = document.querySelector("[data-saved]");
const announce = document.querySelector("[data-announce]");
const csrf = document.querySelector('meta[name="csrf-token"]').content;

const TYPING_MS = 500; // a pause in typing after which an answer counts as given
const RETRY_MS = 4000;

let revision = Number(root.dataset.revision);
let marked = [...sheet.querySelectorAll("[data-marked]")].map((part) => part.dataset.part);
const waiting = new Map(); // question key -> its newest value, not yet stored
let sending = false;
let timer = 0;
let leaveFor = ""; // where to go once everything is stored

for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// ---- what is answered ----

function questionOf(element) {
  return element.closest("[data-question]");
}

function valueOf(question) {
  const type = question.dataset.type;
  if (type === "enum" || type === "yesno") {
    return question.querySelector("select")?.value ?? question.querySelector("input:checked")?.value ?? "";
  }
  if (type === "many") return [...question.querySelectorAll("input:checked")].map((box) => box.value);
  if (type === "table") {
    return [...question.querySelectorAll(".row-in")].map((row) =>
      Object.fromEntries([...row.querySelectorAll("[data-column]")].map((cell) => [cell.dataset.column, cell.value])),
    );
  }
  return question.querySelector("input:not([type=hidden]), textarea, select").value;
}

function isTyped(element) {
  return element.matches("textarea, input:not([type=radio]):not([type=checkbox]):not([type=date])");
}

function take(question, delay) {
  waiting.set(question.dataset.question, valueOf(question));
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

questions.addEventListener("input", (event) => {
  if (event.target.matches("[data-one-line]")) event.target.value = event.target.value.replace(/[\r\n]+/g, " ");
  const question = questionOf(event.target);
  if (question && isTyped(event.target)) take(question, TYPING_MS);
});
questions.addEventListener("change", (event) => {
  const question = questionOf(event.target);
  if (question) take(question, 0);
});

// ---- tables ----

function offerRowButtons(scope) {
  for (const button of scope.querySelectorAll("[data-add-row], [data-remove-row]")) button.hidden = false;
}
offerRowButtons(questions);

questions.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  const remove = event.target.closest("[data-remove-row]");
  if (add) {
    const rows = questionOf(add).querySelector("[data-rows]");
    const row = rows.lastElementChild.cloneNode(true);
    const number = rows.children.length;
    for (const cell of row.querySelectorAll("[data-column]")) {
      cell.name = cell.name.replace(/:\d+:/, `:${number}:`);
      cell.value = "";
    }
    rows.append(row);
    row.querySelector("[data-column]").focus();
  } else if (remove) {
    const question = questionOf(remove);
    const row = remove.closest(".row-in");
    if (row.parentElement.children.length > 1) row.remove();
    else for (const cell of row.querySelectorAll("[data-column]")) cell.value = "";
    take(question, 0);
    question.querySelector("[data-add-row]").focus();
  }
});

// ---- sending, one answer after the other ----

async function send() {
  if (sending || !waiting.size) return;
  sending = true;
  const [key, value] = waiting.entries().next().value;
  say("Saving\u2026");
  try {
    const answer = await fetch(root.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ key, value, step: root.dataset.step, revision, marked }),
    });
    const told = await answer.json();
    // A newer value of the same question stays and is sent next.
    if (waiting.get(key) === value) waiting.delete(key);
    if (answer.ok) show(told, key);
    else refuse(answer.status, told);
  } catch {
    say("Not saved yet: no connection. Trying again\u2026", true);
    setTimeout(send, RETRY_MS);
    sending = false;
    return;
  }
  sending = false;
  if (waiting.size) send();
  else if (leaveFor && !saved.classList.contains("is-wrong")) location.assign(leaveFor);
  else leaveFor = "";
}

function refuse(status, told) {
  if (status === 401) say("Not saved: you are signed out. Sign in in another tab, then answer again.", true);
  else say(`Not saved. ${told.message} ${told.remedy}`, true);
}

function say(words, wrong = false) {
  saved.classList.toggle("is-wrong", wrong);
  saved.querySelector("span").textContent = words;
}

// ---- following the answer ----

function show(told, key) {
  revision = told.revision;
  const fault = told.faults[key];
  say(fault ? "Not saved: see the field" : `Saved ${told.saved}`, Boolean(fault));
  showQuestions(told.questions, key, fault);
  if (fault) return;
  showSheet(told);
  replace(document.querySelector("[data-steps]"), told.steps);
  replace(document.querySelector("[data-margin]"), told.margin);
  replace(document.querySelector("[data-status]"), told.status);
  const note = document.querySelector("[data-blanks-note]");
  note.hidden = told.blanks === 0;
  note.querySelector("[data-blanks]").textContent = `${told.blanks} ${told.blanks === 1 ? "blank" : "blanks"} left`;
}

function replace(place, html) {
  if (!place.contains(document.activeElement)) place.replaceChildren(fragment(html));
}

function showSheet(told) {
  const held = new Map([...sheet.children].map((part) => [part.dataset.part, part]));
  let previous = null;
  for (const id of told.order) {
    const part = held.get(id) ?? document.createElement("div");
    held.delete(id);
    part.dataset.part = id;
    if (id in told.parts) part.replaceChildren(fragment(told.parts[id]));
    part.toggleAttribute("data-marked", told.marked.includes(id));
    const place = previous ? previous.nextElementSibling : sheet.firstElementChild;
    if (part !== place) sheet.insertBefore(part, place);
    previous = part;
  }
  for (const part of held.values()) part.remove();
  marked = told.marked;
  point(told.marked);
}

// Bring the first changed passage into view, and tell those who do not see it.
function point(ids) {
  const changed = ids.map((id) => sheet.querySelector(`[data-part="${CSS.escape(id)}"] .changed`)).filter(Boolean);
  if (!changed.length) return;
  const first = changed.find((element) => !element.classList.contains("key")) ?? changed[0];
  const mark = first.querySelector("ins, del") ?? first;
  const scroller = sheet.closest(".draft-text");
  if (scroller && scroller.scrollHeight > scroller.clientHeight + 1) {
    const top = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    const isSeen = top > 60 && top < scroller.clientHeight - 120;
    if (!isSeen) scroller.scrollTo({ top: scroller.scrollTop + top - scroller.clientHeight / 3, behavior: "smooth" });
  }
  const names = changed.map((element) => element.querySelector(".clause-title")?.textContent.trim()).filter(Boolean);
  announce.textContent = `Changed: ${names.slice(0, 3).join("; ")}`;
}

function showQuestions(list, key, fault) {
  const held = new Map([...questions.children].map((one) => [one.dataset.question, one]));
  let previous = null;
  for (const told of list) {
    let question = held.get(told.key);
    held.delete(told.key);
    if (!question || mustDraw(question, told, key)) {
      const drawn = fragment(told.html).firstElementChild;
      offerRowButtons(drawn);
      if (question) question.replaceWith(drawn);
      question = drawn;
    }
    question.dataset.state = told.state;
    const place = previous ? previous.nextElementSibling : questions.firstElementChild;
    if (question !== place) questions.insertBefore(question, place);
    previous = question;
  }
  for (const question of held.values()) if (!question.contains(document.activeElement)) question.remove();
  countUsual();
  const answered = questions.querySelector(`[data-question="${CSS.escape(key)}"]`);
  if (answered) showFault(answered, fault);
}

function countUsual() {
  const line = document.querySelector("[data-usual-line]");
  const count = questions.querySelectorAll(".is-usual").length;
  line.hidden = !count;
  line.querySelector("[data-usual-count]").textContent = count;
}

// Never under the hands of whoever is typing, and never the answer that was just given.
function mustDraw(question, told, key) {
  if (question.dataset.state === told.state || told.key === key || waiting.has(told.key)) return false;
  return !question.contains(document.activeElement);
}

function showFault(question, fault) {
  const line = question.querySelector("[data-fault]");
  line.hidden = !fault;
  if (fault) question.classList.remove("is-usual");
  line.querySelector("span").textContent = fault ?? "";
  const grouped = question.hasAttribute("role");
  const field = grouped ? question : question.querySelector("input:not([type=hidden]), textarea, select");
  if (fault) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  field.classList.toggle("is-invalid", Boolean(fault) && !grouped);
  const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (fault) described.add(line.id);
  else described.delete(line.id);
  if (described.size) field.setAttribute("aria-describedby", [...described].join(" "));
  else field.removeAttribute("aria-describedby");
}

// Links to a question of this step lead there without loading the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href*="#q-"]');
  if (!link) return;
  const field = document.getElementById(new URL(link.href).hash.slice(1));
  if (!field) return;
  event.preventDefault();
  reveal(field);
  field.focus();
  questionOf(field)?.scrollIntoView({ block: "center" });
});
if (location.hash.startsWith("#q-")) {
  const field = document.getElementById(location.hash.slice(1));
  if (field) {
    reveal(field);
    field.focus();
  }
}

// A question with a usual answer stands behind the button until somebody wants to see it.
function reveal(field) {
  if (questionOf(field)?.classList.contains("is-usual")) document.getElementById("show-usual").checked = true;
}

// Nothing that was typed is left behind: a link waits for what is on its way, a form takes all along.
form.addEventListener("submit", () => {
  clearTimeout(timer);
  waiting.clear();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = link && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!isPlain || link.getAttribute("href").startsWith("#") || !(waiting.size || sending)) return;
  event.preventDefault();
  leaveFor = link.href;
  clearTimeout(timer);
  send();
});
addEventListener("beforeunload", (event) => {
  if (waiting.size) event.preventDefault();
});
