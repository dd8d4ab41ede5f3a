# What Gnothi understands and can't do yet: one message for each intent.

unavailable-email_query = I can't read e-mail yet.
unavailable-email_sendemail = I can't send messages or e-mail yet, so nothing was sent.
unavailable-email_addcontact = I can't keep contacts yet.
unavailable-email_querycontact = I can't make calls or look up contacts yet.
unavailable-social_post = I can't post to social media, so nothing was sent.
unavailable-social_query = I can't read social media yet.
unavailable-news_query = I can't read the news to you yet.
unavailable-takeaway_order = I can't order food, so nothing was ordered.
unavailable-takeaway_query = I can't follow food orders or ask restaurants yet.
unavailable-transport_query = I know no timetables or routes yet.
unavailable-transport_taxi = I can't call a taxi, so none is coming.
unavailable-transport_ticket = I can't book tickets, so nothing was booked.
unavailable-transport_traffic = I can't see the traffic from here yet.
unavailable-recommendation_events = I can't suggest events yet.
unavailable-recommendation_locations = I can't suggest places yet.
unavailable-recommendation_movies = I know no cinemas, nor what they show. If you like, I help you to choose a film: just say “find me a film”.
unavailable-cooking_recipe = I know no recipes yet. I can set a timer while you cook.
unavailable-cooking_query = I can't answer questions about cooking yet.
unavailable-qa_definition = I have no dictionary yet.
unavailable-qa_factoid = I have no encyclopedia here, and I'd rather not guess.
unavailable-qa_stock = I can't see stock prices from here.
unavailable-qa_currency = I have no exchange rates here, and I'd rather not guess.
unavailable-play_audiobook = I can't play audiobooks yet. I can play your own music files.
unavailable-play_podcasts = I can't play podcasts yet. I can play your own music files.
unavailable-play_game = I can't play games yet.
unavailable-nothing = I can't do that yet.
