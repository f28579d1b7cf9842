"""Ratings in words: how survey tools and their users call the steps of a scale, in several languages.

Pure: texts in, numbers out. A known scale is a row of steps, each with the words it goes by; words of a file that stand
on different steps of one scale get the numbers of those steps, also where nobody chose one of the others. Words of no
known scale are put in order by how strong and how positive they are.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from tables.names import key

# "4", "4.0" as spreadsheets save it, and "4 - important". With a second number in the text it is not clear which one
# is the rating, so that needs a label.
LEADING_NUMBER = re.compile(r"^(\d{1,3})(?:[.,]0+)?(?!\d|[.,/]\s*\d)\D*$")
# "Very important (5)", "Very important - 5".
TRAILING_NUMBER = re.compile(r"^(?=[^\W\d_])\D*?(?:[(\[（【]\s*(\d{1,3})\s*[)\]）】]|\s[-–—=:]\s*(\d{1,3}))$")

NO_ANSWER = re.compile(
    r"""^(?:
    \W* | na | n\.?[/\\]?\s?a\.? | .*\bn/a\b.* | null | nan | none | nil | -oth- | \#n/?a | -\d+
    | .*\bnot\ applicable\b.* | does\ not\ apply | no\ (?:answer|opinion|response|idea|view|comment)s?.*
    | .*\b(?:don['’]?t|do\ not|didn['’]?t)\ know\b.* | dk(?:/na)? | (?:i['’]?m\ )?(?:not\ sure|unsure) | undecided
    | .*\b(?:can(?:no|['’])?t|cannot|unable\ to|can\ not)\ (?:judge|say|tell|assess|rate|answer|evaluate)\b.*
    | .*\bprefer\ not\b.* | .*\brather\ not\ say\b.* | skip(?:ped)? | unknown | \(?blank\)? | not\ answered
    | not\ familiar.* | unfamiliar.* | not\ relevant\ to\ me | no\ basis.*
    | .*wei(?:ß|ss)\ (?:ich\ )?(?:es\ )?nicht.* | keine?\ (?:angabe|antwort|meinung|ahnung).* | k\.?\s?a\.?
    | .*nicht\ (?:beurteilen|einschätzen|bewerten|beurteilbar).* | nicht\ (?:zutreffend|anwendbar) | entfällt
    | unbekannt
    | .*\bne\ sai[st]\ pas\b.* | .*\bsans\ (?:opinion|avis|réponse|objet)\b.* | non\ (?:applicable|concerné.*) | nspp?
    | .*\bne\ se\ prononce\ pas\b.* | pas\ d['’](?:avis|opinion) | ne\ peut\ pas\ juger
    | no\ (?:lo\ )?s[ée].* | no\ sabe.* | no\ aplica.* | ns\s?/\s?n[cr] | sin\ (?:opinión|respuesta) | no\ contesta
    | n[ãa]o\ sei.* | n[ãa]o\ (?:se\ )?aplica.* | sem\ (?:opinião|resposta)
    | non\ (?:lo\ )?so.* | non\ (?:applicabile|saprei).* | nessuna\ (?:opinione|risposta)
    | weet\ (?:ik\ )?niet.* | n\.?v\.?t\.? | niet\ van\ toepassing | geen\ (?:mening|antwoord|idee)
    | .*(?:不清楚|不知道|不了解|不确定|不確定|不熟悉|说不清|說不清|难以判断|無法判斷|无法判断|无法评价|無法評價).*
    | 不适用 | 不適用 | 无 | 無 | 跳过 | \(跳过\) | \(空\) | 未作答 | 未填 | 没有意见 | 不便透露
    | わからない | 分からない | 該当なし | 모름
    )$""",
    re.IGNORECASE | re.VERBOSE,
)

# What is rated as important, relevant and so on, and the words that go with it, from the lowest step to the highest.
# Words of one step are parted by "|", steps by "/"; {} is the adjective.
ENGLISH = ("important", "relevant", "significant", "material", "critical", "essential", "valuable", "concerned")
TEMPLATES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ENGLISH,
        (
            "not {}|not {} at all|not at all {}|un{}|ir{}|in{} / {} / very {}",
            "not {}|not {} at all|not at all {}|un{}|ir{}|in{}|least {} / somewhat {}|slightly {}|a little {}"
            "|less {}|rather un{}|moderately {}|low {} / {}|rather {}|quite {}|fairly {}|moderately {}"
            " / very {}|extremely {}|highly {}|most {}|absolutely {}",
            "not {}|not {} at all|not at all {}|un{}|very un{}|completely un{}|totally un{}|extremely un{}|ir{}|in{}"
            "|not very {}|least {} / slightly {}|a little {}|somewhat un{}|rather un{}|less {}|un{}"
            "|of little importance"
            "|not very {}|not so {}|low importance|minor|not {}|somewhat {} / moderately {}|neutral|somewhat {}"
            "|neither {} nor un{}|neither un{} nor {}|medium|of average importance|moderate|fairly {}|average"
            "|neither {} or un{}|medium importance|undecided|{} / {}|very {}|rather {}|quite {}|somewhat {}|fairly {}"
            "|high importance / extremely {}|very {}|most {}|absolutely {}|critically {}|essential|highly {}"
            "|absolutely essential|of utmost importance|critical|very high importance|vital",
            "not {}|not {} at all|not at all {}|un{}|not very {} / slightly {}|a little {}|somewhat {}"
            " / moderately {}|somewhat {}|fairly {}|neutral / {}|quite {} / very {}|highly {}"
            " / extremely {}|most {}|critically {}|absolutely {}|essential|critical",
        ),
    ),
    (
        ("wichtig", "relevant", "bedeutend", "bedeutsam", "wesentlich"),
        (
            "nicht {}|gar nicht {}|un{}|überhaupt nicht {}|ir{} / {} / sehr {}",
            "nicht {}|gar nicht {}|un{}|überhaupt nicht {}|sehr un{}|völlig un{} / eher un{}|weniger {}|wenig {}"
            "|eher nicht {} / eher {}|ziemlich {}|{} / sehr {}|äußerst {}|extrem {}",
            "nicht {}|gar nicht {}|un{}|überhaupt nicht {}|sehr un{}|völlig un{} / eher un{}|weniger {}|wenig {}|un{}"
            "|eher nicht {}|kaum {} / teils/teils|teils teils|teilweise {}|neutral|mittel|mittelmäßig {}|mäßig {}"
            "|mittelmäßig|weder noch|weder {} noch un{}|etwas {}|mittel {} / eher {}|{}|ziemlich {} / sehr {}"
            "|äußerst {}"
            "|extrem {}|besonders {}",
        ),
    ),
    (
        ("important", "importante", "importants", "pertinent", "pertinente", "essentiel"),
        (
            "pas important|pas du tout {}|non {}|pas {}|sans importance|aucunement {} / peu {}|plutôt pas {}"
            "|pas très {}"
            " / plutôt {}|assez {}|{} / très {}|extrêmement {}|tout à fait {}",
            "pas important|pas du tout {}|non {}|pas {}|sans importance|aucunement {} / peu {}|plutôt pas {}"
            "|pas très {}"
            "|légèrement {} / moyennement {}|neutre|modérément {}|ni {} ni pas {}|assez {} / plutôt {}|{}"
            "|assez {}|très {}"
            " / très {}|extrêmement {}|primordial|tout à fait {}|essentiel",
        ),
    ),
    (
        ("importante", "relevante", "importantes", "rilevante", "significativo", "essencial"),
        (
            "nada {}|no {}|sin importancia|no es {}|irrelevante|sem importância|não {}|não é {}|per niente {}"
            "|per nulla {}"
            "|non {}|para nada {} / poco {}|pouco {}|algo {}|ligeramente {} / bastante {}|abbastanza {}|{}|algo {}"
            "|um pouco {} / muy {}|muito {}|molto {}|extremadamente {}|extremamente {}",
            "nada {}|no {}|sin importancia|no es {}|irrelevante|sem importância|não {}|não é {}|per niente {}"
            "|per nulla {}"
            "|non {}|para nada {} / poco {}|pouco {}|ligeramente {}|ligeiramente {}|leggermente {} / algo {}|neutral"
            "|neutro|neutra|moderadamente {}|moderatamente {}|medianamente {}|um pouco {}|né {} né non {} / {}"
            "|bastante {}"
            "|abbastanza {}|muy {}|muito {}|molto {} / muy {}|muito {}|molto {}|extremadamente {}|extremamente {}"
            "|estremamente {}|imprescindible|fundamental|fondamentale",
        ),
    ),
    (
        ("belangrijk", "relevant", "wezenlijk"),
        (
            "niet {}|helemaal niet {}|on{}|zeer on{}|totaal niet {} / minder {}|enigszins {}|een beetje {}|weinig {}"
            "|niet zo {}|on{}|enigszins on{} / neutraal|redelijk {}|gemiddeld|matig {}|niet {}, niet on{}|tamelijk {}"
            "|niet {} en niet on{} / {}|tamelijk {}|best {}|redelijk {} / zeer {}|heel {}|erg {}|uiterst {}|extreem {}",
        ),
    ),
    (
        ("重要", "相关", "相關", "关注", "關注", "关心", "满意", "滿意"),
        (
            "不{}|不太{}|一点也不{} / {}|一般{}|一般|比较{} / 非常{}|很{}|十分{}",
            "不{}|非常不{}|完全不{}|很不{}|极不{}|一点也不{}|一點也不{}|根本不{}|毫不{} / 不太{}|比较不{}|較不{}|有点{}"
            "|稍微{}|不{}|不怎么{}|不大{} / 一般|中立|一般{}|中等|普通|中等{}|无所谓|尚可 / {}|比较{}|比較{}"
            "|较{}|較{}|很{}"
            " / 非常{}|很{}|极其{}|極其{}|十分{}|极{}|最{}|特别{}",
        ),
    ),
    (
        ("重要", "関心がある"),
        (
            "全く{}でない|全く{}ではない|まったく{}でない|{}でない|{}ではない / あまり{}でない"
            "|あまり{}ではない / どちらともいえない"
            "|どちらでもない|普通 / やや{}|{}|まあまあ{} / 非常に{}|とても{}|極めて{}",
        ),
    ),
    (
        ("",),
        (
            "strongly disagree|completely disagree|totally disagree / disagree|somewhat disagree|rather disagree"
            " / neither agree nor disagree|neutral|undecided / agree|somewhat agree|rather agree"
            " / strongly agree|completely agree|totally agree",
            "strongly disagree / disagree / somewhat disagree|slightly disagree / neither agree nor disagree|neutral"
            " / somewhat agree|slightly agree / agree / strongly agree",
            "trifft überhaupt nicht zu|trifft gar nicht zu|trifft nicht zu|stimme überhaupt nicht zu"
            "|stimme gar nicht zu"
            " / trifft eher nicht zu|trifft weniger zu|stimme eher nicht zu|stimme nicht zu / teils/teils|teils teils"
            "|weder noch|neutral|unentschieden / trifft eher zu|trifft zu|stimme eher zu|stimme zu / trifft voll zu"
            "|trifft voll und ganz zu|trifft völlig zu|stimme voll zu|stimme voll und ganz zu|stimme völlig zu",
            "pas du tout d'accord / pas d'accord|plutôt pas d'accord / ni d'accord ni pas d'accord|neutre / d'accord"
            "|plutôt d'accord / tout à fait d'accord",
            "totalmente en desacuerdo|muy en desacuerdo / en desacuerdo / ni de acuerdo ni en desacuerdo|neutral"
            " / de acuerdo / totalmente de acuerdo|muy de acuerdo",
            "非常不同意|完全不同意|很不同意 / 不同意|不太同意|比较不同意 / 一般|中立|不确定"
            "|既不同意也不反对 / 同意|比较同意"
            " / 非常同意|完全同意|很同意",
            "very unfavorably|very unfavourably|very unfavorable / somewhat unfavorably|unfavorably"
            "|somewhat unfavourably"
            "|somewhat unfavorable / neither favorably nor unfavorably (neutral)"
            "|neither favorably nor unfavorably|neutral"
            "|neither favourably nor unfavourably / somewhat favorably|favorably|somewhat favourably|somewhat favorable"
            " / very favorably|very favourably|very favorable",
            "very dissatisfied|extremely dissatisfied / dissatisfied|somewhat dissatisfied / neither satisfied nor"
            " dissatisfied|neutral / satisfied|somewhat satisfied / very satisfied|extremely satisfied",
            "no priority|not a priority|not a priority at all / low priority / medium priority|moderate priority"
            " / high priority / very high priority|top priority|essential|essential priority|highest priority",
            "none|no importance|not at all|no impact|no influence / little|low|slightly|a little|low importance|minor"
            "|low impact|little importance|some|minor impact / medium|moderate|moderately|somewhat|medium importance"
            "|average|neutral|moderate importance|moderate impact|some importance|medium impact / much|high|very"
            "|high importance|major|a lot|quite a bit|high impact|major impact|great importance / very much|very high"
            "|extremely|very high importance|a great deal|critical|severe|very high impact|crucial|utmost importance",
            "very low|lowest / low / medium|moderate|neutral|average / high / very high|highest",
            "low|low importance|low priority / medium|medium importance|medium priority|moderate / high|high importance"
            "|high priority",
            "low|low priority / medium|moderate|medium priority / high|high priority / very high|critical|severe"
            "|urgent",
            "gering|niedrig / mittel / hoch",
            "sehr gering|sehr niedrig|keine / gering|niedrig / mittel|mittelmäßig / hoch|groß / sehr hoch|sehr groß",
            "très faible|nulle / faible / moyenne|moyen|modérée / forte|élevée|élevé / très forte|très élevée"
            "|très élevé",
            "muy baja|muy bajo / baja|bajo / media|medio / alta|alto / muy alta|muy alto",
            "很低|非常低 / 低|较低 / 中|中等|一般 / 高|较高 / 很高|非常高",
            "very poor / poor / fair|average|acceptable|okay|neutral / good / very good|excellent",
            "never / rarely|seldom / sometimes|occasionally / often|frequently / always|very often",
        ),
    ),
)

STRONG = re.compile(
    r"\b(very|extreme|extremely|highly|strongly|completely|totally|essential|critical|absolutely|most|utmost|sehr|äußerst"
    r"|extrem|stark|voll|völlig|très|extrêmement|fortement|muy|totalmente|muito|molto|zeer|heel|erg|uiterst|mycket"
    r"|meget|bardzo|очень|velmi|nagyon|çok|erittäin|foarte)\b|非常|极|極|十分|很|最",
    re.IGNORECASE,
)
MILD = re.compile(
    r"\b(somewhat|rather|fairly|slightly|moderately|quite|little|less|partly|eher|etwas|ziemlich|weniger|wenig|plutôt"
    r"|assez|peu|algo|bastante|poco|pouco|abbastanza|enigszins|tamelijk|nogal|ganska|ganske|raczej|довольно|скорее"
    r"|spíše|oldukça|melko|destul)\b|比较|比較|较|有点|稍|不太",
    re.IGNORECASE,
)
NEUTRAL = re.compile(
    r"\b(neutral|neutre|neutro|neutraal|neither|medium|average|weder|teils|mittel|gemiddeld|nötr|obojętne|нейтрально"
    r"|varken|hverken)\b|一般|中立|普通|中等",
    re.IGNORECASE,
)
NEGATIVE = re.compile(
    r"\b(not|no|dis\w+|un\w+|ir\w+|low|least|never|poor|bad|little|less|nicht|kein\w*|gering|wenig\w*|pas|peu|non|faible"
    r"|nada|sin|poco|baj[oa]|não|pouco|sem|niet|on(?:be|re)\w+|weinig|inte|ikke|nie\w*|не\w*|nem|değil|ei|nu)\b|不|低",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"\b(at all|überhaupt|gar|du tout|en absoluto|para nada|per niente|per nulla|helemaal)\b|完全|毫|根本|一点也", re.I
)


@dataclass(frozen=True)
class WordScale:
    """What words mean on a scale of `steps` steps: `rating_of`, from 1. `known` when it is a usual scale."""

    steps: int
    rating_of: Mapping[str, int]
    known: bool


def rating_number(text: str) -> int | None:
    """The number that a text gives as a rating, such as 4 in "4 - important" or "Important (4)"; None without one."""
    found = LEADING_NUMBER.match(text) or TRAILING_NUMBER.match(text)
    return int(next(filter(None, found.groups()))) if found else None


def shifts_numbers(labels: Mapping[str, int], scale: tuple[int, int]) -> bool:
    """Whether the labels read a number of the scale as another one, such as "8" as 9 on a scale that began at 0."""
    return any(
        (number := rating_number(text)) is not None and scale[0] <= number <= scale[1] and number != rating
        for text, rating in labels.items()
    )


def read_number(text: str, labels: Mapping[str, int], scale: tuple[int, int]) -> int | None:
    """
    The rating that a text is: by its label, else by the number that it gives.

    Parameters
    ----------
    text : by `names.key`, as the labels are.

    Returns
    -------
    None where it is none; also for a number without a label where the labels shift others, since it may be shifted too.
    """
    if text in labels:
        return labels[text]
    number = rating_number(text)
    if number is None or str(number) in labels:
        return None if number is None else labels[str(number)]
    return number if scale[0] <= number <= scale[1] and not shifts_numbers(labels, scale) else None


def is_no_answer(text: str) -> bool:
    return bool(NO_ANSWER.match(_wording(text)))


def word_scale(words: Sequence[str], *, few: bool = False) -> WordScale | None:
    """
    The scale that these words are steps of.

    Parameters
    ----------
    words : the different answers in words.
    few : whether there were so few answers that steps in between are likely to be missing.

    Returns
    -------
    None where two words cannot be told apart.
    """
    wordings = [_wording(word) for word in words]
    fits = [fit for fit in _fits(tuple(dict.fromkeys(wordings))) if fit is not None]
    if fits:
        # Who has answered by hundreds has used every step; of a few nobody may have. But four words and more that are
        # all steps of a scale leave no gap in it, as they would in a longer one.
        def unlikeliness(fit: tuple[int, dict[str, int]]) -> tuple[int, int, int]:
            is_whole = fit[0] == len(fit[1]) >= 4
            return (0 if is_whole else 1, abs(fit[0] - 5), fit[0]) if few else (0, fit[0], 0)

        steps, places = min(fits, key=unlikeliness)
        return WordScale(steps, {word: places[wording] for word, wording in zip(words, wordings, strict=True)}, True)
    strength = {word: _strength(wording) for word, wording in zip(words, wordings, strict=True)}
    if len(words) < 2 or len(set(strength.values())) < len(words):
        return None
    order = sorted(words, key=strength.__getitem__)
    return WordScale(len(order), {word: rank for rank, word in enumerate(order, start=1)}, False)


def of_one_scale(words: Sequence[str]) -> bool:
    """Whether all the words are steps of one known scale."""
    return bool(words) and any(_fits(tuple(dict.fromkeys(map(_wording, words)))))


def _fits(wordings: tuple[str, ...]) -> Iterator[tuple[int, dict[str, int]] | None]:
    """Each known scale on which the wordings stand on different steps: its steps, and the step of each wording."""
    if not 1 <= len(wordings) <= 7:
        return
    for scale in _known_scales():
        if len(scale) < len(wordings):
            continue
        choices = [[step for step, names in enumerate(scale, start=1) if wording in names] for wording in wordings]
        if not all(choices):
            continue
        spread = [
            (max(steps) - min(steps), steps) for steps in product(*choices) if len(set(steps)) == len(wordings)
        ]  # fmt: skip
        # Of words that may stand on several steps, those apart most: the ends of a scale are named more often.
        if spread:
            yield len(scale), dict(zip(wordings, max(spread, key=lambda one: one[0])[1], strict=True))


@cache
def _known_scales() -> tuple[tuple[frozenset[str], ...], ...]:
    scales = []
    for adjectives, templates in TEMPLATES:
        for template in templates:
            for adjective in adjectives:
                steps = [
                    frozenset(_wording(word.replace("{}", adjective)) for word in step.split("|"))
                    for step in template.split(" / ")
                ]
                scales.append(tuple(steps))
    return tuple(scales)


def _wording(text: str) -> str:
    """The text to compare: straight apostrophes, no capitals, no full stop or list letter."""
    text = key(text).replace("’", "'")
    return re.sub(r"^[a-g][.)]\s+|[\s.!;:]+$", "", unicodedata.normalize("NFC", text)) or text


def _strength(wording: str) -> float:
    if NEUTRAL.search(wording):
        return 0
    negative = bool(NEGATIVE.search(wording))
    size = 4.0 if negative and TOTAL.search(wording) else 3.0 if STRONG.search(wording) else 2.0
    if MILD.search(wording):
        size = 1.0
    return -size if negative else size
