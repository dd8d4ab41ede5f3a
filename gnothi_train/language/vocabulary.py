"""A vocabulary of what assistants hear, cut out of the pre-trained one.

Two thirds of the weights that a user would load belong to word pieces that no request
contains. Pieces that occur in the training texts stay, then the pre-trained list is taken in
its own order, which is that of frequency. A word whose piece is gone falls apart into smaller
ones, in the last resort into letters, which all stay.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

from gnothi.text.tokenise import tokenise

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_LONGEST_WORD = 100


def wordpiece(pieces: Sequence[str]) -> Tokenizer:
    """Return the tokeniser (Wu et al. 2016) over *pieces*; it expects lists of word forms."""
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    model = models.WordPiece(
        vocabulary,
        unk_token="[UNK]",  # noqa: S106 - a word piece, no secret
        max_input_chars_per_word=_LONGEST_WORD,
    )
    tokeniser = Tokenizer(model)
    tokeniser.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokeniser.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokeniser.decoder = decoders.WordPiece()
    return tokeniser


def prune(
    pieces: Sequence[str], texts: Iterable[str], *, size: int, at_least: int = 2
) -> list[str]:
    """Return *size* of *pieces*: special ones, single characters, then the ones heard.

    A piece counts as heard when it occurs *at_least* times in *texts*; the rest of the list
    is filled in the order of *pieces*.
    """
    heard = _count(pieces, texts)
    chosen = dict.fromkeys(SPECIAL)
    chosen |= dict.fromkeys(piece for piece in pieces if _is_letter(piece))
    frequent = [piece for piece, times in heard.most_common() if times >= at_least]
    for piece in [*frequent, *pieces]:
        if len(chosen) >= size:
            break
        if not piece.startswith("[unused"):
            chosen.setdefault(piece)
    return sorted(chosen, key=pieces.index)


def _count(pieces: Sequence[str], texts: Iterable[str]) -> Counter[str]:
    tokeniser = wordpiece(pieces)
    forms = [[word.form for word in tokenise(text)] for text in texts]
    encoded = tokeniser.encode_batch(forms, is_pretokenized=True, add_special_tokens=False)
    return Counter(piece for sentence in encoded for piece in sentence.tokens)


def _is_letter(piece: str) -> bool:
    letter = piece.removeprefix("##")
    return len(letter) == 1 and letter.isascii()
