// Shows only the questions that the chosen decision has, and names the button by its act.
const form = document.querySelector("[data-decision]");
const button = form.querySelector("button[type=submit]");
const scope = form.querySelector("[data-not-for-refusal]");
const laws = form.querySelector("[data-only-laws]");

function arrange() {
  const decision = form.querySelector("input[name=decision]:checked")?.value;
  scope.hidden = decision === "refused";
  laws.hidden = form.querySelector("input[name=reach]:checked")?.value === "*";
  button.textContent = decision === "refused" ? "Record refusal" : "Record sign-off";
}

form.addEventListener("change", arrange);
arrange();
