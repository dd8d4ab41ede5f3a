# Why the gate ruled as it did, and how a rollout goes on. Rates and gains come in per cent.
gate-approved = Approved: it gets { $gain } % more conversations right (surely more than { $low } %), seen in { $turns } turns of { $people ->
    [one] one person
   *[other] { $people } people
}.
gate-risk = Refused: it would do { $risk } actions, and nothing learned may go beyond { $limit }.
gate-risk-raised = Refused: in { $turns ->
    [one] one turn
   *[other] { $turns } turns
} it would do something riskier than was done before.
gate-change = It would act differently in { $rate } % of the requests about { $domain }; at most { $limit } % may change at once.
gate-flips = Refused: it breaks { $rate } % of what works today; at most { $limit } % may break.
gate-flips-open = It may break up to { $high } % of what works today; more turns will tell whether it stays below { $limit } %.
gate-flips-relative = It makes too many new mistakes for those that it mends ({ $rate } % of what chance would, at most { $limit } %).
gate-slice = It breaks { $rate } % of what works today in “{ $slice }”; at most { $limit } % may break there.
gate-gain-open = It seems to get { $gain } % more right after { $turns } turns; that may still be chance.
gate-no-gain = Refused: it surely gains nothing (at most { $high } % after { $turns } turns).
gate-support = It has been seen in { $turns } of the { $limit } turns that it needs.
gate-people = It has been seen with { $people } of the { $limit } people that it needs.
gate-patience = Refused: after { $turns } turns a gain is still not proven; it is too small to wait for.

rollout-watching = It is being tried: { $turns } of { $limit } turns so far.
rollout-doubtful = It seems to do worse by { $gain } %; it goes no further for now.
rollout-held = It did well in its trial, and is given to more conversations.
rollout-live = It is in use, and has been watched for { $turns } turns.
rollout-regressed = Withdrawn: it does worse by { $gain } %, seen in { $turns } turns.
rollout-over = It is no longer in the running ({ $phase }).

learning-nothing-new = I looked through { $turns } turns and found nothing new to learn.
learning-candidate = I found { $number ->
    [one] one request
   *[other] { $number } requests
} that might work better in other words{ $phrases ->
    [0] {""}
    [one] , and one phrase that seems to mean another
   *[other] , and { $phrases } phrases that seem to mean others
}. I will watch how that would have gone before I use it.
learning-heads-nothing-new = Nobody has put anything right that I could learn to understand better.
learning-heads-candidate = I misunderstood { $number ->
    [one] one sentence that was
   *[other] { $number } sentences that were
} put right in other words, and have learned from that. I will watch how I would have understood what is said like this before I do so.
learning-unseen-nothing = There is nothing new from which I could learn to find what was meant.
learning-unseen-candidate = I know { $number ->
    [one] one request that has
   *[other] { $number } requests that have
} worked, and will watch whether I would have found the right one where I did not understand.
# Hearing, learned from recordings that people had kept.
hearing-none = No recordings are kept from which I could learn to hear better.
hearing-few = I know what was said in { $recordings ->
    [one] one recording
   *[other] { $recordings } recordings
} and need { $missing } more before I can learn to hear better.
hearing-unused = The recogniser that listens here can't use what I would learn from recordings: I let it hear none of them. Those called gnothi and pocketsphinx can.
hearing-nothing-new = Too little has been recorded since I last tried to hear better.
hearing-live = { $was ->
    [live] I still hear with what I learned from recordings. Since then I got { $wer } % of the words in { $recordings } recordings wrong; before that it would have been { $wer_before } %.
   *[new] I have learned from recordings what is said here, and use it from now on: in { $recordings } recordings that I did not learn from I hear { $wer } % of the words wrong, { $wer_before } % before.
}
hearing-waits = I have learned from recordings what is said here, and don't use it yet: in { $recordings } recordings that I did not learn from I would hear { $wer } % of the words wrong, { $wer_before } % as I hear now. { $why }
hearing-refused = I don't use what I learned from recordings: in { $recordings } recordings that I did not learn from I would hear { $wer } % of the words wrong, { $wer_before } % as I hear now. { $why }
hearing-withdrawn = I no longer use what I learned from recordings: since then I got { $wer } % of the words wrong; before that it would have been { $wer_before } %. { $why }
hearing-nothing = Nothing was learned from recordings yet. Say what you want to be kept in the settings of the page; it is learned from at night.
hearing-stands = { $phase ->
    [live] What was learned from recordings is in use.
    [rejected] What was learned from recordings last was refused.
    [rolled-back] What was learned from recordings was withdrawn.
   *[shadow] What was learned from recordings is being tried.
}
hearing-figures = In recordings that were held back, { $wer } % of the words were heard wrong with it, { $wer_before } % without it.
hearing-sentences = This is said here; [device], [area], [list] and [person] stand for names.
hearing-names = These names are said here, so many times.

