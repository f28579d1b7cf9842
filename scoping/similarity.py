"""How alike the names of two issues are: for near-duplicates in a list, and for the same issue in two reports.

Pure: names in, numbers out. A name becomes a bag of weighted words. Words that mean the same in this field are made
one ("staff", "talent" and "employee"), words that any issue may have ("management") weigh little, and the likeness of
two bags is their weighted overlap (Dice 1945). Chinese is cut at the words of the same table, and else by character.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from django.utils.translation import gettext
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

# From here on two names count as near-duplicates. Chosen on pairs of names from three reports that were labelled by
# hand (tests/scoping/test_similarity.py): the least alike that are one issue reach 0.75, the most alike that are two
# reach 0.69.
ALIKE = 0.72

# What a word weighs. An issue is told apart by its topic, less by whom it is about or what is done, hardly by
# what stands in many names.
TOPIC, ABOUT, DOING, COMMON = 1.0, 0.5, 0.3, 0.15
# Two names that are about different people (the health of employees, of customers) are not the same issue.
OTHER_PEOPLE = 0.7
# Slips of the pen: the letters of two names agree to this share. Below it lie "water use" and "waste use" (0.89).
SAME_LETTERS = 0.92

# The words of the field, each with what else it is called. Longer phrases come first where they are looked up.
MEANINGS: Mapping[str, str] = {
    # whom it is about
    "employee": "staff|employment|labor|worker|workforce|workplace|talent|personnel|human capital|human resource"
    "|occupational",
    "customer": "consumer|client|user|end user|consumer and end user",
    "supplier": "supply chain|value chain|supply chain partner|vendor|procurement|sourcing|purchasing",
    "community": "local community|affected community|public welfare|charity|philanthropy|donation|aid|social welfare"
    "|community public welfare|rural revitalization",
    "shareholder": "investor",
    # environment
    "greenhouse": "greenhouse gas|ghg|carbon|carbon neutrality|carbon neutralization|net zero|decarbonization"
    "|carbon footprint",
    "emission": "pollution|pollutant|air quality",
    "climate": "climate change|global warming|climate action|climate risk|climate related risk",
    "energy": "electricity|power consumption",
    "waste": "solid waste|hazardous waste",
    "water": "wastewater|water resource|water and wastewater",
    "circular": "circular economy|circularity|recycling|recycling and reuse|recycling economy|reuse",
    "clean technology": "clean tech|green technology|low carbon technology",
    "biodiversity": "ecosystem|nature|ecology|ecological impact|biodiversity and ecosystem",
    # society
    "safety": "health|health and safety|safety and health",
    "training": "education|training and development|training and growth|training and education|career development"
    "|learning and development|development and training|learning",
    "pay": "compensation|remuneration|salary|wage|compensation and benefit|compensation and welfare"
    "|remuneration and benefit|pay and benefit|benefit and welfare",
    "diversity": "inclusion|dei|diversity and inclusion|diversity equity and inclusion|equal opportunity"
    "|diversity and equal opportunity|non discrimination|discrimination|equal treatment",
    "human right": "human rights|human right protection",
    "right": "rights and interests|legitimate rights and interests|basic rights and interests",
    "care": "caring|wellbeing|well being",
    "privacy": "data security|information security|data protection|cybersecurity|cyber security|network security"
    "|data privacy|information safety|data safety|personal data|information protection",
    "access": "accessibility|affordability|access and affordability",
    "small business": "small and micro business|small and micro enterprise|sme|small and medium sized enterprise"
    "|small and medium enterprise",
    "poverty": "poverty alleviation",
    "marketing": "advertising|labeling|marketing and labeling|responsible marketing and branding",
    # governance
    "compliance": "compliant|lawful|law abiding|regulatory compliance|legal compliance"
    "|compliance with laws and regulations",
    "corruption": "anti corruption|anti bribery|bribery|anti fraud|fraud|anti money laundering",
    "ethics": "business ethics|ethical|integrity|integrity in business|business integrity|business conduct"
    "|code of conduct|professional ethics",
    "corporate governance": "governance structure|board of directors|corporate governance information",
    "competition": "anti competitive behavior|antitrust|fair competition|anti competitive|competitive behavior",
    "innovation": "r and d|research and development|technological innovation|innovation driven",
    "intellectual property": "intellectual property right|ip right|patent",
    "industry": "sector",
    "economic performance": "financial performance",
    "tax": "taxation|paying tax according to law",
}  # fmt: skip

CHINESE: Mapping[str, str] = {
    "employee": "员工|职工|雇员|劳工|劳动力|人才|职业",
    "customer": "客户|消费者|顾客|用户",
    "supplier": "供应链|供应商|采购",
    "community": "社区|公益|慈善|乡村振兴|捐赠",
    "greenhouse": "温室气体排放|温室气体|碳排放|碳中和|双碳",
    "emission": "排放物|排放|污染物|污染",
    "climate": "应对气候变化|气候变化|气候",
    "energy": "能源|节能",
    "waste": "废弃物|废物",
    "water": "水资源",
    "circular": "循环经济|循环利用|回收利用",
    "biodiversity": "生物多样性|生态系统",
    "safety": "健康与安全|健康和安全|健康安全|安全与健康|安全生产",
    "training": "培训与发展|培训和发展|发展与培训|培训与成长|职业发展|人才培养|培训",
    "pay": "薪酬与福利|薪酬福利|薪酬",
    "diversity": "多元化与包容|多元化与平等机会|多元与包容|多元化|平等机会",
    "right": "权益",
    "human right": "人权",
    "care": "关爱|关怀",
    "privacy": "隐私保护|隐私|数据安全|信息安全|网络安全",
    "quality": "质量",
    "satisfaction": "满意度",
    "poverty": "扶贫",
    "marketing": "营销|广告",
    "compliance": "合规经营|合规运营|合规",
    "corruption": "反腐败|反贪污|贪污|腐败|反舞弊",
    "ethics": "商业道德|商业伦理|诚信经营|廉洁",
    "corporate governance": "公司治理|企业管治|企业治理",
    "competition": "反不正当竞争|公平竞争",
    "risk": "风险",
    "innovation": "科技创新|技术创新|创新|研发",
    "intellectual property": "知识产权",
    "industry": "行业",
    "tax": "税务|纳税",
    "green": "绿色",
    "finance": "金融",
    "product": "产品",
    "service": "服务",
    "data": "数据",
    "resource": "资源",
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Of the words that say whom it is about: an issue of the one is not an issue of the other.
PEOPLE = _set("employee customer supplier community shareholder product")
ABOUT_WORDS = PEOPLE | _set(
    "emission company corporate business service green sustainable social environmental data local child human digital "
    "esg"
)
DOING_WORDS = _set(
    "standard assessment evaluation cooperation collaboration partnership engagement communication contribution use "
    "usage utilization consumption efficiency conservation saving culture strategy policy relation relationship first"
)
COMMON_WORDS = _set(
    "management governance protection assurance control system practice response tackling addressing combating "
    "operation performance development growth promotion improvement reduction responsibility responsible information "
    "issue topic guarantee safeguarding strengthening maintaining supporting building construction creation enhancing "
    "ensuring activity program programme plan opportunity general other impact"
)
EMPTY_WORDS = _set("a an and as at by for from in its of on or our own the to with within under into s")
# What a topic means where the name does not say whose it is.
IMPLIED = {"safety": "employee", "training": "employee", "pay": "employee", "diversity": "employee"}
EMPTY_CHINESE = re.compile("管理|治理|保护|保障|体系|建设|推动|促进|加强|应对|以及|与|和|及|的|之|、")

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")


def likeness(names: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
    """
    How alike each of `names` is to each of `others`.

    Returns
    -------
    Array of shape (names, others), 0 (nothing in common) to 1 (the same words, in whatever order and number). Names
    without a letter or digit are like nothing.
    """
    rows, columns = [_bag(name) for name in names], [_bag(name) for name in others]
    if not rows or not columns:
        return np.zeros((len(rows), len(columns)))
    # What stands on one side only is in no overlap; whom a name is about counts in any case.
    shared = {word for bag in rows for word in bag} & {word for bag in columns for word in bag} | PEOPLE
    vocabulary = {word: at for at, word in enumerate(sorted(shared))}
    left, right = _weights(rows, vocabulary), _weights(columns, vocabulary)
    # The overlap of two bags is the weight of the words in both, since a word weighs the same wherever it stands.
    overlap = (left > 0).astype(np.float32) @ right.T
    total = np.add.outer([sum(bag.values()) for bag in rows], [sum(bag.values()) for bag in columns])
    alike = np.divide(2 * overlap, total, out=np.zeros(total.shape), where=total > 0)
    people = [vocabulary[word] for word in sorted(PEOPLE)]
    whose, whose_others = left[:, people], right[:, people]
    both_say = np.logical_and.outer(whose.any(axis=1), whose_others.any(axis=1))
    alike[both_say & (whose @ whose_others.T == 0)] *= OTHER_PEOPLE
    # Weights are kept short, which shows behind the sixth place.
    return np.maximum(alike, _same_letters(names, others)).round(6)


def best_matches(names: Sequence[str], others: Sequence[str]) -> list[int | None]:
    """For each name the place of the other that is most like it, the first of equals; None where none is alike."""
    if not others:
        return [None] * len(names)
    alike = likeness(names, others)
    best = alike.argmax(axis=1)
    return [int(at) if alike[row, at] >= ALIKE else None for row, at in enumerate(best)]


def why_alike(one: str, other: str, share: float) -> str:
    """In the page's words what two names have in common whose likeness is `share`."""
    left, right = _letters(one), _letters(other)
    if set(left.split()) - EMPTY_WORDS == set(right.split()) - EMPTY_WORDS:
        return gettext("the same words")
    if _digits(left) == _digits(right) and Levenshtein.distance(left, right) <= 2:
        return gettext("differs by a letter or two")
    return gettext("means the same here") if round(share, 2) == 1 else gettext("much the same words or meaning")


