// A drawing as strokes of points whose unit is the width of the pad: it survives turning and resizing.
export class Strokes {
  constructor() {
    this.list = [];
  }

  get isEmpty() {
    return this.list.length === 0;
  }

  begin(point) {
    this.list.push([point]);
  }

  // Points closer than half a pixel add nothing but noise.
  add(point, width) {
    const stroke = this.list[this.list.length - 1];
    const last = stroke[stroke.length - 1];
    if (Math.hypot(point.x - last.x, point.y - last.y) * width >= 0.5) stroke.push(point);
  }

  clear() {
    this.list = [];
  }

  // The box of the ink, in the unit of the points.
  bounds() {
    const points = this.list.flat();
    const xs = points.map((point) => point.x);
    const ys = points.map((point) => point.y);
    return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  }

  // Draw with `scale` pixels to the unit: curves through the middles of neighbouring points.
  draw(context, scale, offset = { x: 0, y: 0 }, pen = 0.007) {
    context.lineCap = "round";
    context.lineJoin = "round";
    context.strokeStyle = "#14201f";
    context.fillStyle = "#14201f";
    context.lineWidth = Math.max(1.4, pen * scale);
    const at = (point) => [(point.x - offset.x) * scale, (point.y - offset.y) * scale];
    for (const stroke of this.list) {
      context.beginPath();
      if (stroke.length === 1) {
        context.arc(...at(stroke[0]), context.lineWidth / 2, 0, 2 * Math.PI);
        context.fill();
        continue;
      }
      context.moveTo(...at(stroke[0]));
      for (let index = 1; index < stroke.length - 1; index += 1) {
        const middle = { x: (stroke[index].x + stroke[index + 1].x) / 2, y: (stroke[index].y + stroke[index + 1].y) / 2 };
        context.quadraticCurveTo(...at(stroke[index]), ...at(middle));
      }
      context.lineTo(...at(stroke[stroke.length - 1]));
      context.stroke();
    }
  }
}
