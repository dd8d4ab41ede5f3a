/** Questions that need an answer before something happens. */
import { button, make, part, show } from "./dom.js";
import { say } from "./texts.js";

/**
 * Ask whether to go on; resolves to true or false. Escape means no.
 *
 * *danger* colours the button and puts the keyboard on the way out.
 */
export function confirm({ title, text, yes, no = say("ask.no"), danger = false }) {
  const sheet = part("sheet");
  return new Promise((resolve) => {
    const leave = (answer) => {
      sheet.close();
      resolve(answer);
    };
    sheet.oncancel = () => resolve(false);
    sheet.setAttribute("aria-labelledby", "sheet-title");
    const refuse = button({ text: no, kind: "quiet", id: "sheet-no", on: () => leave(false) });
    const accept = button({
      text: yes,
      kind: danger ? "danger" : "primary",
      id: "sheet-yes",
      on: () => leave(true),
    });
    show(
      sheet,
      make("h2", { id: "sheet-title", text: title }),
      make("p", { text }),
      make("div.buttons", {}, refuse, accept),
    );
    sheet.showModal();
    (danger ? refuse : accept).focus();
  });
}
