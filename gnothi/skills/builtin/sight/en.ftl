# What is said of something written.

sight-says = It says: { $text }
sight-nothing-written = I can't make out any words in it.
sight-nothing-at-all = I can't make out any words in it, and see nothing that I know.
sight-nothing-shown = I see nothing: show me a picture, or hold it before the camera.
sight-only-reads = I can read what is written, and look for things. Ask me what it says, what the total is, or where something is.
sight-title = { $is_long ->
    [yes] It begins with “{ $title }”.
   *[no] In large letters: { $title }.
  }
sight-headed = The largest words are: { $title }.
sight-total = Total: { $total }.
sight-no-total = I find no total on it.
sight-expires = It is good until { $date }.
sight-expired = It was good until { $date }, so it has expired.
sight-expires-as-written = Next to the expiry it says { $text }.
sight-only-date = It does not say until when it is good. The only date on it is { $date }.
sight-no-expiry = I find no expiry date on it.
sight-date = { $count ->
    [one] The date on it is { $dates }.
   *[other] The dates on it are { $dates }{ sight-and-more }.
  }
sight-no-date = I find no date on it.
sight-phone = { $count ->
    [one] Phone number: { $phones }.
   *[other] Phone numbers: { $phones }{ sight-and-more }.
  }
sight-no-phone = I find no phone number on it.
sight-email = { $count ->
    [one] E-mail address: { $emails }.
   *[other] E-mail addresses: { $emails }{ sight-and-more }.
  }
sight-no-email = I find no e-mail address on it.
sight-amounts = { $count ->
    [one] The only amount on it is { $amounts }.
   *[other] The amounts on it are { $amounts }{ sight-and-more }.
  }
sight-no-amounts = I find no amounts on it.
sight-more = There are { $count } lines in all; say “read all of it” to hear them.
# After a list that was cut.
sight-and-more = { $more ->
    [0] {""}
   *[other] , and { $more } more
  }
sight-unsure = I am not sure that I read this well.

# Of what was read and is put right.
sight-put-right-says = Thank you. So the line is: { $text }.
sight-put-right-learned = Where I read the like again, I will know.
sight-put-right = I take it so for this picture, and remember it.
sight-put-right-waits = I remember it, but with it I would read worse what was put right before; so it is for this picture only.
sight-put-right-may-keep = Say “keep the picture”, if a reader may learn from it.
sight-put-right-kept = I keep a small picture of that line.
sight-put-right-how = What does it say? Tell me, like “no, it says Green Market”, or “the total is 23.90”.
sight-put-right-what = I don't understand what it should be.
sight-put-right-nowhere = I find no place for that in the picture.
sight-put-right-same = That is what I read: { $text }.
sight-put-right-elsewhere = That is in another line: { $text }. I can put right how a line is read, but not which one I take.

# Of things that are taught.
sight-thing-taken = I take it that you mean what is { $place ->
    [left] on the left
    [right] on the right
   *[middle] in the middle
  } of the picture.
sight-thing-unseen = I see nothing in it that stands out. Draw a box around it, under “Teach me a thing”.
sight-thing-problem = { $problem }
sight-thing-one = I have seen “{ $name }” in one picture, so I can't tell yet how well I know it. Show me a few more.
sight-thing-new = I know “{ $name }” now. Of { $there } in pictures that I had not learned from, I found { $hits }{ sight-thing-alarms }
sight-thing-unsure = I am not sure of “{ $name }” yet. Of { $there } in pictures that I had not learned from, I found { $hits }{ sight-thing-alarms } Show me a few more.
sight-thing-better = I learned more of “{ $name }”. Of { $there } in pictures that I had not learned from, I find { $hits }{ sight-thing-alarms }
sight-thing-worse = I keep what I knew of “{ $name }”. With the new pictures I would be right in { $after } of { $pictures }; I was in { $before }. I remember them, and try again when you show me more.
sight-thing-fewer = I keep what I knew of “{ $name }”. With the new pictures I would find less of it, or take more for it. I remember them, and try again when you show me more.
sight-thing-own = The network that was trained for “{ $name }” answers now. Of { $pictures } pictures that it had not learned from, it is right in { $after }; I was in { $before }.
sight-thing-own-worse = I keep what I knew of “{ $name }”. The network that was trained for it would be right in { $after } of { $pictures } pictures that it had not learned from; I was in { $before }.
sight-thing-own-stays = I remember this of “{ $name }”. The network that was trained for it goes on answering: teach it thoroughly again, and it learns from this too.
sight-thing-own-untried = The network that was trained for “{ $name }” could be tried on { $pictures ->
    [0] no picture
    [one] one picture
   *[other] { $pictures } pictures
  } that it had not learned from, which is too few, so it is not used. Show me twelve or more at once.
sight-thing-again = { $name }: my eyes have changed since you showed me. Show it to me again, please.
sight-thing-new-eyes = I have new eyes since you showed me “{ $name }”. Please show it to me again: a picture, and “this is { $name }”.
sight-thing-taken-back = I have forgotten it again.
sight-thing-learning = I am learning it. That takes a little longer; ask me in a moment.
sight-thing-expected = { $name }: { $pictures ->
    [one] one picture
   *[other] { $pictures } pictures
  }. Of { $there } in pictures that I had not learned from, I found { $hits }{ sight-thing-alarms }
# The end of such a sentence.
sight-thing-alarms = { $alarms ->
    [0] .
    [one] , and once took something else for it.
   *[other] , and { $alarms } times took something else for it.
  }

# What is said of things that were looked for.
sight-here = I see { sight-the } { sight-at }.
sight-several = I see { $things }.
sight-one-here = { $which ->
    [first] One is { sight-at }.
   *[next] Another is { sight-at }.
  }
# A thing with its article: the mug, Ana's cup.
sight-the = { $article ->
    [the] the { $name }
   *[none] { $name }
  }
# Where something is in the picture; the end of such sentences.
sight-at = { $across ->
    [left] on the left
    [right] on the right
   *[middle] in the middle
  }{ $down ->
    [top] , near the top
    [bottom] , near the bottom
   *[middle] {""}
  }
sight-unseen = I don't see { $is_one ->
    [yes] { sight-the }
   *[no] any { $name }
  }.
sight-other-colour = There is another { $name } { sight-at }.
sight-unknown-thing = I have not learned what “{ $name }” looks like. Show me one and say “this is my { $name }”.
sight-no-other = I don't see any { $other }, so I can't tell what is beside it.
sight-counted = I count { $things }.
sight-doubtful = I am not sure.
sight-sees = If I am not mistaken, I see { $things }{ $more ->
    [0] {""}
    [one] , and one more kind of thing
   *[other] , and { $more } more kinds of things
  }.
sight-sees-nothing = I see nothing that I know.
sight-no-finder = I can't look for things: the network for it is not installed.
