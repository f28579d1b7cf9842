"""A large recount in pieces, so that several workers count at once. PostgreSQL only.

The recount that holds the questionnaire's lock exports the snapshot of its transaction, writes a row for each piece
of the table and asks for help. Whoever takes a row counts those pages as the snapshot saw them. The recount takes
rows itself, adds up what others have counted, and counts again what somebody has taken and does not finish. So it
ends without any help, and a helper that dies costs a moment.

What a piece comes to does not depend on who counts it or how often: no fence is needed, a result is written where
there is none yet. If the recount itself dies, its snapshot ends with it. Helpers notice and stop, and the next attempt
begins with new pieces: nothing of the old ones is ever put anywhere.
"""

import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from jobs.services import enqueue
from surveys import rows
from surveys.counting import Counter
from surveys.models import Questionnaire, RecountPiece, Survey
from surveys.rows import GroupKey, Packed, SnapshotGone
from surveys.services.folding import Progress, scale_of
from surveys.tally import Tally

HELP = "surveys.help_recount"
STEP = "Helping to count every answer afresh"
# Below so many bytes of ratings one process is done before another has begun: 1.6 million answers to 40 issues.
WORTH_DIVIDING = 64 * 2**20
# 32 MB of the table, about 0.1 s of work: of two workers that finish together neither waits long for the other.
PAGES = 4096
# So long a piece that somebody else has taken is waited for, once there is nothing else to do.
PATIENCE_SECONDS = 2.0
LOOK_SECONDS = 0.01
# What a recount that was killed has left behind, if none came after it.
FORGET_AFTER = timedelta(days=1)

Totals = dict[GroupKey, Tally]
_ENTRY = struct.Struct("<q?q")


def worth_dividing(*, expected: int, items: int) -> bool:
    """Whether a recount of about so many answers is divided."""
    return connection.vendor == "postgresql" and expected * items >= WORTH_DIVIDING


def count_in_pieces(*, questionnaire: Questionnaire, items: int, expected: int, tell: Callable[[int], None]) -> Totals:
    """Count every tallied answer that is not excluded, with the help of whoever has time.

    Parameters
    ----------
    questionnaire : from `locked_questionnaire`, in the caller's transaction.
    expected : about how many answers there are.
    tell : is told how many are counted, from another connection than the caller's.
    """
    snapshot, pages = rows.export_snapshot(), rows.table_pages()
    # The caller's transaction only holds lock and snapshot meanwhile. What others must see goes by another connection,
    # and Django has one for each thread.
    with ThreadPoolExecutor(1, "recount") as beside:
        whole = _Whole(questionnaire, items, snapshot, pages, expected, tell)
        return beside.submit(whole.count).result()


