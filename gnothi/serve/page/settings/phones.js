/** Phones and tablets that were let in, and a code for the next one. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { confirm } from "../base/ask.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { clock, day } from "../base/format.js";
import { say } from "../base/texts.js";
import { nameOf } from "./people.js";

/** The frame of the section; the devices follow when one comes here. */
export const phones = () => [
  make("p.hint", { text: say("phones.text") }),
  make("ul.rows", { id: "phones" }),
  make("div", { id: "invitation" }),
  button({ icon: "plus", text: say("phones.invite"), kind: "quiet", id: "invite", on: invite }),
];

/** Fetch and draw the devices. */
export const drawPhones = guarded(async () => {
  try {
    show(part("phones"), ...(await api.paired()).map(row));
  } catch (error) {
    if (error.code !== "not-allowed") throw error;
    part("invite").hidden = true; // A child's phone shows who may do it instead of a way to try.
    show(part("phones"), make("li.hint", { text: error.message }));
  }
});

function row(device) {
  const words = say("phones.since", { name: nameOf(device.user), day: day(device.paired_at) });
  return make(
    "li.row",
    { data: { device: device.id } },
    icon("phone"),
    make("div.row-words", {}, make("strong", { text: device.name }), make("span", { text: words })),
    button({
      icon: "erase",
      kind: "round-danger",
      label: say("phones.revoke", { device: device.name }),
      on: revoke(device),
    }),
  );
}

const revoke = (device) =>
  guarded(async () => {
    const sure = await confirm({
      title: say("phones.revoke_title", { device: device.name }),
      text: say("phones.revoke_text"),
      yes: say("phones.revoke_yes"),
      danger: true,
    });
    if (!sure) return;
    await api.revoke(device.id);
    notice(say("phones.revoked", { device: device.name }));
    await drawPhones();
  });

const invite = guarded(async () => {
  const { address, picture, until } = await api.invite();
  const words = address
    ? [
        make("img.qr", { src: picture, alt: say("phones.qr") }),
        make("a", { href: address, text: address }),
        make("p.hint", { text: say("phones.until", { clock: clock(until) }) }),
      ]
    : [make("p.hint", { text: say("phones.not_served") }), make("code", { text: "gnothi run --lan" })];
  show(part("invitation"), ...words);
});
