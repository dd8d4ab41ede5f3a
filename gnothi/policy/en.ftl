# What a report on policies says. Shares come in per cent; values and gains as they are.
policy-log = { $decisions ->
    [one] One logged decision
   *[other] { $decisions } logged decisions
} in { $episodes ->
    [one] one episode
   *[other] { $episodes } episodes
} of { $people ->
    [one] one person
   *[other] { $people } people
}; mean return { $value } ({ $low } to { $high }).
policy-bounds-assumed = Returns are taken to lie from { $low } to { $high }, as all of this log do; say so with the bounds if more is possible.
policy-support-unknown = Only the probabilities of what was done are known: what was never tried does not show.
policy-line = { $name }: { $value } ({ $low } to { $high }), { $gain } against what logged ({ $gainlow } to { $gainhigh }); it counts like { $effective } of the { $episodes } episodes.
policy-recommend = Recommended: { $name }.
policy-refuse-all = None is recommended: stay with what logged.
policy-better = Better: a gain of { $gain }, surely more than { $low }.
policy-untried = Refused: at step { $step } it does in { $share } % of cases what the log never did; at most { $limit } % can be judged.
policy-few = Refused: the log supports it with { $effective } of its { $episodes } episodes, as many as { $limit } are needed. Log more, or a policy nearer to the one that logged.
policy-dominated = Refused: one episode alone has { $share } % of all weight; at most { $limit } % can be relied on.
policy-wide = Refused: its value lies anywhere from { $low } to { $high }, which says too little.
policy-disagree = Refused: the estimate of { $value } lies outside of its interval, { $low } to { $high }: model and weights disagree.
policy-propensities = Refused: weights have a mean of { $mean } up to step { $step } where 1 is right. Either logged propensities are wrong, or much that it does was hardly ever tried.
policy-worse = Refused: it is no better; its gain is surely below { $high }, and more than { $margin } is asked for.
policy-unproven = Refused: its gain lies between { $low } and { $high }; that it exceeds { $margin } is not proven.
policy-interval-betting = Intervals hold with a probability of { $level } % for any log and any weights (betting); those of gains all together.
policy-interval-student = Intervals of { $level } % are approximate (Student's t by person): right for large logs without heavy weights.
policy-interval-bootstrap = Intervals of { $level } % are approximate (bootstrap by person): right for large logs without heavy weights.
policy-interval-empirical-bernstein = Intervals of { $level } % are approximate (empirical Bernstein with the largest weight seen).
