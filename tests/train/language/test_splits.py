"""What is kept apart stays apart."""

from pathlib import Path

from gnothi_train.language import homes
from gnothi_train.language.splits import held_out, in_tuning_slice, template


def test_the_split_never_moves() -> None:
    """A home is held out by its name alone, for ever."""
    assert held_out("home2-dk")
    assert held_out("sicilian-villa-it")
    assert not held_out("villa-bella-it")


def test_about_a_fifth_is_held_out() -> None:
    """Hashes divide evenly."""
    share = sum(held_out(f"home {number}") for number in range(2000)) / 2000
    assert 0.17 < share < 0.24


def test_the_slice_for_tuning_is_independent_of_the_other_split() -> None:
    """Both splits use the hash of a text, but different bytes of it."""
    texts = [text for number in range(4000) if held_out(text := f"text {number}")]
    share = sum(map(in_tuning_slice, texts)) / len(texts)
    assert 0.02 < share < 0.09


def test_templates_forget_their_values() -> None:
    """Two sentences that differ in values only have one template."""
    one = template("Turn on the light in the Kitchen", {"area": "Kitchen"})
    other = template("turn on the light in the living room", {"area": "Living Room"})
    assert one == other == "turn on the light in the <area>"


def test_held_out_homes_are_not_trained_on(data: Path) -> None:
    """No example comes from a home that a benchmark asks about."""
    rows = homes.read_records(data / "llm" / "ha_device_actions" / "device_actions_v2.jsonl.gz")
    apart = {(row["text"], row["device"]) for row in rows if held_out(row["home"])}
    assert apart
    assert all(not held_out(phrase) for phrase, *_ in homes.Piles(data).phrases)


def test_labels_point_at_room_device_and_value() -> None:
    """Names are found in the text, also where a verb is spelled like a device."""
    text = "Lock the garage door in the Pool House"
    spans = homes.label(text, "iot_lock", area="Pool House", device="Garage Door")
    assert [(s.name, text[s.start : s.end]) for s in spans] == [
        ("device_type", "garage door"),
        ("house_place", "Pool House"),
    ]