# A list is looked at many times between two changes.
@lru_cache(maxsize=32)
def alike_pairs(names: tuple[str, ...]) -> tuple[tuple[int, int, float], ...]:
    """The places of any two names that are alike, and how much: the most alike first, then in the names' order."""
    alike = np.triu(likeness(names, names), 1)
    pairs = np.argwhere(alike >= ALIKE)
    shares = alike[pairs[:, 0], pairs[:, 1]]
    return tuple(
        (int(one), int(other), float(share))
        for (one, other), share in sorted(zip(pairs.tolist(), shares.tolist(), strict=True), key=lambda pair: -pair[1])
    )


@lru_cache(maxsize=20_000)
def _bag(name: str) -> Mapping[str, float]:
    """The words of the name that count, in the table's meaning, each with its weight."""
    words = _meanings(name)
    bag = {word: _weight(word) for word in words}
    topics = [word for word in bag if bag[word] >= TOPIC]
    people = PEOPLE & bag.keys()
    if not topics and "employee" in people and not {_stem("development"), _stem("growth")}.isdisjoint(bag):
        bag["training"] = TOPIC  # the development of people is their training
    if len(topics) == 1 and topics[0] in IMPLIED and not people:
        bag[IMPLIED[topics[0]]] = ABOUT
    return bag


