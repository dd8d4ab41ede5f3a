# What is said while somebody chooses. $variant goes round, so that nothing is said twice in a row.

recommend-what = { $variant ->
    [0] What is it about: music, a film, something for dinner, or a radio station?
    [1] What shall it be: music, a film, something to eat, or a radio station?
   *[other] Music, a film, something for dinner, or a radio station?
  }

recommend-value = { $facet ->
    [mood] something { $label }
    [decade] something from { $label }
    [country] something from { $label }
    [language] something { $label }
    [cuisine] something { $label }
    [ingredient] something with { $label }
    [effort] something { $label }
    [season] something { $label }
    [diet] something { $label }
   *[other] { $label }
  }

recommend-none = { $facet ->
    [mood] nothing { $choices }
    [decade] nothing from { $choices }
    [country] nothing from { $choices }
    [language] nothing { $choices }
    [cuisine] nothing { $choices }
    [ingredient] nothing with { $choices }
    [effort] nothing { $choices }
    [season] nothing { $choices }
    [diet] nothing { $choices }
    [item] not { $choices }
   *[other] no { $choices }
  }

recommend-all-facts = { $variant ->
    [0] That's all I know of { $title }: { $facts }.
    [1] { $title }, in a few words: { $facts }.
   *[other] More than this I don't know of { $title }: { $facts }.
  }

# Facts, in a sentence.

recommend-facts-artist = { $mood_count ->
    [0] { "" }
   *[other] { $mood } { " " }
  }{ $genre_count ->
    [0] music
   *[other] { $genre }
  }{ $country_count ->
    [0] { "" }
   *[other] { " from " }{ $country }
  }{ $decade_count ->
    [0] { "" }
   *[other] { ", mostly from " }{ $decade }
  }.
recommend-facts-film = { $has_creator ->
    [yes] A film by { $creator }
   *[no] A film
  }{ $decade_count ->
    [0] { "" }
   *[other] { " from " }{ $decade }
  }{ $genre_count ->
    [0] { "" }
   *[other] { ": " }{ $genre }
  }{ $mood_count ->
    [0] { "" }
   *[other] { ", " }{ $mood }
  }.
recommend-facts-recipe = { $cuisine_count ->
    [0] A dish
   *[other] { $cuisine }
  }{ $ingredient_count ->
    [0] { "" }
   *[other] { ", with " }{ $ingredient }
  }{ $effort_count ->
    [0] { "" }
   *[other] { "; " }{ $effort }
  }{ $diet_count ->
    [0] { "" }
   *[other] { " and " }{ $diet }
  }.
recommend-facts-station = { $genre_count ->
    [0] A station
   *[other] { $genre }
  }{ $mood_count ->
    [0] { "" }
   *[other] { ", " }{ $mood }
  }{ $country_count ->
    [0] { "" }
   *[other] { ", from " }{ $country }
  }.

# Questions.

recommend-begin = { $variant ->
    [0] Gladly.
    [1] With pleasure.
    [2] Let's see.
    [3] Of course.
   *[other] Sure, let's find something.
  }

recommend-open = { $kind ->
    [artist] { $variant ->
        [0] Gladly! Is there anything in mind: a style, a mood, a band that you like?
        [1] With pleasure. What are you in the mood for?
        [2] Let's find something. Any style or mood that you'd like?
        [3] Of course. What would you like to hear, roughly?
        [4] Sure. Does anything come to mind, or shall I suggest something?
       *[other] I'd love to. What kind of music is it today?
      }
    [film] { $variant ->
        [0] Gladly. What kind of film would you like?
        [1] With pleasure. Something funny, something tense, something old? Just tell me.
        [2] Let's see. Is there a film that you liked lately?
        [3] Of course. What are you in the mood for tonight?
        [4] Sure. Any kind of film in mind?
       *[other] Let's find a film. What shall it be like?
      }
    [recipe] { $variant ->
        [0] Gladly. What are you hungry for?
        [1] With pleasure. Is there anything that you'd like to use up, or a cuisine that you fancy?
        [2] Let's see. Something quick, or do you have time to cook?
        [3] Of course. What do you feel like eating?
        [4] Sure. Anything in mind, meat or vegetables, pasta or rice?
       *[other] Let's find something good. What do you fancy?
      }
   *[other] { $variant ->
        [0] Gladly. What would you like to hear on the radio?
        [1] With pleasure. Music, news, something to listen to on the side?
        [2] Let's see. What kind of station is it to be?
        [3] Of course. Any kind of music, or rather somebody talking?
        [4] Sure. What do you like to listen to?
       *[other] Let's find a station. What shall it play?
      }
  }

