from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.plain import Json
from gnothi.journal.journal import Journal


def test_a_store_keeps_what_is_put(journal: Journal) -> None:
    """A value is kept, replaced and forgotten by its key."""
    store = journal.store("lists")
    store.put("milk", {"done": False})
    store.put("milk", {"done": True})
    assert store.get("milk") == {"done": True}
    store.delete("milk")
    store.delete("milk")
    assert store.get("milk") is None


def test_items_are_in_order_of_the_key(journal: Journal) -> None:
    """Pairs come in order, narrowed by the beginning of their key, wildcards not counting."""
    store = journal.store("alarms")
    for key in ("b_2", "a", "b%", "B", "b_1"):
        store.put(key, key)
    assert [key for key, _ in store.items()] == ["B", "a", "b%", "b_1", "b_2"]
    assert store.items("b_") == [("b_1", "b_1"), ("b_2", "b_2")]


def test_namespaces_are_apart(journal: Journal) -> None:
    """Skills and people do not see each other's memory."""
    journal.store("one").put("key", 1)
    journal.store("one", person="ana").put("key", 2)
    assert journal.store("two").get("key") is None
    assert journal.store("one").get("key") == 1
    assert journal.store("one").of("ana").get("key") == 2


def test_memory_survives_a_restart(url: str) -> None:
    """What was put is there after opening the journal again."""
    with Journal.open(url) as journal:
        journal.store("alarms").put("seven", [7, None, "ü"])
    with Journal.open(url) as journal:
        assert journal.store("alarms").get("seven") == [7, None, "ü"]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def test_every_value_comes_back(tmp_path: Path) -> None:
    """Any JSON value is returned as it was put."""
    with Journal.open(f"sqlite:///{tmp_path}/journal.sqlite") as journal:
        store = journal.store("any")

        @settings(max_examples=50, deadline=None)
        @given(_json)
        def check(value: Json) -> None:
            store.put("key", value)
            assert store.get("key") == value

        check()
