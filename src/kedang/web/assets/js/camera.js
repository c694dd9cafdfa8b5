// Reads labels with a phone's camera where the browser can (BarcodeDetector); elsewhere it says so.
const button = document.querySelector("[data-camera]");

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

async function read(form) {
  const view = form.querySelector("[data-camera-view]");
  const video = view.querySelector("video");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  view.hidden = false;
  await video.play();
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  const look = async () => {
    if (!video.srcObject) return;
    const found = (await detector.detect(video).catch(() => []))[0];
    if (!found) { window.setTimeout(look, 150); return; }
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    form.querySelector("input[name=code]").value = found.rawValue.slice(0, 120);
    form.requestSubmit();
  };
  look();
}

if (button) {
  const form = button.closest("form");
  const none = form.querySelector("[data-camera-none]");
  canRead().then((can) => { button.hidden = !can; none.hidden = can || !window.matchMedia("(pointer: coarse)").matches; });
  button.addEventListener("click", () => {
    button.hidden = true;
    read(form).catch(() => { none.hidden = false; });
  });
}
