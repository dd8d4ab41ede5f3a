"""Small talk, help, and honest refusals."""

from datetime import timedelta

import pytest

from gnothi.skills.skillset import SkillSet
from gnothi.testing.talk import Talk


@pytest.mark.parametrize(
    ("text", "intent", "keys"),
    [
        ("hello", "general_greet", "general-hello"),
        ("good morning", "general_greet", "general-hello-morning"),
        ("good night", "general_greet", "general-hello-night"),
        ("hi how are you", "general_greet", "general-how-are-you"),
        ("what's up", "general_greet", "general-whats-up"),
        ("who are you", "general_greet", "general-name"),
        ("thank you", "general_thanks", "general-welcome"),
        ("are you a robot", "general_quirky", "general-human"),
        ("do you record everything", "general_quirky", "general-privacy"),
        ("isn't food great", "general_quirky", "general-quirky"),
        ("say that again", "general_repeat", "general-repeat-nothing"),
        ("never mind", "general_cancel", "general-nothing-to-cancel"),
    ],
)
async def test_small_talk(talk: Talk, text: str, intent: str, keys: str) -> None:
    """Small talk is answered in kind."""
    assert await talk(text, intent) == keys


async def test_no_joke_comes_twice(talk: Talk) -> None:
    """A dozen jokes are told before one comes again."""
    told = set[str]()
    for _ in range(12):
        await talk("tell me a joke", "general_joke")
        told.add(talk.spoken)
    assert len(told) == 12


async def test_help_names_what_is_there(talk: Talk) -> None:
    """Help names the skills that are installed, with examples that they serve."""
    await talk("what can you do", "general_help")
    assert "Alarms" in talk.spoken
    assert "“" in talk.spoken


async def test_cancel_silences(talk: Talk) -> None:
    """Saying "stop" silences what rings, then what plays."""
    talk.stage.alarms.start_timer(timedelta(minutes=1))
    talk.stage.clock.moment += timedelta(minutes=1)
    await talk.stage.alarms.run_due()
    assert await talk("snooze", "general_quirky") == "general-snoozed"
    talk.stage.clock.moment += timedelta(minutes=9)
    await talk.stage.alarms.run_due()
    talk.stage.player.status = "playing"
    assert await talk("stop", "general_cancel") == "general-silenced"
    assert not talk.stage.alarms.ringing()
    assert talk.stage.player.status == "playing"
    await talk("stop", "general_cancel")
    assert talk.stage.player.status == "idle"


def test_every_intent_is_served(skills: SkillSet) -> None:
    """Every intent of MASSIVE has a skill, if only one that says what can't be done."""
    intents = """
        alarm_query alarm_remove alarm_set audio_volume_down audio_volume_mute audio_volume_other
        audio_volume_up calendar_query calendar_remove calendar_set cooking_query cooking_recipe
        datetime_convert datetime_query email_addcontact email_query email_querycontact
        email_sendemail general_greet general_joke general_quirky iot_cleaning iot_coffee
        iot_hue_lightchange iot_hue_lightdim iot_hue_lightoff iot_hue_lighton iot_hue_lightup
        iot_wemo_off iot_wemo_on lists_createoradd lists_query lists_remove music_dislikeness
        music_likeness music_query music_settings news_query play_audiobook play_game play_music
        play_podcasts play_radio qa_currency qa_definition qa_factoid qa_maths qa_stock
        recommendation_events recommendation_locations recommendation_movies social_post
        social_query takeaway_order takeaway_query transport_query transport_taxi transport_ticket
        transport_traffic weather_query
    """.split()
    assert len(intents) == 60
    assert [intent for intent in intents if skills.for_intent(intent) is None] == []


async def test_refusals_name_the_thing(talk: Talk) -> None:
    """What can't be done is refused by name, and reported as not done."""
    assert await talk("order a pizza", "takeaway_order") == "unavailable-takeaway_order"
    assert not talk.last.acted
