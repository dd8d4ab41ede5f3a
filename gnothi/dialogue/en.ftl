# Sentences of the conversation itself.

wording-more = { $count } more
wording-today = today
wording-tomorrow = tomorrow
wording-yesterday = yesterday
wording-today-at = { $clock }
wording-day-at = { $day } at { $clock }

dialogue-empty = I'm listening.
dialogue-shown = What does this say?
dialogue-unclear = Sorry, I didn't understand that.
dialogue-no-skill = I understood that this is about “{ $topic }”, but I have no skill for it yet.
dialogue-cancelled = { $variant ->
    [0] All right, forget it.
    [1] Okay, never mind.
    [2] Okay, I'll leave it.
   *[other] Okay.
  }
dialogue-left = All right, I leave it.
dialogue-declined = Okay, I won't.
dialogue-aside = { $variant ->
    [0] I'm here if you need anything.
   *[other] All right. Tell me if there is something to do.
  }
dialogue-undone = Okay, I've put it back as it was.
dialogue-nothing-to-undo = There is nothing that I could take back.
dialogue-not-undoable = I can't take that back.
dialogue-nothing-to-repeat = I haven't said anything yet.
dialogue-sorry-what = Sorry. What did you mean?
dialogue-confirm = Shall I really do that?
dialogue-return = Back to what I asked: { $question }
dialogue-back = { $variant ->
    [0] Now, where were we? { $question }
    [1] Back to our question: { $question }
    [2] So: { $question }
    [3] As I was asking: { $question }
   *[other] And now back to it. { $question }
  }
dialogue-failed = That didn't work: { $reason }
dialogue-timeout = That took too long, so I stopped waiting. I don't know whether it worked.
dialogue-broken-skill = Something went wrong in the skill “{ $skill }”. The details are in the log.
dialogue-not-journalled = I did it, but I can't write it down at the moment: { $reason }

dialogue-said = { $said }

dialogue-cut = { $heard } { $what }?
dialogue-cut-which = { $heard } { $what }: { $choices }?
dialogue-cut-open = I only heard “{ $heard }”. What comes next?
