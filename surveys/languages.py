"""Languages of a survey: tags (BCP 47), their own names, writing directions, and which one a browser asks for.

Knows no database. A language is a tag in canonical case ("zh-Hans", "pt-BR"). What Django has no name for is known by
its tag, and a script in the tag ("ku-Arab") says in which direction it is written.
"""

import re
from collections.abc import Sequence

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_TAG = 20

# RFC 5646, section 2.1, without grandfathered tags and without tags of private use alone. Languages of 4 to 8 letters
# are allowed by the grammar, and none is registered.
_TAG = re.compile(
    r"""(?P<language>[a-z]{2,3})(?:-(?P<extended>[a-z]{3}))?
    (?:-(?P<script>[a-z]{4}))?
    (?:-(?P<region>[a-z]{2}|[0-9]{3}))?
    (?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)
    (?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)
    (?P<private>-x(?:-[a-z0-9]{1,8})+)?""",
    re.VERBOSE | re.ASCII,
)


def _words(text: str) -> list[str]:
    return text.split()


# ISO 639-1: every registered language of two letters.
_TWO_LETTERS = frozenset(
    _words(
        """
        aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
        dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
        ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
        lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
        rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr
        ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
        """
    )
)
# Countries that are often written where a language belongs.
_COUNTRY_FOR_LANGUAGE = {"cn": "zh-Hans", "jp": "ja", "vn": "vi", "dk": "da", "cz": "cs", "in": "id", "iw": "he"}
# Names of languages that Django does not have, as their speakers write them.
_MORE_NAMES = {
    "am": "አማርኛ",
    "bo": "བོད་སྐད་",
    "fil": "Filipino",
    "gu": "ગુજરાતી",
    "ha": "Hausa",
    "lo": "ລາວ",
    "mg": "Malagasy",
    "mt": "Malti",
    "om": "Oromoo",
    "or": "ଓଡ଼ିଆ",
    "ps": "پښتو",
    "rw": "Ikinyarwanda",
    "sd": "سنڌي",
    "si": "සිංහල",
    "so": "Soomaali",
    "ti": "ትግርኛ",
    "tl": "Tagalog",
    "xh": "isiXhosa",
    "yi": "ייִדיש",
    "yo": "Yorùbá",
    "yue": "粵語",
    "zh": "中文",
    "zu": "isiZulu",
}
# Scripts that run from right to left, and the languages that are mostly written in one (Unicode's likely subtags).
_RTL_SCRIPTS = frozenset(_words("Adlm Arab Aran Hebr Mand Mend Nkoo Rohg Samr Syrc Thaa Yezi"))
_RTL_LANGUAGES = frozenset(
    _words("ar arc arz ary azb bal bqi ckb dv fa glk he ks lrc mzn nqo pnb prs ps rhg sd skr syr ug ur yi")
)
# Chinese is asked for by place, and written in a script.
_TRADITIONAL = frozenset({"TW", "HK", "MO"})


def canonical(tag: str) -> str:
    """
    The tag in its usual case: language small, script with a capital, region in capitals.

    Raises
    ------
    ValidationError
        It is not a language tag; says what one looks like.
    """
    text = tag.strip().replace("_", "-")
    found = _TAG.fullmatch(text.lower())
    if found is None:
        raise ValidationError(
            _(
                "“%(tag)s” is no language tag. A tag is a language of two or three letters, and after hyphens a "
                "script or a region where it matters: de, zh-Hans, pt-BR, ku-Arab."
            )
            % {"tag": text[:40]}
        )
    if len(text) > LONGEST_TAG:
        raise ValidationError(
            _("“%(tag)s” is too long: a tag has at most %(most)d characters here.")
            % {"tag": text[:40], "most": LONGEST_TAG}
        )
    language = found["language"]
    if language in _COUNTRY_FOR_LANGUAGE:
        raise ValidationError(
            _("“%(code)s” is the code of a country or an old one. Did you mean “%(tag)s”?")
            % {"code": language, "tag": _COUNTRY_FOR_LANGUAGE[language]}
        )
    if len(language) == 2 and language not in _TWO_LETTERS:
        raise ValidationError(
            _("There is no language “%(code)s”. Look its tag up, such as de, zh-Hans or pt-BR.") % {"code": language}
        )
    if found["region"] == "uk":
        raise ValidationError(
            _("“UK” is not a region in language tags; the United Kingdom is GB. Did you mean “en-GB”?")
        )
    _refuse_repeated(text, found)
    parts = [language, found["extended"], (found["script"] or "").title(), (found["region"] or "").upper()]
    rest = f"{found['variants']}{found['extensions']}{found['private'] or ''}"
    return "-".join(part for part in parts if part) + rest