def _weight(word: str) -> float:
    if len(word) == 1 and re.match(f"[{_CJK}]", word):
        return TOPIC / 2  # most Chinese words have two characters
    return _WEIGHTS.get(word, TOPIC)


def _meanings(name: str) -> list[str]:
    """The words in their order, those of the table as the table calls them."""
    found: list[str] = []
    latin: list[str] = []
    for part in _WORDS.findall(unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")):
        if re.match(f"[{_CJK}]", part):
            found.extend(_resolve(latin))
            latin = []
            found.extend(_chinese(part))
        else:
            latin.append(part)
    found.extend(_resolve(latin))
    return found


def _resolve(words: list[str]) -> Iterator[str]:
    stems = tuple(_stem(word) for word in words if word not in EMPTY_WORDS) or tuple(words)
    at = 0
    while at < len(stems):
        for length in range(min(_LONGEST, len(stems) - at), 0, -1):
            meaning = _PHRASES.get(stems[at : at + length])
            if meaning or length == 1:
                yield meaning or stems[at]
                at += length
                break


def _chinese(text: str) -> Iterator[str]:
    """The words of the table that stand in the text, then its other characters."""
    rest = []
    at = 0
    for match in _CHINESE_WORDS.finditer(text):
        rest.append(text[at : match.start()])
        at = match.end()
        yield _CHINESE_MEANING[match[0]]
    characters = [*rest, text[at:]]
    yield from "".join(EMPTY_CHINESE.sub("", piece) for piece in characters) or ("" if at else text)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """The word without its inflection: the same for "managing", "manages" and "management"; it need not be a word."""
    if not word.isascii() or len(word) < 4:
        return word
    word = word.replace("isation", "ization").replace("our", "or")
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, shortest in (("al", 8), ("ment", 8), ("ing", 7), ("ion", 7)):
        if word.endswith(ending) and len(word) >= shortest:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > 4 else word


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in phrase.split() if word not in EMPTY_WORDS)


