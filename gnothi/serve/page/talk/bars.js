/** Shares as bars, readable without seeing them. */
import { make } from "../base/dom.js";

/** One row for each `{label, share, words, id}`; the first is the chosen one. */
export function bars(rows, label) {
  return make(
    "ol.bars",
    { "aria-label": label },
    ...rows.map((row, index) =>
      make(
        `li.bar-row${index ? "" : ".chosen"}`,
        { title: row.id },
        make("span.bar-label", { text: row.label }),
        make("span.bar", { vars: { "--share": Math.max(0, Math.min(1, row.share)) } }),
        make("span.bar-words", { text: row.words }),
      ),
    ),
  );
}
