// Texts whose contrast with their ground is below 4.5 to 1, as WCAG 2 computes it.
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

function pixel(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}

function luminance([red, green, blue]) {
  const linear = [red, green, blue]
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

// Gradients and half transparent grounds are judged by eye.
function ground(element) {
  for (let at = element; at; at = at.parentElement) {
    const { backgroundImage, backgroundColor } = getComputedStyle(at);
    const color = pixel(backgroundColor);
    if (backgroundImage !== "none" || (color[3] > 0 && color[3] < 255)) return null;
    if (color[3] === 255) return color;
  }
  return null;
}

function contrast(element) {
  const pair = [pixel(getComputedStyle(element).color), ground(element)].map(luminance);
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}

const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();

return [...document.querySelectorAll("main *, .rail *")]
  .filter((one) => one.checkVisibility({ opacityProperty: true }) && [...one.childNodes].some(isText))
  .filter((one) => !one.matches("mark small, .visually-hidden")) // the first stands below its mark
  .filter((one) => ground(one) && contrast(one) < 4.5)
  .map((one) => `${one.className}: ${one.textContent.slice(0, 30)}: ${contrast(one)}`);
