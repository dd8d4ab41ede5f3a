# Sentences that explain a turn.

explain-heard = I heard “{ $text }”.
explain-heard-by = I heard “{ $text }” through { $device }.
explain-hypotheses = There were { $count } ways to hear it; this was the most probable.
explain-understood = I understood “{ $intent }”, { $percent } percent sure.
explain-understood-over = I understood “{ $intent }”, { $percent } percent sure; the next best was “{ $other }” with { $other_percent } percent.
explain-slot = “{ $value }” was the { $name }.
explain-out-of-scope = I found nothing in it that I could do.
explain-carried = { $relation ->
    [yes] I took it as a yes to my question.
    [no] I took it as a no to my question.
    [cancel] I took it as a wish to stop what we were doing.
    [undo] I took it as a wish to take back what I had just done.
    [repeat] I took it as a wish to hear my answer again.
    [correction] I took it as a correction of what I had just done, and kept the rest.
    [restatement] I took it as a replacement for what I had just done.
    [follow-up] I took it as the same request again, for something else.
    [fragment] I took it as part of what we were talking about.
   *[other] I took it together with what was said before.
  }
explain-done = { $status ->
    [done] I did “{ $api }” of { $skill }.
    [failed] I tried “{ $api }” of { $skill }, and it failed.
    [needs_value] Something was missing for “{ $api }” of { $skill }, so I asked.
    [needs_confirmation] “{ $api }” of { $skill } is guarded, so I asked for confirmation.
    [offered] I offered “{ $api }” of { $skill }.
   *[other] “{ $api }” of { $skill }: { $status }.
  }
explain-changed = That changed { $devices }.
explain-artifact = { $name } took part in version { $version }.