recommend-open-again = { $kind ->
    [artist] { $variant ->
        [0] Is there anything that you do feel like? A band, a mood, a time?
        [1] Tell me something that you like, anything will do.
        [2] What did you enjoy lately?
        [3] Give me a hint: which band would be right?
        [4] What should it sound like?
       *[other] Anything else that should be in it?
      }
    [film] { $variant ->
        [0] Is there a film that you like, so that I get an idea?
        [1] What should it be about?
        [2] Give me a hint: what kind of evening is it?
        [3] What did you last enjoy watching?
        [4] Anything else that matters?
       *[other] What would be just right?
      }
    [recipe] { $variant ->
        [0] What do you have in the kitchen?
        [1] Is there a dish that you always like?
        [2] Give me a hint: what would be just right?
        [3] Anything that must be in it?
        [4] What did you enjoy eating lately?
       *[other] Anything else that matters?
      }
   *[other] { $variant ->
        [0] What do you usually listen to?
        [1] Give me a hint: what would be just right?
        [2] Is there a station that you like?
        [3] What should it be like?
        [4] Anything else that matters?
       *[other] What would suit you now?
      }
  }

recommend-choice = { $variant ->
    [0] Rather { $first }, or { $second }?
    [1] What would you prefer: { $first }, or { $second }?
    [2] { $first }, or { $second }?
    [3] Which is closer, { $first } or { $second }?
    [4] Would it be { $first }, or more like { $second }?
   *[other] Are you leaning towards { $first }, or { $second }?
  }

# What was asked for and does not go together.

recommend-nothing = { $known ->
    [yes] nothing else like that
   *[no] nothing like that
  }
recommend-conflict = { $variant ->
    [0] { $first }, and { $second } too: I know { recommend-nothing }. Which matters more?
    [1] I know { recommend-nothing }: { $first }, and { $second } too. Which of the two shall I keep?
    [2] { $first } and { $second } at once? I know { recommend-nothing }. Which one counts more?
   *[other] { $first }, and { $second } as well: there is { recommend-nothing }. Which is it to be?
  }
recommend-conflict-refused = { $variant ->
    [0] { $first }, and { $second }: I know { recommend-nothing }. Is { $value } all right after all?
    [1] I know { recommend-nothing }: { $first }, and { $second }. Would { $value } do after all?
   *[other] { $first }, and { $second }: there is { recommend-nothing }. Could it be { $value } after all?
  }
recommend-none-left = { $variant ->
    [0] { $value }: I know no more of that. What else would do?
    [1] That was all I know, with { $value } as a must. What would do instead?
   *[other] I have nothing more to offer: { $value }. What else could it be?
  }
recommend-left-out = { $variant ->
    [0] I leave this out, then: { $value }.
    [1] I know no more of this: { $value }. So I go on without.
   *[other] One wish less, then; I leave out { $value }.
  }

recommend-suggest = { $variant ->
    [0] May I suggest { $value }?
    [1] How would you like { $value }?
    [2] What do you think of { $value }?
    [3] Could it be { $value }?
    [4] Would you go for { $value }?
   *[other] Shall we try { $value }?
  }

recommend-suggest-two = { $variant ->
    [0] May I suggest { $first }? Or { $second }?
    [1] How about { $first }, or { $second }?
    [2] I could imagine { $first }, or { $second }. Does either appeal to you?
    [3] Would you like { $first }, or maybe { $second }?
    [4] There is { $first }, and there is { $second }. Anything for you?
   *[other] What do you say to { $first }, or { $second }?
  }

