/** Orders to devices. The server decides what is guarded; the page then asks before it insists. */
import { ApiError, api } from "../base/api.js";
import { tellTrouble } from "../base/announce.js";
import { confirm } from "../base/ask.js";
import { say } from "../base/texts.js";
import { devices } from "./house.js";

/** Call a service of a device; resolves to whether it was done. */
export async function order(device, service, data = {}) {
  try {
    await api.callDevice(device.id, { service, data });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === "needs-confirmation")
      return insist(device, service, data);
    tellTrouble(error);
    return redraw();
  }
}

async function insist(device, service, data) {
  const verb = say(`order.${service.split(".")[1]}`);
  const sure = await confirm({
    title: say("order.title", { verb, device: device.name }),
    text: say("order.text"),
    yes: verb,
  });
  if (!sure) return redraw();
  try {
    await api.callDevice(device.id, { service, data, confirm: true });
    return true;
  } catch (error) {
    tellTrouble(error);
    return redraw();
  }
}

/** Show the true state again where a control ran ahead of it. */
function redraw() {
  devices.set(new Map(devices.value));
  return false;
}
