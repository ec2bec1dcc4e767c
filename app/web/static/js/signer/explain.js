// A link to an explanation opens it.
for (const link of document.querySelectorAll("a[data-open]")) {
  link.addEventListener("click", () => {
    const target = document.getElementById(link.dataset.open);
    target.open = true;
    target.querySelector("summary").focus();
  });
}