_PHRASES = {_key(phrase): meaning for meaning, others in MEANINGS.items() for phrase in (meaning, *others.split("|"))}
_LONGEST = max(len(phrase) for phrase in _PHRASES)
_CHINESE_MEANING = {
    word: meaning if meaning in MEANINGS else _stem(meaning)
    for meaning, words in CHINESE.items()
    for word in words.split("|")
}
_CHINESE_WORDS = re.compile("|".join(sorted(_CHINESE_MEANING, key=len, reverse=True)))
_WEIGHTS = {
    stem: weight
    for words, weight in ((COMMON_WORDS, COMMON), (DOING_WORDS, DOING), (ABOUT_WORDS, ABOUT))
    for word in words
    for stem in (word, _stem(word))
}


def _weights(bags: Sequence[Mapping[str, float]], vocabulary: Mapping[str, int]) -> NDArray[np.float32]:
    table = np.zeros((len(bags), len(vocabulary)), dtype=np.float32)
    for row, bag in enumerate(bags):
        for word, weight in bag.items():
            if (column := vocabulary.get(word)) is not None:
                table[row, column] = weight
    return table


def _same_letters(rows: Sequence[str], columns: Sequence[str]) -> NDArray[np.float64]:
    """The share of letters that two names have in common, where it is so high that they differ by a slip; else 0."""
    left, right = [_letters(name) for name in rows], [_letters(name) for name in columns]
    share = process.cdist(left, right, scorer=fuzz.ratio, score_cutoff=100 * SAME_LETTERS, dtype=np.float32) / 100
    # A digit is never a slip: "Scope 1" and "Scope 2" are two things.
    numbers = {digits: at for at, digits in enumerate({*map(_digits, left), *map(_digits, right)})}
    ours, theirs = ([numbers[_digits(name)] for name in names] for names in (left, right))
    spelt = np.logical_and.outer([bool(name) for name in left], [bool(name) for name in right])
    return np.where(spelt & np.equal.outer(ours, theirs), share, 0.0)


@lru_cache(maxsize=20_000)
def _letters(name: str) -> str:
    return " ".join(sorted(_WORDS.findall(unicodedata.normalize("NFKC", name).casefold())))


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))
