"""Exports of the shapes that LimeSurvey, Qualtrics, Google Forms, Microsoft Forms and SurveyMonkey write.

Each is made from the same answers, so that all of them must be read alike.
"""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import xlsxwriter

from tests.surveys.imports.files import csv_text

ISSUES = ("Climate change", "Water, waste & soil", "Fair wages", "Data privacy", "Business ethics", "Local communities")
GROUPS = ("Employee", "Management", "Supplier", "Customer", "Investor")
WORDS = ("Not at all important", "Slightly important", "Moderately important", "Very important", "Extremely important")
GERMAN = ("Gar nicht wichtig", "Weniger wichtig", "Teils/teils", "Wichtig", "Sehr wichtig")
CHINESE = ("非常不重要", "不重要", "一般", "重要", "非常重要")
QUESTION = "How important is each of these topics for our company?"
WHO = "Which of these best describes you?"
BEGAN = datetime(2026, 3, 2, 9, 30)

Cells = list[list[Any]]


@dataclass(frozen=True)
class Answer:
    """What one respondent thinks; 0 = cannot judge, None = not answered."""

    group: str
    ratings: tuple[int | None, ...]


@dataclass(frozen=True)
class Export:
    """A file's rows, headers first, and the tool's name."""

    tool: str
    rows: Cells
    header_rows: int = 1


def answers(respondents: int = 60, seed: int = 7) -> list[Answer]:
    """Everybody rates something, but not everything; the first rate everything, and so use every step."""
    draw = random.Random(seed)
    steps: list[int | None] = [1, 2, 3, 4, 5, 5, 0, None]
    made = []
    for number in range(respondents):
        ratings = [(number + at) % 5 + 1 if number < 5 else draw.choice(steps) for at in range(len(ISSUES))]
        ratings[number % len(ISSUES)] = ratings[number % len(ISSUES)] or 3
        made.append(Answer(GROUPS[number % len(GROUPS)], tuple(ratings)))
    return made


def told(rating: int | None, words: Sequence[str] | None, none: str) -> Any:
    if rating is None:
        return ""
    if rating == 0:
        return none
    return words[rating - 1] if words else rating


def qualtrics(given: Sequence[Answer], words: Sequence[str] | None = None) -> Export:
    about = {
        "StartDate": "Start Date", "EndDate": "End Date", "Status": "Response Type", "IPAddress": "IP Address",
        "Progress": "Progress", "Duration (in seconds)": "Duration (in seconds)", "Finished": "Finished",
        "RecordedDate": "Recorded Date", "ResponseId": "Response ID", "RecipientLastName": "Recipient Last Name",
        "RecipientFirstName": "Recipient First Name", "RecipientEmail": "Recipient Email",
        "LocationLatitude": "Location Latitude", "LocationLongitude": "Location Longitude",
        "DistributionChannel": "Distribution Channel", "UserLanguage": "User Language",
    }  # fmt: skip
    codes = [*about, "Q1", "Q1_6_TEXT", *(f"Q5_{at}" for at in range(1, 1 + len(ISSUES))), "Q6"]
    labels = [*about.values(), WHO, f"{WHO} - Other - Text", *(f"{QUESTION} - {issue}" for issue in ISSUES), "Comments"]
    rows: Cells = [codes, labels, [f'{{"ImportId":"QID{at}"}}' for at in range(len(codes))]]
    for number, answer in enumerate(given):
        began = BEGAN + timedelta(minutes=number)
        ended = began + timedelta(seconds=200 + number)
        person = [
            f"{began}", f"{ended}", "IP Address", f"192.0.2.{number % 250}", 100, 200 + number, "True", f"{ended}",
            f"R_{number:015d}", "Doe", "Jane", f"jane{number}@example.org", 47.1150971 + number, 7.2315979, "anonymous",
            "EN",
        ]  # fmt: skip
        ratings = [told(rating, words, "Don't know") for rating in answer.ratings]
        rows.append([*person, answer.group, "", *ratings, f"Thought {number}"])
    return Export("Qualtrics", rows, 3)


