/** Everything that was read, row by row: to be unfolded, copied, and put right. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, make } from "../base/dom.js";
import { say } from "../base/texts.js";

/** Show *lines* of a *picture*; who reads them wrong, in a *turn*, is told what is written. */
export function readLines({ picture, reader, lines }, turn) {
  const rows = Map.groupBy(
    lines.map((line, at) => ({ ...line, at })),
    ({ row }) => row,
  );
  return make(
    "details",
    {},
    make("summary", { text: say("sight.words", { count: rows.size }) }),
    make("ol.seen-rows", {}, ...[...rows.values()].map((row) => shown(row, reader && { picture, turn }))),
  );
}

/** Show a *row*, and a way to put it *right* where somebody read it. */
function shown(row, right) {
  const text = row.map((line) => line.text).join(" ");
  const element = make("li", { class: row[0].marked && "marked" }, make("span", { text, dir: "auto" }));
  if (right)
    element.append(
      button({
        text: say("sight.put_right"),
        label: say("sight.put_right_label", { text }),
        kind: "small",
        on: () => edit(element, row, right),
      }),
    );
  return element;
}

/** Let each line of *row* be written anew, in the place of *element*. */
function edit(element, row, right) {
  const fields = row.map(({ text }) =>
    make("input.field", { value: text, maxlength: "500", dir: "auto", "aria-label": say("sight.written") }),
  );
  const keep = make("input", { type: "checkbox" });
  const save = guarded(async () => {
    const after = row.map((line, at) => ({ ...line, text: fields[at].value.trim() || line.text }));
    for (const { at, text } of after.filter(({ text }, at) => text !== row[at].text)) {
      const { sentence } = await api.putRight(right.picture, at, {
        text,
        keep_picture: keep.checked,
        turn: right.turn || null,
      });
      notice(sentence);
    }
    form.replaceWith(shown(after, right));
  });
  const form = make(
    "li",
    {},
    make(
      "form.put-right",
      { on: { submit: (event) => (event.preventDefault(), save()) } },
      ...fields,
      make("label.check", {}, keep, make("span", { text: say("sight.keep_line") })),
      make(
        "div.buttons",
        {},
        button({ text: say("sight.save_line"), kind: "primary", type: "submit" }),
        button({ text: say("ask.close"), kind: "quiet", on: () => form.replaceWith(element) }),
      ),
    ),
  );
  element.replaceWith(form);
  fields[0].focus();
}