recommend-company = { $variant ->
    [0] Is anybody listening with you?
    [1] Who else is there?
    [2] Is it only for you, or is somebody with you?
   *[other] Are you alone, or shall it please somebody else, too?
  }

# Offers.

recommend-sample = { $variant ->
    [0] How about this? { $title }.
    [1] Listen to this: { $title }.
    [2] Let me play you a bit of { $title }.
    [3] Here is a taste of { $title }. How do you like it?
    [4] I thought of { $title }. Have a listen.
   *[other] What do you think of this one? { $title }.
  }

recommend-named = { $variant ->
    [0] How about { $title }? { $facts }
    [1] I thought of { $title }. { $facts } What do you think?
    [2] { $title }, perhaps? { $facts }
    [3] What about { $title }? { $facts }
    [4] Do you like { $title }? { $facts }
   *[other] { $title } might be something for you. { $facts } Yes?
  }

recommend-play = { $variant ->
    [0] Here is { $title }.
    [1] Then let's hear { $title }.
    [2] { $title }, coming up.
    [3] I'm playing { $title }.
    [4] There you go: { $title }.
   *[other] { $title } it is. Enjoy!
  }

recommend-settled = { $kind ->
    [artist] { $variant ->
        [0] Then it's { $title }. { recommend-elsewhere }, so you'll have to put it on yourself.
        [1] { $title }, a fine choice! { recommend-elsewhere }, so I can't play it, I'm afraid.
        [2] { $title } it is. I can't play that here: { recommend-elsewhere-inside }.
       *[other] You'll enjoy { $title }. { recommend-elsewhere }, so I can only name it.
      }
    [film] { $variant ->
        [0] Then it's { $title }. I can't start it, but have a good time!
        [1] { $title }, a fine choice. Enjoy the film!
        [2] { $title } it is. Make yourself comfortable.
       *[other] So it's { $title }. Have a nice evening!
      }
    [recipe] { $variant ->
        [0] Then it's { $title }. Enjoy your meal!
        [1] { $title }, a fine choice. Happy cooking!
        [2] { $title } it is. Have fun in the kitchen!
       *[other] So it's { $title }. Bon appétit!
      }
   *[other] { $variant ->
        [0] Then it's { $title }. I can't tune in to it myself, I only know what to look for.
        [1] { $title }, a fine choice. I can't play radio yet, so that part is yours.
        [2] { $title } it is. You'd have to tune in by yourself.
       *[other] So it's { $title }. I can't play stations yet, but you'll find it.
      }
  }

recommend-pick = { $variant ->
    [0] I'd go for { $title }. { $facts } Agreed?
    [1] My choice would be { $title }. { $facts } Shall it be that?
    [2] { $title }, I'd say. { $facts } Is that all right?
    [3] Why not { $title }? { $facts }
   *[other] I'd take { $title }. { $facts } Does it suit you?
  }
recommend-pick-elsewhere = { $variant ->
    [0] I'd go for { $title }. { $facts } { recommend-elsewhere }, so I can only name it. Agreed?
    [1] My choice would be { $title }. { $facts } { recommend-elsewhere }. Is it right all the same?
    [2] { $title }, I'd say. { $facts } { recommend-elsewhere }. Shall it be that?
   *[other] I'd take { $title }. { $facts } { recommend-elsewhere }, though. Does it suit you?
  }
recommend-elsewhere = { $owned ->
    [yes] It's on your music server, where I can't play
   *[no] It isn't among your files
  }
recommend-elsewhere-inside = { $owned ->
    [yes] it's on your music server
   *[no] it isn't among your files
  }

# What is said of an answer, before the next question. The tone follows how well it goes.

recommend-surprise = { $variant ->
    [0] With pleasure.
    [1] Let me choose, then.
    [2] A surprise it is.
   *[other] I was hoping that you'd say that.
  }
recommend-noted-items = { $tone ->
    [glad] { $variant ->
        [0] Oh yes, { $names }!
        [1] { $names }, lovely.
        [2] { $names }! We're getting there.
       *[other] { $names }, wonderful.
      }
   *[other] { $variant ->
        [0] { $names }, good.
        [1] Ah, { $names }.
        [2] { $names }: that helps.
       *[other] { $names }, I see.
      }
  }
