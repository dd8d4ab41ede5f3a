/** What was learned: versions of each artifact, which one is live, and the way back. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { confirm } from "../base/ask.js";
import { button, make, part, show } from "../base/dom.js";
import { number } from "../base/format.js";
import { hear } from "../base/live.js";
import { here } from "../base/places.js";
import { name, say } from "../base/texts.js";

const FEW_FIGURES = 4;

/** Fetch and draw the artifacts. */
export const drawArtifacts = guarded(async () => {
  const artifacts = await api.artifacts();
  show(
    part("artifacts"),
    ...(artifacts.length ? artifacts.map(artifact) : [make("p.empty", { text: say("artifacts.none") })]),
  );
});

hear("artifact", () => here() === "settings" && drawArtifacts());

function artifact(known) {
  const versions = known.versions.map((version) => row(known, version));
  return make(
    "section.artifact",
    { data: { name: known.name } },
    make("h3", {}, make("span", { text: name("artifact", known.name) }), make("code", { text: known.name })),
    make("ul.versions", {}, ...versions),
    known.history.length
      ? button({
          icon: "back",
          text: say("artifacts.back"),
          kind: "small",
          id: `back-${known.name}`,
          on: goBack(known),
        })
      : null,
  );
}

const goBack = (known) =>
  guarded(async () => {
    const { live } = await api.rollBack(known.name);
    notice(say("artifacts.used", { version: live }));
    await drawArtifacts();
  });

function row(known, version) {
  const live = version.version === known.live;
  const figures = Object.entries(version.figures ?? {})
    .slice(0, FEW_FIGURES)
    .map(([figure, value]) =>
      say("artifacts.figure", { figure: name("figure", figure), value: number(value, 3) }),
    );
  return make(
    "li.version",
    { data: { live: String(live) } },
    make(
      "div.row-words",
      {},
      make("strong", { text: version.version }),
      make("span", { text: figures.join(" · ") }),
    ),
    live
      ? make("span.tag.live", { text: say("artifacts.live") })
      : button({
          text: say("artifacts.use"),
          kind: "small",
          id: `use-${known.name}-${version.version}`,
          on: choose(known, version),
        }),
  );
}

const choose = (known, version) =>
  guarded(async () => {
    const sure = await confirm({
      title: say("artifacts.use_title", { version: version.version }),
      text: say("artifacts.use_text", { name: name("artifact", known.name), live: known.live }),
      yes: say("artifacts.use"),
    });
    if (!sure) return;
    await api.switchArtifact(known.name, version.version);
    notice(say("artifacts.used", { version: version.version }));
    await drawArtifacts();
  });
