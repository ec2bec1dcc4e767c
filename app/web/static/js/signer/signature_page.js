// The pad for a drawn signature. Typing and uploading need no script.
import { Strokes } from "./strokes.js";

const PICTURE_WIDTH = 1200; // pixels of the picture that is sent, if the ink is wide
const form = document.getElementById("signature-form");
const canvas = document.getElementById("canvas");
const state = document.getElementById("pad-state");
const field = document.getElementById("drawing");
const strokes = new Strokes();
const memory = "signature-strokes";
let drawing = null;

try {
  strokes.list = JSON.parse(sessionStorage.getItem(memory)) ?? [];
} catch {
  strokes.list = [];
}

new ResizeObserver(fit).observe(canvas);

// The canvas has as many pixels as the screen shows; the strokes are drawn anew for each size.
function fit() {
  const ratio = window.devicePixelRatio || 1;
  const box = canvas.getBoundingClientRect();
  if (!box.width) return;
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  redraw();
}

function redraw() {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (strokes.isEmpty) return;
  // After turning to a narrower pad a high drawing is made to fit.
  const { bottom } = strokes.bounds();
  const scale = Math.min(canvas.width, (canvas.height - 6) / Math.max(bottom, 0.001));
  strokes.draw(context, scale);
}

function pointOf(event) {
  const box = canvas.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.width };
}

canvas.addEventListener("pointerdown", (event) => {
  if (drawing !== null || (event.pointerType === "mouse" && event.button !== 0)) return;
  event.preventDefault();
  drawing = event.pointerId;
  canvas.setPointerCapture(drawing);
  strokes.begin(pointOf(event));
  redraw();
});

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drawing) return;
  const all = event.getCoalescedEvents?.() ?? [];
  for (const one of all.length ? all : [event]) strokes.add(pointOf(one), canvas.clientWidth);
  redraw();
});

for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, (event) => {
    if (event.pointerId !== drawing) return;
    drawing = null;
    keep();
    state.textContent = "Drawn. Kept if you turn the phone.";
  });
}

document.getElementById("clear").addEventListener("click", () => {
  strokes.clear();
  keep();
  redraw();
  state.textContent = "Cleared.";
});

function keep() {
  try {
    sessionStorage.setItem(memory, JSON.stringify(strokes.list));
  } catch {
    // Storage is switched off or full: the drawing lives as long as this page.
  }
}

// What is sent is the ink alone, large enough to print.
form.addEventListener("submit", () => {
  const drawn = form.elements.kind.value === "drawn";
  field.value = drawn && !strokes.isEmpty ? picture() : "";
});

function picture() {
  const box = strokes.bounds();
  const margin = 0.02;
  const width = box.right - box.left + 2 * margin;
  const height = box.bottom - box.top + 2 * margin;
  const scale = Math.min(PICTURE_WIDTH / width, PICTURE_WIDTH / 2 / height, 2400);
  const paper = document.createElement("canvas");
  paper.width = Math.ceil(width * scale);
  paper.height = Math.ceil(height * scale);
  strokes.draw(paper.getContext("2d"), scale, { x: box.left - margin, y: box.top - margin });
  return paper.toDataURL("image/png");
}
