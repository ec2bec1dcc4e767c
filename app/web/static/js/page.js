// Small comforts on every page; each page works without them.

// After an error the summary is read out and reached first.
document.querySelector("[data-focus]")?.focus();

// A second press of a button within a few seconds is a double click, not a second wish.
const DOUBLE_CLICK_MS = 4000;
for (const form of document.querySelectorAll("form[method=post]")) {
  let sentAt = -Infinity;
  form.addEventListener("submit", (event) => {
    if (performance.now() - sentAt < DOUBLE_CLICK_MS) event.preventDefault();
    else sentAt = performance.now();
  });
}

// The choice between light and dark, kept on this device.
const themes = document.querySelector("[data-theme-switch]");
if (themes) {
  themes.hidden = false;
  const chosen = localStorage.getItem("theme") || "";
  for (const radio of themes.querySelectorAll("input")) {
    radio.checked = radio.value === chosen;
    radio.addEventListener("change", () => {
      localStorage.setItem("theme", radio.value);
      const dark = radio.value ? radio.value === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    });
  }
}
