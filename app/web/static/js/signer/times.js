// Shows times in the reader's own zone, with the UTC time that the server wrote after it.
for (const element of document.querySelectorAll("time[data-local]")) {
  const moment = new Date(element.dateTime);
  if (Number.isNaN(moment.getTime())) continue;
  if (element.dataset.local === "day") {
    element.textContent = moment.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
    continue;
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  if (zone === "UTC") continue;
  const here = moment.toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
  const place = zone.includes("/") ? ` in ${zone.split("/").pop().replaceAll("_", " ")}` : "";
  const utc = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
  element.textContent = `${here}${place} (${utc} UTC)`;
}