class _Whole:
    """One recount in pieces, from the side that holds the lock."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        items: int,
        snapshot: str,
        pages: int,
        expected: int,
        tell: Callable[[int], None],
    ) -> None:
        self.questionnaire, self.items, self.snapshot = questionnaire, items, snapshot
        self.pages, self.expected, self.tell = pages, expected, tell
        self.counter = Counter(items, scale_of(questionnaire))
        self.counted = 0
        self.left = RecountPiece.objects.filter(questionnaire=questionnaire)

    def count(self) -> Totals:
        try:
            self.left.delete()
            self._divide()
            while piece := _take(self.questionnaire.pk, self.snapshot):
                self._count(piece)
            while waiting := self.left.order_by("taken_at", "pk").first():
                self._add_up(waiting)
            return self.counter.totals()
        finally:
            self.left.delete()
            connection.close()

    def _divide(self) -> None:
        RecountPiece.objects.bulk_create(
            RecountPiece(
                questionnaire=self.questionnaire,
                snapshot=self.snapshot,
                first_page=first,
                end_page=min(first + PAGES, self.pages),
            )
            for first in range(0, self.pages, PAGES)
        )
        ask_for_help(self.questionnaire, self.snapshot)

    def _count(self, piece: RecountPiece) -> None:
        with rows.as_of(self.snapshot):
            for packed in _answers_of(piece, self.items):
                self.counter.add(packed)
        self._done(piece)

    def _add_up(self, piece: RecountPiece) -> None:
        """Take over what a helper has counted; after a while without, count it here."""
        patience = time.monotonic() + PATIENCE_SECONDS
        while piece.tallies is None and time.monotonic() < patience:
            time.sleep(LOOK_SECONDS)
            piece.refresh_from_db()
        if piece.tallies is None:
            self._count(piece)
            return
        self.counter.merge(_unpacked(bytes(piece.tallies)))
        self._done(piece)

    def _done(self, piece: RecountPiece) -> None:
        piece.delete()
        self.counted += piece.end_page - piece.first_page
        others = self.left.exclude(tallies=None).values_list("first_page", "end_page")
        by_others = sum(end - first for first, end in others)
        self.tell(self.expected * (self.counted + by_others) // self.pages)


def ask_for_help(questionnaire: Questionnaire, snapshot: str) -> None:
    """Ring for one more worker. One that finds pieces left rings for the next, so that all come who have time."""
    assessment = questionnaire.survey.assessment
    enqueue(
        kind=HELP,
        organisation=assessment.organisation,
        subject=assessment.slug,
        arguments={"survey": questionnaire.survey_id, "questionnaire": questionnaire.pk, "snapshot": snapshot},
        key=f"{HELP}:{questionnaire.pk}:{snapshot}",
    )


def help_recount(*, survey: Survey, questionnaire_id: int, snapshot: str, progress: Progress) -> int:
    """Count pieces of a recount until none is left or the recount has ended. Returns how many were counted.

    What is wrong with answers is the recount's to say: it meets them itself.
    """
    questionnaire = survey.questionnaires.filter(pk=questionnaire_id).first()
    if questionnaire is None:
        return 0
    items, scale = questionnaire.items.count(), scale_of(questionnaire)
    counted = 0
    while piece := _take(questionnaire_id, snapshot):
        if not counted:
            ask_for_help(questionnaire, snapshot)
        counter = Counter(items, scale)
        try:
            with rows.as_of(snapshot):
                for packed in _answers_of(piece, items):
                    counter.add(packed)
            tallies = _packed(counter.totals())
        except (SnapshotGone, ValueError):
            break
        RecountPiece.objects.filter(pk=piece.pk, tallies=None).update(tallies=tallies)
        counted += 1
        progress(counted, counted, STEP)
    return counted


def forget_lost_pieces() -> None:
    """Delete pieces that a recount left behind which was killed and never tried again."""
    RecountPiece.objects.filter(made_at__lt=timezone.now() - FORGET_AFTER).delete()


def _take(questionnaire_id: int, snapshot: str) -> RecountPiece | None:
    """A piece that nobody else has taken, or None."""
    free = RecountPiece.objects.filter(questionnaire=questionnaire_id, snapshot=snapshot, taken_at=None)
    with transaction.atomic():
        piece = free.select_for_update(skip_locked=True).order_by("pk").first()
        if piece:
            piece.taken_at = timezone.now()
            piece.save(update_fields=["taken_at"])
        return piece


def _answers_of(piece: RecountPiece, items: int) -> Iterator[Packed]:
    return rows.tallied_on_pages(
        questionnaire_id=piece.questionnaire_id, items=items, first=piece.first_page, end=piece.end_page
    )


def _packed(totals: Totals) -> bytes:
    """Tallies one after the other, each behind its group, whether it is simulated, and its length."""
    entries = ((key, tally.to_bytes()) for key, tally in totals.items())
    return b"".join(_ENTRY.pack(*key, len(packed)) + packed for key, packed in entries)


def _unpacked(packed: bytes) -> Totals:
    totals: Totals = {}
    at = 0
    while at < len(packed):
        group_id, simulated, length = _ENTRY.unpack_from(packed, at)
        at += _ENTRY.size
        totals[group_id, simulated] = Tally.from_bytes(packed[at : at + length])
        at += length
    return totals
