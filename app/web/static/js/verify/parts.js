// What each signature covers is the file's own beginning: it is cut off here, on the device.

function save(part, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(part);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function offerParts(main, file) {
  const parts = main.querySelector("[data-parts]");
  if (!parts || !file || Number(parts.dataset.size) !== file.size) return;
  parts.querySelector("[data-can-save]").hidden = false;
  parts.querySelector("[data-by-hand]").hidden = true;
  for (const button of parts.querySelectorAll("[data-save]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      save(file.slice(0, Number(button.dataset.save), "application/pdf"), button.dataset.name);
    });
  }
}
