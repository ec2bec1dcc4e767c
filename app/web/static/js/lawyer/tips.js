// What a term or a blank means, beside it: shown on pointing and on focus, closed with Escape.
// Without this script the words still lead to the lists below.
for (const box of document.querySelectorAll(".tip-box")) {
  const open = () => {
    box.classList.add("open");
    const tip = box.querySelector(".tip");
    const edge = box.closest(".sheet, .page").getBoundingClientRect().right;
    const start = box.getBoundingClientRect().left;
    box.classList.toggle("to-left", edge - start < tip.offsetWidth + 16 && start > tip.offsetWidth);
  };
  const close = () => box.classList.remove("open");
  const link = box.querySelector("a");
  const tip = box.querySelector(".tip");
  tip.id ||= `tip-${[...document.querySelectorAll(".tip-box")].indexOf(box)}`;
  tip.setAttribute("role", "tooltip");
  tip.removeAttribute("aria-hidden");
  link.setAttribute("aria-describedby", tip.id);
  box.addEventListener("pointerenter", open);
  box.addEventListener("pointerleave", close);
  box.addEventListener("focusin", open);
  box.addEventListener("focusout", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}
