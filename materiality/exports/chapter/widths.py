"""How wide the columns of a table are: as wide as planned, and no narrower than their longest word."""

from collections.abc import Sequence

from figures.lettering import text_width

# A column takes no more than this share of the table for the sake of one word, which may be an address.
MOST = 0.3
SLACK = 1.04  # programs round the widths of letters
Told = tuple[str, bool]  # a text of a column, and whether it is strong


def column_widths(
    shares: Sequence[float], texts: Sequence[Sequence[Told]], whole: float, *, sizes: Sequence[float], padding: float
) -> tuple[list[float], float]:
    """
    Widths that fill `whole`, and the largest of `sizes` of type in which no word breaks; the smallest, where in that
    one some do too.

    Parameters
    ----------
    shares : of the whole, relative to each other, as they are planned.
    texts : of each column. Widths of words are those of a wide font, since that of a template is not known.
    whole, padding : the width of the table, and what stands around a text in a cell, in points as the sizes.
    """
    planned = [whole * share / sum(shares) for share in shares]
    longest = [max((_longest_word(text, strong=strong) for text, strong in column), default=0.0) for column in texts]
    for size in sizes:
        least = [min(word * size + padding, whole * MOST) for word in longest]
        if sum(least) <= whole:
            break
    else:
        return [whole * width / sum(least) for width in least], size
    # What narrow columns lack, the others give in proportion to what they can spare.
    pairs = list(zip(least, planned, strict=True))
    lacking = sum(max(need - width, 0.0) for need, width in pairs)
    spare = sum(max(width - need, 0.0) for need, width in pairs)
    left = 1.0 - lacking / spare if spare else 1.0
    return [need + max(width - need, 0.0) * left for need, width in pairs], size


def _longest_word(text: str, *, strong: bool) -> float:
    """In em. Between ideographs a line may break anywhere, so that only words of letters count."""
    words = [word for word in text.split() if all(char < "\u2e80" for char in word)]
    return max((text_width(word, 1.0, strong) for word in words), default=0.0) * SLACK
