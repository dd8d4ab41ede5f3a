/** The home as the page knows it: areas, devices and lists, kept fresh by the server's events. */
import { tellTrouble } from "../base/announce.js";
import { api } from "../base/api.js";
import { hear } from "../base/live.js";
import { Store } from "../base/store.js";

/** Devices by id. */
export const devices = new Store(new Map());
/** Areas in the home's order. */
export const areas = new Store([]);
/** To-do lists with their items. */
export const lists = new Store([]);

/** Fetch the home now and after each new connection, and follow what changes. */
export function followHouse() {
  hear("open", () => fetchHouse().catch(tellTrouble));
  hear("device", ({ device }) => changed(device));
  hear("gone", () => fetchHouse().catch(tellTrouble));
  hear("home", () => fetchHouse().catch(tellTrouble));
  hear("list", () => fetchLists().catch(tellTrouble));
}

/** Fetch everything again. */
export async function fetchHouse() {
  const [rooms, things] = await Promise.all([api.areas(), api.devices(), fetchLists()]);
  areas.set(rooms);
  devices.set(new Map(things.map((device) => [device.id, device])));
}

/** Fetch the lists again. */
export async function fetchLists() {
  lists.set(await api.lists());
}

function changed(device) {
  devices.update((known) => new Map(known).set(device.id, { ...known.get(device.id), ...device }));
}