def limesurvey(given: Sequence[Answer], words: Sequence[str] | None = None, *, heading: str = "full") -> Export:
    about = {
        "id": "Response ID", "submitdate": "Date submitted", "lastpage": "Last page",
        "startlanguage": "Start language", "seed": "Seed", "startdate": "Date started",
        "datestamp": "Date last action", "ipaddr": "IP address", "refurl": "Referrer URL",
    }  # fmt: skip
    grid = [f"G1Q2[SQ{at:03d}]" for at in range(1, 1 + len(ISSUES))]
    asked = [f"{QUESTION} [{issue}]" for issue in ISSUES]
    if heading == "code":
        header = [*about, "G1Q1", "G1Q1[comment]", *grid, "interviewtime", "groupTime12"]
    elif heading == "both":
        header = [f"{code}. {text}" for code, text in about.items()]
        header += [f"G1Q1. {WHO}", f"G1Q1[comment]. {WHO} [Comment]"]
        header += [f"{code}. {text}" for code, text in zip(grid, asked, strict=True)]
        header += ["interviewtime. Total time", "groupTime12. Group time: Topics"]
    else:
        header = [*about.values(), WHO, f"{WHO} [Comment]", *asked, "Total time", "Group time: Topics"]
    rows: Cells = [header]
    for number, answer in enumerate(given):
        began = BEGAN + timedelta(minutes=number)
        person = [number + 1, f"{began}", 3, "en", 1_000_000 + number, f"{began}", f"{began}", "192.0.2.7", ""]
        ratings = [told(rating, words, "N/A") for rating in answer.ratings]
        rows.append([*person, answer.group, "", *ratings, 123.45 + number, 60.5])
    # Somebody who only opened the survey.
    rows.append([len(given) + 1, "", 0, "en", 99, f"{BEGAN}", f"{BEGAN}", "192.0.2.8", *[""] * (len(header) - 8)])
    return Export("LimeSurvey", rows)


def google_forms(given: Sequence[Answer], words: Sequence[str] | None = None, *, time: str = "Timestamp") -> Export:
    header = [time, "Email Address", WHO, *(f"{QUESTION} [{issue}]" for issue in ISSUES), "Anything else?"]
    rows: Cells = [header]
    for number, answer in enumerate(given):
        at = BEGAN + timedelta(minutes=number)
        ratings = [told(rating, words, "Don't know") for rating in answer.ratings]
        rows.append([f"{at:%m/%d/%Y %H:%M:%S}", f"p{number}@example.org", answer.group, *ratings, ""])
    return Export("Google Forms", rows)


def microsoft_forms(given: Sequence[Answer], words: Sequence[str] | None = None) -> Export:
    header = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Last modified time",
        WHO,
        *ISSUES,
        "Comments\xa0",
    ]
    rows: Cells = [header]
    for number, answer in enumerate(given):
        serial = 46083.3958333333 + number / 1440  # a moment as Excel stores it
        ratings = [told(rating, words, "N/A") for rating in answer.ratings]
        rows.append([number + 1, serial, serial + 0.0034722222, "anonymous", "", "", answer.group, *ratings, ""])
    return Export("Microsoft Forms", rows)


def surveymonkey(given: Sequence[Answer], words: Sequence[str] | None = None) -> Export:
    about = ["Respondent ID", "Collector ID", "Date Created", "Date Modified", "IP Address", "Email Address",
             "First Name", "Last Name", "Custom Data 1"]  # fmt: skip
    spans = [QUESTION, *[""] * (len(ISSUES) - 1)]
    rows: Cells = [
        [*about, WHO, "", *spans, "Anything else?"],
        [*[""] * len(about), "Response", "Other (please specify)", *ISSUES, "Open-Ended Response"],
    ]
    for number, answer in enumerate(given):
        at = f"{BEGAN + timedelta(minutes=number):%m/%d/%Y %I:%M:%S %p}"
        person = [
            f"{11_800_000_000 + number}",
            "401234567",
            at,
            at,
            "192.0.2.9",
            f"p{number}@example.org",
            "Jo",
            "Roe",
            "",
        ]
        ratings = [told(rating, words, "N/A") for rating in answer.ratings]
        rows.append([*person, answer.group, "", *ratings, f"Remark {number}" if number % 3 else ""])
    return Export("SurveyMonkey", rows, 2)


TOOLS: dict[str, Callable[..., Export]] = {
    "qualtrics": qualtrics,
    "limesurvey": limesurvey,
    "google": google_forms,
    "microsoft": microsoft_forms,
    "surveymonkey": surveymonkey,
}


def csv_of(export: Export, *, encoding: str = "utf-8", delimiter: str = ",", end: str = "\r\n") -> bytes:
    rows = [[str(cell) for cell in row] for row in export.rows]
    return csv_text(rows, delimiter=delimiter, end=end).encode(encoding)


def xlsx_of(export: Export) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Answers")
        for number, row in enumerate(export.rows):
            for column, cell in enumerate(row):
                if cell != "":
                    sheet.write(number, column, cell)
    return out.getvalue()


def file_of(export: Export, kind: str, **how: Any) -> tuple[str, bytes]:
    """Name and bytes of the file."""
    return (f"answers.{kind}", xlsx_of(export) if kind == "xlsx" else csv_of(export, **how))
