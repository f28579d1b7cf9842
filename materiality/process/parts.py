"""What a stage is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One thing that is done, as a label and what it amounts to."""

    label: str
    value: str


@dataclass(frozen=True)
class Next:
    """The one next step of a stage, and the page where it is taken."""

    text: str
    page: str
    stage: str = ""