recommend-noted-likes = { $tone ->
    [glad] { $variant ->
        [0] Lovely, { $likes }.
        [1] { $likes }, perfect.
        [2] { $likes }! That narrows it down nicely.
        [3] { $likes }, with pleasure.
       *[other] Wonderful: { $likes }.
      }
    [careful] { $variant ->
        [0] I see, { $likes }.
        [1] { $likes }, then.
        [2] So { $likes }. Thank you.
       *[other] { $likes }, understood.
      }
   *[other] { $variant ->
        [0] { $likes }, good.
        [1] All right, { $likes }.
        [2] { $likes }, gladly.
        [3] Good, { $likes }.
       *[other] { $likes }, fine.
      }
  }
recommend-noted-dislikes = { $variant ->
    [0] { $dislikes }, noted.
    [1] All right, { $dislikes }.
    [2] { $dislikes }, understood.
    [3] Okay, { $dislikes } then.
   *[other] Good to know: { $dislikes }.
  }
recommend-noted-both = { $variant ->
    [0] { $likes }, but { $dislikes }. Good.
    [1] Okay: { $likes }, but { $dislikes }.
    [2] I see, { $likes } and { $dislikes }.
   *[other] { $likes }, and { $dislikes }. All right.
  }
recommend-alone = { $variant ->
    [0] Just for you, then.
    [1] Good, only your taste counts.
   *[other] All right, just you.
  }
recommend-together = { $variant ->
    [0] Ah, { $names } too. I'll look for something for all of you.
    [1] Good to know. Then { $names } should like it, too.
   *[other] With { $names }, then.
  }
recommend-with-guests = { $variant ->
    [0] Nice. Then let's find something for everybody.
    [1] Good to know. I'll keep it to what most people like.
   *[other] In company, then.
  }
recommend-unsure = { $variant ->
    [0] No matter.
    [1] That's fine.
    [2] Never mind, I'll ask something else.
    [3] No problem.
    [4] You needn't know.
   *[other] All right.
  }
recommend-more = { $variant ->
    [0] Something else, then.
    [1] Of course, there's more.
    [2] Let's see what else there is.
    [3] Moving on.
    [4] Another one, then.
   *[other] Okay, next.
  }
recommend-refused = { $tone ->
    [careful] { $variant ->
        [0] I see, not that.
        [1] Sorry, I'm not quite there yet.
        [2] Hm, let me think again.
        [3] Thanks for being honest. Another try:
        [4] Not that either, then.
       *[other] Okay, I'll try another way.
      }
   *[other] { $variant ->
        [0] Okay, not that.
        [1] No problem.
        [2] Fair enough.
        [3] All right, something else.
        [4] Not that one, then.
       *[other] I see.
      }
  }
recommend-refused-strongly = { $variant ->
    [0] Oh. Definitely not that, then.
    [1] Message received.
    [2] I'll steer clear of it.
    [3] Far away from that, then.
   *[other] Understood, nothing of the kind.
  }
recommend-lukewarm = { $variant ->
    [0] Hm, it could be better, I think.
    [1] I hear some doubt.
    [2] Not bad, but not quite it?
    [3] Let's see whether there's something better.
   *[other] Okay, that's a maybe.
  }
recommend-liked = { $tone ->
    [glad] { $variant ->
        [0] Lovely!
        [1] Great, we're nearly there.
        [2] Very good.
        [3] I'm glad.
        [4] Wonderful.
       *[other] Perfect.
      }
   *[other] { $variant ->
        [0] Good.
        [1] Fine.
        [2] All right.
        [3] Nice.
        [4] Glad to hear it.
       *[other] Good, that helps.
      }
  }
recommend-loved = { $variant ->
    [0] Wonderful!
    [1] Oh, I'm glad!
    [2] That's what I was hoping for!
    [3] Splendid!
   *[other] Marvellous!
  }
recommend-back = { $variant ->
    [0] One step back, then.
    [1] Okay, forget the last answer.
   *[other] No problem, back again.
  }
