// Reads the code of a label with a camera: live where the browser lets this page see one, else from a photo of it.
// The decoder is ours (qr), not the browser's: most phones' browsers have none. No picture leaves the page.
import decodeQR from "qr/decode.js";

const PAUSE = 120; // ms between two looks
const LIVE = 720, PHOTO = 1600; // pixels of the longer side that are looked at
const ON = "kedang-camera", LAST = "kedang-camera-last";
const canvas = document.createElement("canvas");

function codeIn(source, width, height, longest, patience) {
  const scale = Math.min(1, longest / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const draw = canvas.getContext("2d", { willReadFrequently: true });
  draw.drawImage(source, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(draw.getImageData(0, 0, canvas.width, canvas.height), patience);
  } catch {
    return ""; // this is how the decoder says that it sees none
  }
}

// What lasts from one scan's page to the next; a browser that keeps nothing starts anew each time.
function kept(key, value) {
  try {
    if (value === undefined) return window.sessionStorage.getItem(key) || "";
    if (value) window.sessionStorage.setItem(key, value); else window.sessionStorage.removeItem(key);
  } catch { /* storage is closed */ }
  return "";
}

function handIn(tools, code) {
  const form = tools.closest("form");
  form.querySelector(tools.dataset.camera).value = code.slice(0, 120);
  form.querySelector("button:not([type=button])").click();
}

class Camera {
  constructor(tools) {
    this.tools = tools;
    const part = (name) => tools.querySelector(`[data-camera-${name}]`);
    Object.assign(this, {
      start: part("start"), stop: part("stop"), photo: part("photo"), view: part("view"), none: part("none"),
      unread: part("unread"), video: tools.querySelector("video"),
    });
    this.start.addEventListener("click", () => { kept(LAST, ""); this.look(); });
    this.stop.addEventListener("click", () => this.close());
    this.photo.querySelector("input").addEventListener("change", (event) => this.read(event.target));
  }

  async offer() {
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []) || [];
    const live = devices.some((device) => device.kind === "videoinput");
    const phone = window.matchMedia("(pointer: coarse)").matches;
    this.start.hidden = !live;
    this.photo.hidden = live || !phone || !window.createImageBitmap;
    this.tools.hidden = this.start.hidden && this.photo.hidden;
    if (live && kept(ON)) this.look();
  }

  async look() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      this.start.hidden = true;
      this.photo.hidden = !window.createImageBitmap;
      this.none.hidden = false;
      kept(ON, "");
      return;
    }
    kept(ON, "yes");
    this.start.hidden = true;
    this.view.hidden = this.stop.hidden = false;
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => {});
    this.next();
  }

  // A label that stays in view is read once: a second reading would be a second scan, which may confirm something.
  next() {
    if (!this.stream) return;
    const { videoWidth: width, videoHeight: height } = this.video;
    const code = width ? codeIn(this.video, width, height, LIVE) : "";
    if (!code || code === kept(LAST)) { window.setTimeout(() => this.next(), PAUSE); return; }
    kept(LAST, code);
    this.dark();
    handIn(this.tools, code);
  }

  dark() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = this.video.srcObject = null;
  }

  close() {
    this.dark();
    kept(ON, "");
    this.view.hidden = this.stop.hidden = true;
    this.start.hidden = false;
  }

  async read(input) {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    const picture = await window.createImageBitmap(file).catch(() => null);
    const patience = { effort: Infinity, timeLimit: 3000 };
    const code = picture ? codeIn(picture, picture.width, picture.height, PHOTO, patience) : "";
    this.unread.hidden = code !== "";
    if (code) handIn(this.tools, code);
  }
}

document.querySelectorAll("[data-camera]").forEach((tools) => new Camera(tools).offer());
