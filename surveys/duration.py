"""How long a questionnaire takes to answer, so that respondents can be told honestly before they begin."""

import math
import re
from collections.abc import Iterable

# Silent reading for understanding, means of a meta-analysis (Brysbaert 2019, J. Memory and Language 109):
# English non-fiction 238 words a minute, Chinese 260 characters a minute.
WORDS_PER_MINUTE = 238
CHARACTERS_PER_MINUTE = 260
# Deciding and pressing, after reading: our assumption until surveys measure their own times. A question on the
# respondent counts as a rating.
SECONDS_PER_RATING = 5
# A short sentence where one can write. Also an assumption: many leave it empty, few write more.
SECONDS_PER_COMMENT = 20

_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"\w+")


def minutes_to_answer(texts: Iterable[str], ratings: int, comments: int = 0) -> int:
    """Whole minutes, rounded up, to read `texts`, give `ratings` and write `comments`."""
    text = " ".join(texts)
    characters = len(_IDEOGRAPH.findall(text))
    words = len(_WORD.findall(_IDEOGRAPH.sub(" ", text)))
    reading = words / WORDS_PER_MINUTE + characters / CHARACTERS_PER_MINUTE
    giving = ratings * SECONDS_PER_RATING + comments * SECONDS_PER_COMMENT
    return max(1, math.ceil(reading + giving / 60))