# Which question to ask. Worths and gains are in points of a hundred: what a prompt is good for.
prompts-few = To learn which questions are good I let some talks try others than I would ask. I have seen { $talks ->
    [0] none of these talks
    [one] one such talk
   *[other] { $talks } such talks
} and need { $missing } more before I can compare.
prompts-since = Since I last compared questions, nothing has changed. I look again after { $missing ->
    [one] one more talk that tries
   *[other] { $missing } more talks that try
} other questions.
prompts-same = What I learned of { $talks } talks asks what I ask already.
prompts-propensities = Refused: how often other questions were tried and how often that was meant do not fit together. I can't rely on these talks.
prompts-worse = Refused: the questions that I learned are no better than those that I ask. In { $talks } talks they were worth { $gain } points more, and surely at most { $high }.
prompts-unsupported = Not yet: my talks hardly ever tried what I would ask now. They count like { $effective } of the { $limit } talks that it takes.
prompts-open = Not yet: the questions that I learned seem to be worth { $gain } points more in { $talks } talks, but that may be chance (surely between { $low } and { $high }).
prompts-better = The questions that I learned are better: worth { $gain } points more, surely more than { $low }, seen in { $talks } talks. A share of talks gets them now; if these go on well, all do.
prompts-watching = What I learned leads a share of talks. I have compared { $turns } of { $limit } pairs of talks, one with it and one without.
prompts-doubtful = With the questions that I learned, talks seem to find something less often (by { $gain } points); no more talks get them for now.
prompts-held = Talks went on well with the questions that I learned; more talks get them now.
prompts-live = The questions that I learned are in use in all talks. I have compared { $turns } of these talks with talks before.
prompts-regressed = Withdrawn: with the questions that I learned, talks found something less often (by { $gain } points, in { $turns } pairs of talks). I ask as before.
prompts-worth = Worth of a question, of a hundred: { $before } as I ask now (surely between { $beforelow } and { $beforehigh }), { $after } as I learned it ({ $afterlow } to { $afterhigh }).

learning-nothing = Nothing has been learned yet.
learning-withdrawn = I no longer change “{ $said }”: that went wrong { $losses ->
    [one] once
   *[other] { $losses } times
}{ $wins ->
    [0] {""}
    [one] {" "}and well once
   *[other] {" "}and well { $wins } times
}.
learning-forgotten = I will take “{ $said }” as it is said from now on.
learning-off = I take “{ $said }” as it is said, until you switch this on again.
learning-on = { $kind ->
    [left-out] I leave out “{ $said }” again.
   *[whole] I take “{ $said }” for “{ $becomes }” again.
}
learning-disowned = I no longer change “{ $said }”: only accounts that say the same things together have taught me that.
learning-outdated = I no longer change “{ $said }”: what I have heard since no longer says that it means something else.
learning-broke = Learning broke off: { $reason }
learning-stopped = Learning was stopped before it was done. What was learned before stays as it was.

# Why a rewrite is there, sentence by sentence.
learning-why = I take “{ $said }” for “{ $becomes }”. As it was said it hardly ever went well ({ $before } % of { $turns } turns). { $people ->
    [one] One person
   *[other] { $people } people
} then said it in other words, and these led to success most often ({ $after } %).
learning-certain = That the other words work more often is { $certainty } % certain. I saw it on { $days ->
    [one] one day
   *[other] { $days } different days
}.
learning-phrase-means = { $kind ->
    [left-out] Where I don't understand a request with “{ $said }” in it, I try it without these words.
   *[part] Where I don't understand a request with “{ $said }” in it, I try it with “{ $becomes }” in that place.
} I do so only where the result is something that I understand and that can be done here.
learning-phrase-own = Before other words worked, this person said “{ $said }” in vain { $of ->
    [one] once
   *[other] { $of } times
}, and { $times ->
    [one] once
   *[other] { $times } times
} { $kind ->
    [left-out] left it out.
   *[part] meant “{ $becomes }” by it.
}
learning-phrase = Before other words worked, { $of ->
    [one] one person
   *[other] { $of } people
} said “{ $said }” in vain; { $times ->
    [one] one of them
   *[other] { $times } of them
} { $kind ->
    [left-out] then left it out.
   *[part] meant “{ $becomes }” by it.
}
learning-use = Since it is in use it was needed { $uses ->
    [one] once
   *[other] { $uses } times
}: { $wins } went well, { $losses } did not.
learning-unused = Since it is in use nobody has needed it yet.
learning-was-off = It is switched off: I take what is said as it is said.
learning-was-forgotten = It was not wanted. I will not learn it again.
learning-seen = Since it is being tried I have seen { $turns ->
    [one] one turn
   *[other] { $turns } turns
}. It would have put { $mended } right and { $broken } wrong.
learning-unseen = I have just begun to watch how it would do.

