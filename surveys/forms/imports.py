"""What the working group says about a file of answers: the file itself, and what becomes of its columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from scoping.forms.base import ScopingForm
from surveys.imports.columns import MAX_ISSUE_NAME
from surveys.imports.detection import Detected, answers_in, speaks_for_company
from surveys.imports.draft import Draft, labels_for
from surveys.imports.mapping import HIGHEST, LOWEST
from surveys.imports.plan import MAX_GROUP_NAME, MAX_GROUPS
from surveys.imports.scales import is_no_answer, rating_number, read_number
from surveys.imports.source import Table
from surveys.imports.tools import identifies
from surveys.imports.uploads import LONGEST_MAPPING, PAGE_LIMITS
from tables.names import key, plain, tidy

# What a column becomes, what a word becomes besides a rating, and the sides of a group.
ISSUE, GROUP, OUT = "issue", "group", "out"
NO_RATING = "none"
INTERNAL, EXTERNAL = "internal", "external"
SAMPLES, SAMPLE_ROWS = 4, 500
# More different answers than this are no ratings.
MOST_WORDS = 60
MOST_TEXTS = max(MOST_WORDS, MAX_GROUPS) + 1
# The longest scale that a drop-down offers.
MOST_STEPS = 21


class AnswersForm(ScopingForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
        error_messages={
            "required": gettext_lazy("Choose the file with the answers first."),
            "empty": gettext_lazy("The file is empty. Choose one with answers in it."),
            "max_length": gettext_lazy("The name of the file is too long. Give it a shorter one."),
        },
        max_length=200,
    )
    mapping = forms.FileField(
        label="MAP.toml",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".toml"}),
        help_text=gettext_lazy(
            "What the columns mean, if you have that from an earlier import. Else the columns are recognised."
        ),
        error_messages={"empty": gettext_lazy("The mapping is empty. Choose another, or none.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("CSV or Excel (.xlsx), at most %(size)d MB and %(rows)s rows.") % {
            "size": PAGE_LIMITS.bytes // 1_000_000,
            "rows": f"{PAGE_LIMITS.rows:,}",
        }

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > PAGE_LIMITS.bytes:
            raise ValidationError(
                _(
                    "%(file)s has %(size)s MB, and at most %(most)s MB are read here. Split it and import the parts, "
                    "leave out columns of free text, or ask who runs this server to import it with the command "
                    "import_responses, which reads larger files."
                )
                % {
                    "file": file.name,
                    "size": f"{(file.size or 0) / 1e6:,.0f}",
                    "most": f"{PAGE_LIMITS.bytes / 1e6:,.0f}",
                }
            )
        return file

    def clean_mapping(self) -> str | None:
        file: UploadedFile | None = self.cleaned_data.get("mapping")
        if file is None:
            return None
        if (file.size or 0) > LONGEST_MAPPING:
            raise ValidationError(
                _("%(file)s is too large for a mapping. Was it meant as the file with the answers?")
                % {"file": file.name}
            )
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(_("%(file)s: a mapping must be saved as UTF-8.") % {"file": file.name}) from error


class NewFromFileForm(AnswersForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the assessment"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give the assessment a name.")},
    )
    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        help_text=gettext_lazy("Whose issues are assessed."),
        error_messages={"required": gettext_lazy("Name the company.")},
    )
    reporting_period = forms.CharField(
        label=gettext_lazy("Reporting period"),
        max_length=60,
        help_text=gettext_lazy("Such as 2026, or FY2026 (April to March)."),
        error_messages={"required": gettext_lazy("Name the period that the result is for.")},
    )
    field_order = ("file", "mapping", "name", "company", "reporting_period")

    @classmethod
    def usual_for(cls, organisation: Organisation) -> dict[str, str]:
        return {"company": organisation.name, "reporting_period": str(timezone.localdate().year)}


@dataclass
class ColumnChoice:
    """A column of the file and what becomes of it. `about`: why it is never stored."""

    index: int
    letters: str
    header: str
    samples: Sequence[str]
    about: str
    role: str = OUT
    issue: str = ""
    error: str = ""


@dataclass
class GroupChoice:
    """An answer to who somebody is, and the group that it means; an empty name leaves its respondents out."""

    text: str
    times: int
    name: str
    side: str
    error: str = ""


@dataclass
class WordChoice:
    """An answer to how important an issue is; `becomes` is a rating, NO_RATING, or empty as long as nobody said."""

    text: str
    times: int
    becomes: str
    error: str = ""


@dataclass
class MappingForm:
    """The mapping page: filled in from a draft, or from what was sent.

    Attributes
    ----------
    known_issues, known_groups : names that the assessment has.
    may_add : whether others can still be added to it.
    fixed_scale : the scale of the survey, once it was opened.
    """

    table: Table
    detected: Detected
    draft: Draft
    known_issues: Sequence[str]
    known_groups: Mapping[str, str]
    may_add: bool
    fixed_scale: bool
    errors: list[str] = field(default_factory=list)
    asks_again: str = ""
    columns: list[ColumnChoice] = field(default_factory=list)
    groups: list[GroupChoice] = field(default_factory=list)
    words: list[WordChoice] = field(default_factory=list)
    _held: dict[int, Mapping[str, int]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        samples: list[dict[str, None]] = [{} for _column in self.table.columns]
        for row in islice(self.table.rows(), SAMPLE_ROWS):
            for texts, cell in zip(samples, row.cells, strict=True):
                if cell and len(texts) < SAMPLES:
                    texts.setdefault(plain(cell))
        about = self.detected.left_out
        for column, texts in zip(self.table.columns, samples, strict=True):
            index = column.index
            role = ISSUE if index in self.draft.items else GROUP if index == self.draft.group_column else OUT
            reason = about.get(index, "") if role == OUT else ""
            self.columns.append(
                ColumnChoice(
                    index, column.letters, column.header, () if reason else tuple(texts), reason, role,
                    self.draft.items.get(index, ""),
                )
            )  # fmt: skip
        # The group's answers too are counted while the file is read for the issues'.
        self._answers_in([*self.draft.items, *([] if self.draft.group_column is None else [self.draft.group_column])])
        self._fill_groups({}, {})
        self._fill_words({})

    @property
    def choosable(self) -> list[ColumnChoice]:
        return [column for column in self.columns if not column.about]

    @property
    def never_stored(self) -> list[ColumnChoice]:
        return [column for column in self.columns if column.about]

    @property
    def steps(self) -> range:
        low, high = self.draft.scale
        return range(low, min(high, low + MOST_STEPS - 1) + 1)

    def fill(self, data: QueryDict) -> bool:
        """Take over what was sent; whether it is a mapping to go on with."""
        self.errors.clear()
        self._take_columns(data)
        scale = self._scale(data)
        said_group = data.get("group_name", "")
        self.draft = replace(
            self.draft,
            items={column.index: column.issue for column in self.columns if column.role == ISSUE},
            group_column=next((column.index for column in self.columns if column.role == GROUP), None),
            group_name=tidy(said_group)[:MAX_GROUP_NAME],
            unstated=tidy(data.get("unstated", ""))[:MAX_GROUP_NAME],
            scale=scale,
        )
        names = _sent(data, "said", "name")
        sides = _sent(data, "said", "side")
        becomes = _sent(data, "word", "becomes")
        self._fill_groups(names, sides)
        self._fill_words(becomes)
        self._check_columns()
        self._check_groups(names, data)
        self._check_words(becomes)
        if self.errors or self.asks_again:
            return False
        self.draft = self._decided(data)
        return True

    # --- taking over ------------------------------------------------------------------------------------------
    def _take_columns(self, data: QueryDict) -> None:
        for column in self.choosable:
            role = data.get(f"column-{column.index}", OUT)
            column.role = role if role in (ISSUE, GROUP, OUT) else OUT
            column.issue = tidy(data.get(f"issue-{column.index}", ""))
            column.error = ""

    def _scale(self, data: QueryDict) -> tuple[int, int]:
        if self.fixed_scale:
            return self.draft.scale
        ends = [data.get(name, "").strip() for name in ("low", "high")]
        if not all(end.isdecimal() and len(end) < 4 for end in ends):
            self.errors.append(_("Scale: give its lowest and its highest rating as whole numbers, such as 1 and 5."))
            return self.draft.scale
        low, high = map(int, ends)
        if not LOWEST <= low < high <= min(HIGHEST, low + MOST_STEPS - 1):
            self.errors.append(
                _(
                    "Scale: %(low)d to %(high)d does not work. It starts at %(lowest)d or higher and has 2 to %(most)d "
                    "steps; where answers begin with 0, say below that they become 1."
                )
                % {"low": low, "high": high, "lowest": LOWEST, "most": MOST_STEPS}
            )
            return self.draft.scale
        return low, high

    def _fill_groups(self, names: Mapping[str, str], sides: Mapping[str, str]) -> None:
        self.groups = []
        if self.draft.group_column is None:
            return
        internal = set(map(key, self.draft.internal))
        meant = {key(text): name for text, name in self.draft.group_names.items()}
        for text, times in _counted(self._answers_in([self.draft.group_column])[self.draft.group_column]):
            usual = "" if is_no_answer(text) else meant.get(key(text), text)
            name = tidy(names.get(key(text), usual))
            side = INTERNAL if key(name) in internal or (not self.draft.internal and speaks_for_company(name)) else ""
            side = self.known_groups.get(key(name)) or sides.get(key(text)) or side or EXTERNAL
            self.groups.append(GroupChoice(text, times, name, side if side == INTERNAL else EXTERNAL))

    def _fill_words(self, becomes: Mapping[str, str]) -> None:
        times: dict[str, int] = {}
        for held in self._answers_in(self.draft.items).values():
            for text, count in held.items():
                times[text] = times.get(text, 0) + count
        labels = {key(text): rating for text, rating in self.draft.labels.items()}
        empty = set(map(key, self.draft.no_answer))
        self.words = []
        for text, count in _counted(times):
            number = read_number(key(text), labels, self.draft.scale)
            low, high = self.draft.scale
            usual = str(number) if number is not None and low <= number <= high else ""
            if key(text) in empty or (not usual and is_no_answer(text)):
                usual = NO_RATING
            self.words.append(WordChoice(text, count, becomes.get(key(text), usual)))
        self.words.sort(key=lambda word: -int(word.becomes) if word.becomes.isdecimal() else 0)

    def _answers_in(self, columns: Iterable[int]) -> Mapping[int, Mapping[str, int]]:
        """How often each text stands in the columns. The file is read once for all that were not asked for before."""
        wanted = list(columns)
        unread = [column for column in wanted if column not in self._held]
        self._held.update(answers_in(self.table, unread, most=MOST_TEXTS))
        return {column: self._held[column] for column in wanted}

    # --- checking ---------------------------------------------------------------------------------------------
    def _check_columns(self) -> None:
        groups = [column for column in self.columns if column.role == GROUP]
        for column in groups[1:]:
            column.error = _("Column %(letters)s says already who a respondent is: choose one of the two.") % {
                "letters": groups[0].letters
            }
        known = set(map(key, self.known_issues))
        first: dict[str, str] = {}
        for column in self.columns:
            if column.role != ISSUE:
                continue
            if not column.issue:
                column.error = _("Name the issue that this column rates, or leave the column out.")
            elif len(column.issue) > MAX_ISSUE_NAME:
                column.error = _("The name of an issue has at most %(most)d characters. Shorten it.") % {
                    "most": MAX_ISSUE_NAME
                }
            elif not self.may_add and key(column.issue) not in known:
                column.error = _("The survey does not ask about this issue. Choose one of its issues, or leave it out.")
            elif first.setdefault(key(column.issue), column.letters) != column.letters:
                column.error = _("Column %(letters)s rates this issue already. Leave one of the two out.") % {
                    "letters": first[key(column.issue)]
                }
        if not any(column.role == ISSUE for column in self.columns):
            self.errors.append(_("Columns: say of at least one that it rates an issue."))
        self.errors += [
            _("Column %(letters)s: %(error)s") % {"letters": column.letters, "error": column.error}
            for column in self.columns
            if column.error
        ]

    def _check_groups(self, names: Mapping[str, str], data: QueryDict) -> None:
        if self.draft.group_column is None:
            self._check_group(_("Group of all respondents"), tidy(data.get("group_name", "")), required=True)
            return
        if len(self.groups) > MAX_GROUPS:
            column = self.table.columns[self.draft.group_column]
            self.errors.append(
                _(
                    "Column %(letters)s holds more than %(most)d different texts, so it does not say of which "
                    "group somebody is. Choose another column, or one group for everybody."
                )
                % {"letters": column.letters, "most": MAX_GROUPS}
            )
            self.groups = []
            return
        for group in self.groups:
            group.error = self._check_group(f"“{group.text}”", group.name)
        if self.draft.unstated:
            self._check_group(_("Group of those who did not say"), self.draft.unstated)
        if any(key(group.text) not in names for group in self.groups):
            self.asks_again = "groups"

    def _check_group(self, place: str, name: str, *, required: bool = False) -> str:
        error = ""
        if not name:
            error = _("Give the group a name.") if required else ""
        elif len(name) > MAX_GROUP_NAME:
            error = _("The name of a group has at most %(most)d characters. Shorten it.") % {"most": MAX_GROUP_NAME}
        elif identifies(name):
            error = _("This is the address of a person or a device and no group. Choose another column.")
        elif not self.may_add and key(name) not in self.known_groups:
            error = _("The assessment has no such group. Choose one of its groups, or none to leave these people out.")
        if error:
            self.errors.append(_("%(place)s: %(error)s") % {"place": place, "error": error})
        return error

    def _check_words(self, becomes: Mapping[str, str]) -> None:
        if len(self.words) > MOST_WORDS:
            self.errors.append(
                _(
                    "Answers: the chosen columns hold more than %(most)d different answers, so not all of them are "
                    "ratings. Leave out the columns of free text and numbers."
                )
                % {"most": MOST_WORDS}
            )
            self.words = []
            return
        allowed = {NO_RATING, *map(str, self.steps)}
        for word in self.words:
            if key(word.text) not in becomes and (not word.becomes or rating_number(key(word.text)) is None):
                self.asks_again = self.asks_again or "answers"
            elif word.becomes not in allowed:
                word.error = _("Choose the rating that this answer is, or that it is none.")
                self.errors.append(_("%(place)s: %(error)s") % {"place": f"“{word.text}”", "error": word.error})

    def _decided(self, data: QueryDict) -> Draft:
        named = {group.text: group.name for group in self.groups if key(group.name) != key(group.text)}
        internal = [group.name for group in self.groups if group.side == INTERNAL and group.name]
        if self.draft.group_column is None and data.get("group_side") == INTERNAL:
            internal = [self.draft.group_name]
        ratings = {word.text: int(word.becomes) for word in self.words if word.becomes != NO_RATING}
        no_answer = tuple(word.text for word in self.words if word.becomes == NO_RATING)
        return replace(
            self.draft,
            group_names=named,
            internal=tuple({key(name): name for name in internal}.values()),
            labels=labels_for(self.draft, ratings, no_answer),
            no_answer=no_answer,
        )


def _counted(times: Mapping[str, int]) -> list[tuple[str, int]]:
    """Texts that differ in capitals only as one, the most frequent first."""
    first: dict[str, str] = {}
    total: dict[str, int] = {}
    for text, count in times.items():
        first.setdefault(key(text), text)
        total[key(text)] = total.get(key(text), 0) + count
    return sorted(((first[name], count) for name, count in total.items()), key=lambda one: -one[1])


def _sent(data: QueryDict, what: str, name: str) -> dict[str, str]:
    """What was said of each text, by its key: the texts come along, since the page may show others than before."""
    told = {}
    for number in range(max(MAX_GROUPS, MOST_WORDS) + 1):
        text = data.get(f"{what}-{number}")
        if text is not None:
            told[key(text)] = data.get(f"{what}-{number}-{name}", "")
    return told