def _refuse_repeated(tag: str, found: re.Match[str]) -> None:
    """RFC 5646, section 2.2.5 and 2.2.6: no variant and no extension twice."""
    variants = found["variants"].split("-")[1:]
    singletons = [part for part in found["extensions"].split("-") if len(part) == 1]
    for parts in (variants, singletons):
        for part in parts:
            if parts.count(part) > 1:
                raise ValidationError(
                    _("“%(tag)s” has “%(part)s” twice. Leave one of them out.") % {"tag": tag, "part": part}
                )


def name_of(tag: str) -> str:
    """What speakers call the language; the tag itself where nobody told us. "de-AT" is "Deutsch (AT)"."""
    lower = tag.lower()
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        known = "-".join(parts[:length]).lower()
        name = _own_name(known)
        if name:
            rest = "-".join(parts[length:])
            return name if known == lower else f"{name} ({rest})"
    return tag


def _own_name(lower: str) -> str:
    info = LANG_INFO.get(lower, {})
    for other in info.get("fallback", ()):
        info = LANG_INFO.get(other, info)
    return str(info.get("name_local") or _MORE_NAMES.get(lower, ""))


def english_name(tag: str) -> str:
    """The English name, for those who look for a language in a list; empty where nobody told us."""
    return str(LANG_INFO.get(tag.lower(), {}).get("name", ""))


def script_of(tag: str) -> str:
    """The script that the tag names ("Arab"), for Chinese also the one that follows from its region; else empty."""
    parts = tag.split("-")
    for part in parts[1:]:
        if len(part) == 1:
            break
        if len(part) == 4 and part.isalpha():
            return part.title()
    if parts[0].lower() == "zh":
        return "Hant" if _TRADITIONAL.intersection(part.upper() for part in parts[1:]) else "Hans"
    return ""


def direction_of(tag: str) -> str:
    """ "rtl" or "ltr": as the script says that the tag names, else as the language is mostly written."""
    script = script_of(tag)
    if script:
        return "rtl" if script in _RTL_SCRIPTS else "ltr"
    return "rtl" if tag.split("-")[0].lower() in _RTL_LANGUAGES else "ltr"


def interface_language(tag: str) -> str:
    """The language of our own words around a text in the language `tag`: "zh-hans" for Chinese in its simplified
    script, "en" for every other."""
    return "zh-hans" if tag.split("-")[0].lower() == "zh" and script_of(tag) == "Hans" else "en"


def has_own_words(tag: str) -> bool:
    """Whether buttons and what is said on privacy are in that language too: English and simplified Chinese."""
    return tag.split("-")[0].lower() == interface_language(tag).split("-")[0]


def offered() -> list[tuple[str, str]]:
    """The languages to choose from, as (tag, "own name (English name)"), by their English names."""
    found = []
    for key, info in LANG_INFO.items():
        if "name_local" not in info or (key.startswith("zh-") and key not in ("zh-hans", "zh-hant")):
            continue
        tag = _cased(key)
        own, english = info["name_local"], info["name"]
        found.append((english, tag, own if own == english else f"{own} ({english})"))
    return [(tag, name) for _english, tag, name in sorted(found)]


def _cased(tag: str) -> str:
    try:
        return canonical(tag)
    except ValidationError:
        return tag


def preferred(accept_language: str, tags: Sequence[str]) -> str:
    """
    The language of `tags` that a browser's Accept-Language header likes best; the first one where it likes none.

    Each wish is looked up in full, then without its last subtags (RFC 4647, section 3.4); then any tag of the same
    language and script will do, so that zh-CN finds zh-Hans and en-US finds en-GB.
    """
    for wish in _wishes(accept_language):
        if wish == "*":
            break
        if found := _lookup(wish, tags):
            return found
    return tags[0]


def _wishes(header: str) -> list[str]:
    """The ranges of the header, best first; those of weight 0 and what is no range are left out."""
    weighed = []
    # A header is a few hundred characters; whoever sends more gets the beginning read.
    for place, part in enumerate(header[:500].split(",")[:30]):
        wish, _mark, weight = part.strip().lower().partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight) if weight else None
        quality = float(found[1]) if found else 0.0 if weight else 1.0
        if quality > 0 and re.fullmatch(r"\*|[a-z]{2,8}(-[a-z0-9]{1,8})*", wish.strip()):
            weighed.append((-quality, place, wish.strip()))
    return [wish for _quality, _place, wish in sorted(weighed)]


def _lookup(wish: str, tags: Sequence[str]) -> str | None:
    by_lower = {tag.lower(): tag for tag in reversed(tags)}
    parts = wish.split("-")
    for length in range(len(parts), 0, -1):
        shorter = "-".join(parts[:length])
        # "zh" alone must not answer a wish for the other script.
        if shorter in by_lower and script_of(shorter) == script_of(wish):
            return by_lower[shorter]
    same = [tag for tag in tags if tag.split("-")[0].lower() == parts[0]]
    return next((tag for tag in same if script_of(tag) == script_of(wish)), None)
