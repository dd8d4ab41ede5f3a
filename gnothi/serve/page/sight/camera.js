/** The camera of this device: opened when somebody wants to show something, given back afterwards. */

import { withheld } from "../base/devices.js";

const WANTED = { video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } };

/** Why there is no picture; `reason` completes `sight.camera.…` in the pack. */
export class CameraError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export class Camera {
  #stream;
  #video;

  /** Open the camera and show what it sees in *video*. Throws CameraError. */
  static async open(video) {
    if (!isSecureContext || !navigator.mediaDevices?.getUserMedia) throw new CameraError("insecure");
    const camera = new Camera();
    camera.#video = video;
    try {
      camera.#stream = await navigator.mediaDevices.getUserMedia(WANTED);
      video.srcObject = camera.#stream;
      await video.play();
    } catch (error) {
      camera.close();
      throw new CameraError(withheld(error));
    }
    return camera;
  }

  /** Return what it sees now, as a JPEG file. */
  async take() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d").drawImage(this.#video, 0, 0, width, height);
    return canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
  }

  /** Give the camera back: the browser's sign that it is on goes out. */
  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    if (this.#video) this.#video.srcObject = null;
  }
}
