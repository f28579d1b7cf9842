"""What all lists have in common: read a file, plan, and carry the plan out as a whole or not at all."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from scoping.lists.columns import Column
from scoping.lists.plan import Action, Plan, messages
from scoping.lists.sources import ListFile, read_list
from scoping.models import Assessment
from scoping.services.scope import hold, note
from scoping.wording import listed, noun
from tables.writing import Cell, Table

AnyPlan = TypeVar("AnyPlan", bound=Plan)


class PlanChanged(Exception):
    """Somebody changed the list since the plan was shown; `plan` is what the file would do now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("The list has changed meanwhile.")
        self.plan = plan


@dataclass(frozen=True)
class Imported:
    """How many things are new, changed, and as they were; `repeated` rows said again what another one had said."""

    added: int
    changed: int
    unchanged: int
    repeated: int

    def __str__(self) -> str:
        parts = [f"{self.added:,} added"] * (self.added > 0) + [f"{self.changed:,} changed"] * (self.changed > 0)
        return listed(parts) or "nothing to change"


class ImportableList(ABC, Generic[AnyPlan]):
    """
    A list of one assessment, as a file can hold it.

    Attributes
    ----------
    noun : what one row is.
    recognised : how a row finds what it is about, and other rules of this list, for the page.
    """

    kind: ClassVar[str]
    noun: ClassVar[str]
    recognised: ClassVar[str]
    columns: ClassVar[Sequence[Column]]

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment

    @abstractmethod
    def plan(self, file: ListFile) -> AnyPlan:
        """What the file would change in the list as it is now."""

    @abstractmethod
    def store(self, plan: AnyPlan, by: User | None) -> None:
        """Does what the plan says; within a transaction that holds the assessment."""

    @abstractmethod
    def table(self) -> Table:
        """The list as a file that would change nothing."""

    def hold(self) -> None:
        self.assessment = hold(self.assessment)

    def explain(self, plan: AnyPlan) -> None:
        """Adds to the plan what is only worth its time when a person reads it."""

    def read(self, name: str, raw: bytes) -> ListFile:
        """
        The rows of an uploaded file.

        Raises
        ------
        SourceError
            It is not a table with these columns.
        """
        return read_list(name, raw, self.columns)

    def carry_out(self, file: ListFile, *, by: User | None = None, agreed: str | None = None) -> Imported:
        """
        Import the file: every row, or none.

        Parameters
        ----------
        agreed : the digest of the plan that somebody has seen; without one, whatever the plan is.

        Raises
        ------
        ValidationError
            With the problems of the file, the first hundred of them.
        PlanChanged
            The plan is not the one that was agreed to.
        """
        with transaction.atomic():
            self.hold()
            plan = self.plan(file)
            if agreed is not None and plan.digest != agreed:
                raise PlanChanged(plan)
            if plan.rows[Action.PROBLEM]:
                raise ValidationError(messages(plan.problems))
            numbers = {fact.name: fact.number for fact in plan.facts}
            imported = Imported(numbers["New"], numbers["Changed"], numbers["Unchanged"], plan.rows[Action.REPEAT])
            if imported.added or imported.changed:
                self.store(plan, by)
                note(self.assessment, by, f"imported {self.named()}: {imported}")
            return imported

    @property
    def shown_noun(self) -> str:
        """What one row is, in the language of the page."""
        return gettext(self.noun)

    def named(self) -> str:
        """The list in a sentence. The audit trail has this and numbers, and never what the rows hold."""
        return noun(2, self.noun)

    def template(self) -> Table:
        """The headers alone, to be filled in."""
        return self.table_of([])

    def table_of(self, rows: Iterable[Sequence[Cell]]) -> Table:
        header = [column.title for column in self.columns]
        return Table(f"{self.noun.capitalize()}s", header, [list(row) for row in rows])
