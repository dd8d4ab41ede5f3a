"""The pruned vocabulary."""

from gnothi_train.language import vocabulary

PIECES = "[PAD] [unused0] [UNK] [CLS] [SEP] a k ##a ##k the kitchen zebra ##en".split()


def test_heard_pieces_stay_first() -> None:
    """What assistants hear is kept before what is merely frequent."""
    kept = vocabulary.prune(PIECES, ["zebra", "zebra"], size=9)
    assert "zebra" in kept
    assert "the" not in kept


def test_letters_and_special_pieces_always_stay() -> None:
    """Any word can be spelled, and sentences can be framed."""
    kept = vocabulary.prune(PIECES, [], size=8)
    assert set(vocabulary.SPECIAL) | {"a", "k", "##a", "##k"} == set(kept)


def test_the_order_of_pieces_is_kept() -> None:
    """Numbers follow the pre-trained list, so that its weights can be cut out."""
    kept = vocabulary.prune(PIECES, ["kitchen the"], size=12, at_least=1)
    assert kept == [piece for piece in PIECES if piece in kept]


def test_unknown_words_fall_apart() -> None:
    """A word that is not in the vocabulary is read in smaller pieces."""
    tokeniser = vocabulary.wordpiece(PIECES)
    found = tokeniser.encode(["kaka"], is_pretokenized=True, add_special_tokens=False)
    assert found.tokens == ["k", "##a", "##k", "##a"]
