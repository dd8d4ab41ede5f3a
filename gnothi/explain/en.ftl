# Sentences that explain a turn.

explain-heard = I heard “{ $text }”.
explain-heard-by = I heard “{ $text }” through { $device }.
explain-hypotheses = There were { $count } ways to hear it; this was the most probable.
explain-rewritten = From earlier times I knew what that means, and took it for “{ $text }”.
explain-understood = I understood “{ $intent }”, { $percent } percent sure.
explain-understood-over = I understood “{ $intent }”, { $percent } percent sure; the next best was “{ $other }” with { $other_percent } percent.
explain-slot = “{ $value }” was the { $name }.
explain-out-of-scope = I found nothing in it that I could do.
explain-carried = { $kind ->
    [yes] I took “{ $words }” as a yes to my question.
    [no] I took “{ $words }” as a no.
    [cancel] I took “{ $words }” as a wish to stop what we were doing.
    [undo] I took “{ $words }” as a wish to take back what I had just done.
    [repeat] I took “{ $words }” as a wish to hear my answer again.
    [change] I took “{ $words }” as a correction, and kept the rest.
    [old] I took “{ $words }” as what was not meant.
    [instead] I took “{ $words }” as a replacement for what I had just done.
    [again] I took “{ $words }” as the same request again, for something else.
    [value] I took “{ $words }” as the answer to my question.
   *[other] I took “{ $words }” together with what was said before.
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
