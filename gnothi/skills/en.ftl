# Words that several skills share. A rule that repeats: "every Monday and Friday".

skills-every = { $every ->
    [daily] every day
    [weekdays] every weekday
    [weekends] on weekends
    [days] { $every_interval ->
        [1] every { $every_days }
        [2] every other { $every_days }
       *[other] every { $every_interval } weeks on { $every_days }
      }
    [hours] { $every_interval ->
        [1] every hour
       *[other] every { $every_interval } hours
      }
    [minutes] { $every_interval ->
        [1] every minute
       *[other] every { $every_interval } minutes
      }
    [some_days] { $every_interval ->
        [2] every other day
       *[other] every { $every_interval } days
      }
    [weeks] { $every_interval ->
        [1] every week
        [2] every other week
       *[other] every { $every_interval } weeks
      }
    [months] { $every_interval ->
        [1] every month
        [2] every other month
       *[other] every { $every_interval } months
      }
    [years] every year
   *[other] again and again
  }