recommend-lost = { $variant ->
    [0] Sorry, I didn't quite get that.
    [1] I'm not sure what you mean.
    [2] Hm, that one I didn't understand.
   *[other] Pardon?
  }
recommend-lost-again = { $variant ->
    [0] I still don't follow, sorry. Let me ask something else.
    [1] I don't get it, I'm afraid. Another question, then.
   *[other] Sorry, that's beyond me. Let's try it differently.
  }
recommend-hint = { $ask ->
    [sample] A yes or a no will do, or say “something else”.
    [play] Say “something else” if it's not right.
    [choice] You can name one of the two, say “neither”, or tell me something quite different.
    [suggest] Yes, no, or something quite different: all of it helps.
    [company] A name, “just me” or “friends” will do.
   *[other] { $kind ->
        [artist] You could name a style, a mood, a time or a band, or say “surprise me”.
        [film] You could name a kind of film, a mood, a time or a title, or say “surprise me”.
        [recipe] You could name an ingredient or a cuisine, or say “surprise me”.
       *[other] You could name a kind of music, a mood or a language, or say “surprise me”.
      }
  }
recommend-time = { $variant ->
    [0] Take your time.
    [1] No hurry.
    [2] I'm all ears.
   *[other] Whenever you like.
  }
recommend-again = { $variant ->
    [0] Again:
    [1] Of course.
   *[other] Once more:
  }
recommend-so = { $kind ->
    [artist] { $variant ->
        [0] So, is it something for you?
        [1] Shall it be that?
        [2] What do you say?
       *[other] Do you like it?
      }
   *[other] { $variant ->
        [0] So, does it appeal to you?
        [1] Shall it be that?
        [2] What do you say?
       *[other] Would you like that?
      }
  }

recommend-so-about = { $variant ->
    [0] Shall it be { $title }?
    [1] So, { $title }?
    [2] What do you say to { $title }?
    [3] Is { $title } something for you?
    [4] How about { $title }, then?
   *[other] Do you like the idea of { $title }?
  }

# Why.

recommend-why-wanted = { $variant ->
    [0] Because you said { $wanted }, and { $title } fits.
    [1] You wanted { $wanted }; that's what { $title } stands for.
   *[other] { $title } goes with { $wanted }.
  }
recommend-why-alike = It's close to { $other }, which you liked.
recommend-why-history = It's close to what you often listen to.
recommend-why-popular = Many people like { $title }, and I don't know your taste yet.
recommend-why-question = { $variant ->
    [0] The answer tells me most about what you'd like.
   *[other] It halves what there is to choose from.
  }
recommend-what-question = I mean what you'd like now; there's no wrong answer.
recommend-no-cast = { $variant ->
    [0] Of films I know who made them, not who plays in them.
   *[other] I know films by their directors, not by their actors.
  }

# How it ends.

recommend-enjoy = { $kind ->
    [artist] { $variant ->
        [0] Enjoy!
        [1] Have fun with it.
        [2] I'm glad that you like it.
       *[other] Happy listening.
      }
    [recipe] { $variant ->
        [0] Enjoy your meal!
        [1] Happy cooking!
       *[other] Have a good meal.
      }
   *[other] { $variant ->
        [0] Enjoy!
        [1] Have a good time.
        [2] I'm glad.
       *[other] Have fun.
      }
  }
recommend-enjoy-elsewhere = { $variant ->
    [0] Then it's { $title }. { recommend-elsewhere }, so you'll have to put it on yourself.
    [1] { $title } it is. I can't play that here: { recommend-elsewhere-inside }.
   *[other] Enjoy { $title }! { recommend-elsewhere }, so I can only name it.
  }

recommend-left = { $variant ->
    [0] All right, another time.
    [1] Okay, I'll leave you to it.
    [2] Fine. Just ask again whenever you like.
   *[other] As you like. I'm here if you want to go on.
  }
recommend-tired = { $variant ->
    [0] We've been through a lot, and I haven't found it. Let's try again another time.
   *[other] I've run out of ideas for now, sorry. Another time, perhaps.
  }