# The week in sentences.
digest-quiet = Nobody said anything to me this week.
digest-week = This week I heard { $turns ->
    [one] one request
   *[other] { $turns } requests
}. { $failed ->
    [0] All went as you wanted, as far as I can tell.
    [one] One did not go as you wanted, as far as I can tell.
   *[other] { $failed } did not go as you wanted, as far as I can tell.
}
digest-changed = I took other words than were said { $changed ->
    [one] once
   *[other] { $changed } times
}; { $well ->
    [0] none of these went well.
    [one] one of these went well.
   *[other] { $well } of these went well.
}
digest-live = { $kind ->
    [part] I learned that “{ $said }” in a request means “{ $becomes }”.
    [left-out] I learned to leave out “{ $said }” in a request.
   *[whole] I learned to take “{ $said }” for “{ $becomes }”.
}
digest-tried = { $kind ->
    [part] I am trying out whether “{ $said }” in a request means “{ $becomes }”.
    [left-out] I am trying out to leave out “{ $said }” in a request.
   *[whole] I am trying out to take “{ $said }” for “{ $becomes }”.
}
digest-rejected = { $kind ->
    [part] I dropped the idea that “{ $said }” in a request means “{ $becomes }”.
    [left-out] I dropped the idea to leave out “{ $said }” in a request.
   *[whole] I dropped the idea to take “{ $said }” for “{ $becomes }”.
}
digest-withdrawn = { $why ->
    [disowned] I no longer take “{ $said }” for “{ $becomes }”: only accounts that say the same things together taught me that.
    [outdated] I no longer take “{ $said }” for “{ $becomes }”: what I have heard since no longer says so.
   *[failed] { $kind ->
        [left-out] I no longer leave out “{ $said }”, because that failed too often.
       *[whole] I no longer take “{ $said }” for “{ $becomes }”, because that failed too often.
    }
}
digest-off = { $kind ->
    [part] Switched off: that “{ $said }” in a request means “{ $becomes }”.
    [left-out] Switched off: to leave out “{ $said }” in a request.
   *[whole] Switched off: to take “{ $said }” for “{ $becomes }”.
}
digest-on = { $kind ->
    [part] Switched on again: that “{ $said }” in a request means “{ $becomes }”.
    [left-out] Switched on again: to leave out “{ $said }” in a request.
   *[whole] Switched on again: to take “{ $said }” for “{ $becomes }”.
}
digest-forgotten = { $kind ->
    [left-out] I forgot to leave out “{ $said }” in a request.
   *[whole] I forgot that “{ $said }” meant “{ $becomes }”.
}
digest-model = { $name } has changed to version { $version }.
digest-nothing = I learned nothing new.
digest-failing = Not working yet: “{ $said }”, tried { $times ->
    [one] once
   *[other] { $times } times
}. Say it in other words right after it fails, and I can learn what you mean.

# What tells how a turn went.
sign-failed = It did not work.
sign-unknown = I did not know what was meant.
sign-unsure = I was not sure what was meant.
sign-correction = It was corrected.
sign-refusal = My offer was refused.
sign-cancel = It was called off.
sign-undo = It was taken back.
sign-repeat = I was asked to say it again.
sign-stop = It was stopped.
sign-interrupted = I was interrupted.
sign-played = What played was heard to its end.
sign-unfinished = What played was not heard to its end.
sign-silence = Nobody answered.
sign-complaint = There was a complaint.
sign-praise = There was praise.
sign-kept = What I did was kept.
sign-declined = My question was not answered with yes.
sign-confirmed = My question was answered with yes.
sign-unanswered = My question was not answered.
sign-last = Nothing was said after it.
sign-again = What was said next.
sign-says-again = It says again what was said before.
sign-in-a-row = Other things were asked for just before.
sign-verdict-failed = I count this turn as failed ({ $chance } % certain).
sign-verdict-fine = I count this turn as gone well ({ $chance } % certain).
