"""Which survey tool wrote a file, and which of its columns are about the respondent and not about any question.

Such columns (addresses, names, places, times, the tool's own state) are never stored and never offered as an issue or
as a group. A column is known by its header, in the languages that the tools export, or by what it holds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from surveys.imports.headers import FILLERS, Column
from tables.names import key

# Reasons, as the page and the command say them.
IDENTIFIER, TIME, PERSON, CONTACT, PLACE, STATE, LANGUAGE = (
    gettext_noop("identifier"), gettext_noop("time"), gettext_noop("name of a person"), gettext_noop("address"),
    gettext_noop("place or device"), gettext_noop("state of the answer"), gettext_noop("language"),
)  # fmt: skip

# Headers by `_header`, in the languages that tools export. Parted by "|".
HEADERS = {
    IDENTIFIER: "id|response id|responseid|respondent id|respondentid|respondent|collector id|collectorid|collector"
    "|recordid|record id|external reference|externalreference|external data reference|custom data|custom data 1"
    "|custom data 2|custom data 3|custom data 4|custom data 5"
    "|custom 1|custom 2|custom 3|custom 4|custom 5|token|seed|zufallsstartwert|antwort id|antwort-id"
    "|id der antwort|id des befragten|umfrageteilnehmer-id|collector-id|id de la réponse|id de réponse|identifiant"
    "|id de respuesta|id de la respuesta|id del encuestado|id da resposta|id risposta|antwoord-id|antwoord id"
    "|externe datenreferenz|zugangscode|zugangsschlüssel|答卷id|答题序号|序号|编号|回复 id|受访者 id|回答id"
    "|randomseed|savedid|contact id|contactid|panelist id|embedded data|_recordid|uuid|session id|sessionid",
    TIME: "timestamp|zeitstempel|horodateur|horodatage|marca temporal|carimbo de data/hora|informazioni cronologiche"
    "|tijdstempel|时间戳记|時間戳記|タイムスタンプ|tidsstempel|tidsstämpel|sygnatura czasowa|отметка времени"
    "|start time|completion time|last modified time|end time|startzeit|fertigstellungszeit|abschlusszeit|endzeit"
    "|zeitpunkt der letzten änderung|uhrzeit der letzten änderung|heure de début|heure de fin"
    "|heure de la dernière modification|hora de inicio|hora de finalización|hora de la última modificación"
    "|hora de início|hora de conclusão|ora di inizio|ora di completamento|begintijd|starttijd|tijd van voltooien"
    "|voltooiingstijd|开始时间|完成时间|上次修改时间|開始時間|完成時間|開始時刻|完了時刻|提交时间|提交答卷时间"
    "|所用时间|答题时间"
    "|startdate|enddate|recordeddate|start date|end date|recorded date|anfangsdatum|startdatum|enddatum"
    "|erfassungsdatum|date de début|date de fin|fecha de inicio|fecha de finalización|date created|date modified"
    "|erstellungsdatum|änderungsdatum|date de création|date de modification|fecha de creación|fecha de modificación"
    "|submitdate|date submitted|datum abgeschickt|datum der übermittlung|date de soumission|fecha de envío"
    "|verzenddatum|datum ingediend|datestamp|date last action|datum letzte aktivität|date de la dernière action"
    "|fecha de la última acción|datum laatste actie|date started|datum gestartet|date de lancement|duration"
    "|duration (in seconds)|dauer (in sekunden)|durée (en secondes)|duración (en segundos)|interviewtime"
    "|total time|totaaltijd|gesamtzeit|temps total|tiempo total|time taken|date|datum|submitted at|submission date"
    "|created at|time spent|started|completed at",
    PERSON: "name|names|full name|fullname|your name|first name|last name|firstname|lastname|surname|given name"
    "|family name|recipientfirstname|recipientlastname|recipient first name|recipient last name|vorname|nachname"
    "|vorname des empfängers|nachname des empfängers|nom|prénom|nombre|apellido|apellidos|nome|cognome|sobrenome"
    "|naam|voornaam|achternaam|姓名|名称|名稱|名字|名前|氏名|username|user name|user|benutzername|nutzername"
    "|nom d'utilisateur|nombre de usuario|respondent name|participant|participant name|teilnehmer",
    CONTACT: "email|e-mail|mail|email address|e-mail address|e-mail-adresse|emailadresse|e-mail des empfängers"
    "|recipientemail|recipient email|adresse e-mail|adresse de messagerie|courrier électronique|adresse mail|courriel"
    "|correo|correo electrónico|dirección de correo electrónico|endereço de e-mail|e-mailadres|indirizzo email"
    "|indirizzo e-mail|posta elettronica|电子邮件|电子邮件地址|電子郵件|電子郵件地址|邮箱|メールアドレス|メール"
    "|phone|phone number|telephone|mobile|mobile number|telefon|telefonnummer|téléphone|teléfono|telefone|telefono"
    "|telefoon|电话|手机|手机号|电话号码|address|postal address|street|adresse|dirección|地址|zip|zip code|postcode"
    "|postal code|plz|postleitzahl|code postal",
    PLACE: "ipaddress|ip address|ip|ip-adresse|adresse ip|dirección ip|endereço ip|indirizzo ip|ip-adres|ipaddr"
    "|ip 地址|ip地址|来自ip|来源|来源详情|locationlatitude|locationlongitude|location latitude|location longitude"
    "|latitude|longitude|breitengrad|längengrad|breitengrad des standorts|längengrad des standorts|latitud|longitud"
    "|refurl|referrer url|referer|referrer|url der herkunftsseite|url de référence|url de referencia|user agent"
    "|useragent"
    "|browser|operating system|device|device type|resolution|gps|coordinates|geolocation",
    STATE: "status|response type|antworttyp|progress|aktueller stand|fortschritt|finished|beendet|terminé|finalizado"
    "|lastpage|last page|letzte seite|dernière page|última página|laatste pagina|distributionchannel"
    "|distribution channel|verteilungskanal|canal de distribution|canal de distribución|score|total score|total points"
    "|quiz feedback|gesamtpunktzahl|quizfeedback|grade posted time|q_recaptchascore"
    "|tags|completed|complete|总分|得分|总分数",
    LANGUAGE: "userlanguage|user language|benutzersprache|startlanguage|start language|startsprache|start-sprache"
    "|langue de départ|langue de l'utilisateur|idioma inicial|idioma del usuario|begintaal|starttaal|language"
    "|response language|sprache|langue|idioma|taal|语言",
}  # fmt: skip
REASONS = {header: reason for reason, headers in HEADERS.items() for header in headers.split("|")}

# Headers that tools put together from others.
PATTERNS = (
    (re.compile(r"^.*[_ ](?:first click|last click|page submit|click count)$"), TIME),
    (re.compile(r"^(?:grouptime ?\d+|\d+x\d+(?:x\d+)?time|(?:group|question|groep|vraag|gruppen?|fragen?)[. -]?"
                r"(?:time|tijd|zeit)\b.*|temps (?:du groupe|de la question)\b.*)$"), TIME),
    (re.compile(r"^(?:points|feedback|punkte) [-–] .*|.* \[(?:score|feedback)\]$"), STATE),
    (re.compile(r"^q_[a-z]\w+$|.*_do(?:_.*)?$|^.* - (?:parent topics|topics|sentiment|sentiment (?:score|polarity)"
                r"|topic sentiment.*|topic hierarchy.*)$|^.* [-–] (?:sentiment|topics)\b.*"), STATE),
    (re.compile(r"\be-?mail\b|\bmail address\b|e-?mail-?adresse|correo electr|courriel|电子邮件|邮箱"), CONTACT),
    (re.compile(r"\b(?:phone|telephone|mobile) (?:number|no)\b|telefonnummer|手机号|电话号码"), CONTACT),
    (re.compile(r"\byour (?:full |first |last )?name\b|\b(?:first|last|full) name\b|您的姓名|ihr(?:en)? name\b"
                r"|votre (?:nom|prénom)\b|\bsu nombre\b|^(?:vor|nach)name\b"), PERSON),
    (re.compile(r"\bip[- ]?(?:address|adresse?)\b"), PLACE),
)  # fmt: skip

# What columns hold that is about a person, however they are called: nearly all of their cells look like this.
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
IP = re.compile(r"^(?:\d{1,3}\.){3}\d{1,3}$|^(?=.*:.*:)[0-9a-f:]{6,39}$", re.IGNORECASE)
CONTENTS = (
    (EMAIL, CONTACT),
    (IP, PLACE),
    (re.compile(r"^\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:[ T,]+.*)?$"), TIME),
    (re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?$"), TIME),
    # Days since 1900 with a time of day, as spreadsheets store a moment: 2009 to 2064.
    (re.compile(r"^[45]\d{4}[.,]\d{3,}$"), TIME),
    (re.compile(r"^-?\d{1,3}[.,]\d{4,}$"), PLACE),
    (re.compile(r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$|^R_\w{10,}$|^\d{6,}$", re.IGNORECASE), IDENTIFIER),
    (re.compile(r"^https?://"), PLACE),
    (re.compile(r"^\+?\d[\d ()/.-]{7,}\d$"), CONTACT),
)
MOSTLY = 0.8


@dataclass(frozen=True)
class Tool:
    """A survey tool, and what its export is called on the page."""

    name: str

    def __str__(self) -> str:
        return _("%(tool)s export") % {"tool": self.name} if self.name else _("table of answers")


LIMESURVEY, QUALTRICS = Tool("LimeSurvey"), Tool("Qualtrics")
GOOGLE, MICROSOFT = Tool("Google Forms"), Tool("Microsoft Forms")
SURVEYMONKEY, OTHER = Tool("SurveyMonkey"), Tool("")

# Codes stand alone, or before the wording: "submitdate. Date submitted".
LIME_CODES = frozenset(
    ["submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl"]
)
LIME_WORDINGS = frozenset(
    [
        "date submitted",
        "last page",
        "start language",
        "date started",
        "date last action",
        "referrer url",
        "datum abgeschickt",
        "letzte seite",
        "start-sprache",
        "startsprache",
        "datum gestartet",
        "datum letzte aktivität",
        "zufallsstartwert",
        "date de soumission",
        "dernière page",
        "langue de départ",
        "date de lancement",
        "date de la dernière action",
        "fecha de envío",
        "última página",
        "idioma inicial",
        "laatste pagina",
        "begintaal",
        "starttaal",
        "antwort id",
        "interviewtime",
        "total time",
        "response id",
    ]
)
QUALTRICS_CODES = frozenset(
    [
        "startdate",
        "enddate",
        "status",
        "ipaddress",
        "progress",
        "finished",
        "recordeddate",
        "responseid",
        "recipientlastname",
        "recipientfirstname",
        "recipientemail",
        "externalreference",
        "locationlatitude",
        "locationlongitude",
        "distributionchannel",
        "userlanguage",
    ]
)
TIMES_OF_FORMS = frozenset(
    [
        "start time",
        "completion time",
        "startzeit",
        "fertigstellungszeit",
        "abschlusszeit",
        "heure de début",
        "heure de fin",
        "hora de inicio",
        "hora de finalización",
        "hora de início",
        "hora de conclusão",
        "ora di inizio",
        "ora di completamento",
        "begintijd",
        "starttijd",
        "tijd van voltooien",
        "voltooiingstijd",
        "开始时间",
        "完成时间",
        "開始時間",
        "完成時間",
        "開始時刻",
        "完了時刻",
    ]
)
TIMES_OF_GOOGLE = frozenset(
    [
        "timestamp",
        "zeitstempel",
        "horodateur",
        "horodatage",
        "marca temporal",
        "carimbo de data/hora",
        "informazioni cronologiche",
        "tijdstempel",
        "时间戳记",
        "時間戳記",
        "タイムスタンプ",
        "tidsstempel",
        "tidsstämpel",
        "sygnatura czasowa",
        "отметка времени",
    ]
)
MONKEY_COLUMNS = frozenset(
    [
        "respondent id",
        "respondentid",
        "collector id",
        "collectorid",
        "date created",
        "date modified",
        "id des befragten",
        "collector-id",
        "umfrageteilnehmer-id",
        "id del encuestado",
        "custom data 1",
        "受访者 id",
    ]
)


def tool_of(columns: Sequence[Column], header_rows: int) -> Tool:
    """The tool that writes such headers; OTHER where none is recognised."""
    headers = [_header(column.texts[0]) if column.texts else "" for column in columns]
    known = {form for header in headers for form in (header, header.replace("_", " "))}
    qualtrics = len(known & QUALTRICS_CODES)
    lime = sum(header in LIME_WORDINGS or header.partition(". ")[0] in LIME_CODES for header in known)
    if header_rows == 3 or qualtrics >= 3:
        return QUALTRICS
    if known & MONKEY_COLUMNS and (header_rows == 2 or len(known & MONKEY_COLUMNS) > 1):
        return SURVEYMONKEY
    if lime >= 3:
        return LIMESURVEY
    if len(known & TIMES_OF_FORMS) >= 2:
        return MICROSOFT
    if headers and headers[0] in TIMES_OF_GOOGLE:
        return GOOGLE
    if header_rows == 2 and any(key(text) in FILLERS for column in columns for text in column.texts[1:]):
        return SURVEYMONKEY
    return OTHER


def about_respondent(column: Column, texts: Iterable[str], *, rated: bool = False) -> str:
    """
    Why the column is about the respondent and no question; empty where it is not.

    Parameters
    ----------
    texts : different texts that the column holds, without empty ones.
    rated : whether all of them look like ratings, so that a word in a question does not make it one about a person.
    """
    for form in dict.fromkeys(filter(None, (*column.texts, column.header))):
        header = _header(form)
        # "submitdate. Date submitted", as LimeSurvey writes code and wording together.
        for part in (header, header.partition(". ")[0], header.replace("_", " ")):
            if part in REASONS:
                return REASONS[part]
        for pattern, reason in PATTERNS:
            if pattern.search(header) and not (rated and reason in (CONTACT, PERSON, PLACE)):
                return reason
    held = list(texts)
    for pattern, reason in CONTENTS:
        if held and sum(bool(pattern.match(text)) for text in held) >= MOSTLY * len(held):
            return reason
    return ""


def identifies(text: str) -> bool:
    """Whether a text is an e-mail or IP address, which no group is called by."""
    return bool(EMAIL.match(text) or IP.match(text))


def _header(text: str) -> str:
    """A header to compare: no capitals, no punctuation at its ends, dots and underscores of R as they are."""
    return key(text).strip(" .:*?？：#\ufeff\"'")
