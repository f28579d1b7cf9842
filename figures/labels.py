"""Which label stands where: no label covers a label, a mark, a foreign leader or the frame.

The labels of marks around one spot begin in columns beside them (`columns`). Every other label takes its cheapest place
(`candidates`), or, where that is much dearer than it would be alone, the place of others, which then look again; a
label that was displaced is harder to displace next time. At last every label looks whether a better place has become
free. Everything is decided by costs and order: the same figure is laid out the same way every time.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from figures.candidates import (
    BESIDE,
    LEADER,
    LED,
    NOWHERE,
    SHORT_BESIDE,
    SHORTENED,
    STAGE_LEAST,
    Ground,
    Places,
    cast_rays,
    leader_costs,
    places_beside,
    places_led,
    wrap,
)
from figures.columns import Slot, fill_columns
from figures.geometry import Bools, Box, Dot, Floats, boxes_overlap, lines_cross, lines_meet_boxes
from figures.sheet import Integers, Rays, Sheet

LABEL_GAP = (5.0, 0.5)  # between labels, across and down
LEADER_ROOM = 2.0  # between a label and a foreign leader
CROSSING = 45.0
EJECTION = 40.0
# A free place that is dearer than the best one by this much is compared with places that displace others.
PATIENCE = 30.0
# So many of the cheapest places of a stage are tried by force, and so often may labels displace each other.
FORCED = 240
ROUNDS = 300
# A label as dear as BAD may trade places: so many are tried, so many others may have to move, so often in all.
BAD, UNPLACED = 45.0, 4 * SHORTENED
TRADES, MOST_MOVED, ALL_TRADES = 20, 4, 200
POLISHING = 3
# A label that costs less than this is well placed.
CONTENT = 4.5
STAGES = len(STAGE_LEAST)


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label on the plot: its box, where text is anchored (1 left, 0 middle, -1 right), and its leader."""

    lines: tuple[str, ...]
    box: Box
    anchor: int
    leader: tuple[Dot, Dot] | None
    shortened: bool
    cost: float


@dataclass(frozen=True, slots=True)
class _Found:
    """A place for a label, and the labels it displaces."""

    label: PlacedLabel
    displaces: tuple[int, ...] = ()

    @property
    def cost(self) -> float:
        return self.label.cost


def place_labels(names: Sequence[str], ground: Ground, rings: Sequence[Sequence[int]] = ()) -> list[PlacedLabel | None]:
    """A place for the name of every mark of `ground`; None for a name that fits nowhere.

    `rings` are marks that stand around one spot; their names begin in columns beside them.
    """
    return _Placing(names, ground).run(rings)


class _Placing:
    def __init__(self, names: Sequence[str], ground: Ground) -> None:
        self.ground = ground
        self.names = names
        self.count = len(names)
        self.ways = [wrap(name, self.count) for name in names]
        self.places: list[list[Places | None]] = [[None] * STAGES for _ in names]
        self.rays: list[Rays | None] = [None] * self.count
        self.boxes: Floats = np.full((self.count, 4), NOWHERE)
        self.leaders: Floats = np.full((self.count, 4), NOWHERE)
        self.costs: Floats = np.full(self.count, np.inf)
        self.chosen: list[PlacedLabel | None] = [None] * self.count
        self.trades = 0
        # Names of high rank hold their places more firmly.
        self.firmness: Floats = EJECTION * np.linspace(1.5, 1.0, self.count)
        self.labels = Sheet(ground.plot)  # the placed labels, which leaders may not cross

    def run(self, rings: Sequence[Sequence[int]]) -> list[PlacedLabel | None]:
        for members in rings:
            for slot in fill_columns(members, self.names, self.ground):
                self._take_slot(slot)
        # Who has the fewest places beside its mark chooses first.
        freedom = [len(self._places(number, BESIDE)) for number in range(self.count)]
        order = sorted(range(self.count), key=lambda number: (freedom[number], number))
        waiting = deque(number for number in order if self.chosen[number] is None)
        rounds = 0
        while waiting:
            rounds += 1
            number = waiting.popleft()
            found = self._free_place(number)
            if rounds < ROUNDS and self._regrets(number, found.cost if found else np.inf):
                forced = self._forced_place(number)
                if forced and (found is None or forced.cost < found.cost):
                    found = forced
            if found is None:
                continue
            for other in found.displaces:
                self._remove(other)
                self.firmness[other] += EJECTION
                waiting.append(other)
            self._take(number, found.label)
        for _ in range(POLISHING):
            moves = [self._improve(int(number)) for number in np.argsort(-self.costs, kind="stable")]
            trades = [self._trade(int(number)) for number in self._badly_placed()]
            if not any(moves) and not any(trades):
                break
        return self.chosen

    def _take_slot(self, slot: Slot) -> None:
        x, y = self.ground.centres[slot.number]
        away = np.array(slot.end) - (x, y)
        start = (x, y) + away / np.hypot(*away) * (self.ground.radii[slot.number] + 1.0)
        leader = np.array([[*start, *slot.end]])
        box = np.array([slot.box.as_tuple()])
        boxes, lines = (taken[self.boxes[:, 0] > NOWHERE] for taken in (self.boxes, self.leaders))
        if (
            boxes_overlap(box, boxes, LABEL_GAP).any()
            or lines_meet_boxes(leader, boxes, LEADER_ROOM).any()
            or lines_meet_boxes(lines, box, LEADER_ROOM).any()
        ):
            return
        cost = float(leader_costs(leader, self.ground)[0]) + (SHORTENED if slot.shortened else 0.0)
        ends = ((float(start[0]), float(start[1])), slot.end)
        self._take(slot.number, PlacedLabel(slot.lines, slot.box, slot.anchor, ends, slot.shortened, cost))

    def _places(self, number: int, stage: int) -> Places:
        known = self.places[number][stage]
        if known is None:
            ways = self.ways[number][stage >= SHORT_BESIDE]
            if stage in (BESIDE, SHORT_BESIDE):
                known = places_beside(number, ways, self.ground)
            else:
                known = places_led(number, ways, self.ground, self._rays(number))
            self.places[number][stage] = known
        return known

    def _rays(self, number: int) -> Rays:
        rays = self.rays[number]
        if rays is None:
            rays = self.rays[number] = cast_rays(number, self.ground)
        return rays

    def _regrets(self, number: int, cost: float) -> bool:
        """Whether a label would be much better placed than for `cost` if no other were in its way."""
        dreamt = [self._places(number, stage).costs[:1] for stage in (BESIDE, LED) if STAGE_LEAST[stage] < cost]
        return any(len(least) and cost - least[0] > PATIENCE for least in dreamt)

    def _free_place(self, number: int, below: float = np.inf) -> _Found | None:
        """The cheapest place that collides with no placed label and costs less than `below`."""
        best: _Found | None = None
        boxes = self.boxes[self.boxes[:, 0] > NOWHERE]
        lines = self.leaders[self.leaders[:, 0] > NOWHERE]
        free_until = None
        for stage in range(STAGES):
            if below <= STAGE_LEAST[stage]:
                break
            places = self._places(number, stage)
            part = np.arange(np.searchsorted(places.costs, below))
            led = stage not in (BESIDE, SHORT_BESIDE)
            if led:
                if free_until is None:
                    free_until = self._rays(number).free_until(self.labels)
                part = part[places.reaches[part] < free_until[places.rays[part]]]
            part = part[~boxes_overlap(places.boxes[part], boxes, LABEL_GAP).any(axis=1)]
            part = part[~lines_meet_boxes(lines, places.boxes[part], LEADER_ROOM).any(axis=0)]
            costs = places.costs[part]
            if led and len(lines):
                costs = costs + CROSSING * lines_cross(places.leaders[part], lines).sum(axis=1)
            for index in np.argsort(costs, kind="stable"):
                if costs[index] >= below:
                    break
                # Rays are looked at in steps: the leader chosen is looked at exactly.
                leader = places.leaders[part[index : index + 1]]
                if led and lines_meet_boxes(leader, boxes, LEADER_ROOM).any():
                    continue
                below = float(costs[index])
                best = _Found(self._as_label(number, stage, int(part[index]), below))
                break
        return best

    def _forced_place(self, number: int) -> _Found | None:
        """The place that costs least when what it displaces is counted in."""
        best: _Found | None = None
        weights = np.where(self.boxes[:, 0] > NOWHERE, self.firmness, 0.0)
        weights[number] = 0.0
        for stage in (BESIDE, LED):
            places = self._places(number, stage)
            if not len(places):
                continue
            meets = self._collisions(places, slice(0, FORCED))
            costs = places.costs[:FORCED] + meets @ weights
            costs += CROSSING * lines_cross(places.leaders[:FORCED], self.leaders).sum(axis=1)
            index = int(np.argmin(costs))
            if best is None or costs[index] < best.cost:
                displaced = tuple(int(other) for other in np.flatnonzero(meets[index] & (weights > 0)))
                best = _Found(self._as_label(number, stage, index, float(costs[index])), displaced)
        return best

    def _badly_placed(self) -> list[int]:
        """Labels that may trade: the worst first, and of those the highest rank."""
        urgency = np.where(np.isfinite(self.costs), self.costs, UNPLACED) + np.linspace(UNPLACED, 0.0, self.count) / 4
        order = (int(number) for number in np.argsort(-urgency, kind="stable") if self.costs[number] >= BAD)
        return [number for number in order if self._regrets(number, self.costs[number])]

    def _trade(self, number: int) -> bool:
        """Give a badly placed label a better place, if those in its way find others and all together gain."""
        before = self.chosen[number]
        now = before.cost if before else UNPLACED
        if before:
            self._remove(number)
        for offer in self._offers(number, now)[:TRADES]:
            if self.trades >= ALL_TRADES:
                break
            self.trades += 1
            if self._accept(number, offer, now):
                return True
        if before:
            self._take(number, before)
        return False

    def _offers(self, number: int, now: float) -> list[_Found]:
        """Places that are worth it even if what they displace has to take a leader; the best first."""
        placed = self.boxes[:, 0] > NOWHERE
        offers: list[tuple[float, _Found]] = []
        for stage in (BESIDE, LED):
            places = self._places(number, stage)
            part = slice(0, min(int(np.searchsorted(places.costs, now)), FORCED))
            if not part.stop:
                continue
            meets = self._collisions(places, part) & placed
            costs = places.costs[part] + CROSSING * lines_cross(places.leaders[part], self.leaders).sum(axis=1)
            moving = meets.sum(axis=1)
            worth = np.where(moving <= MOST_MOVED, costs + moving * LEADER, np.inf)
            for index in np.argsort(worth, kind="stable")[:TRADES]:
                if worth[index] < now:
                    displaced = tuple(int(other) for other in np.flatnonzero(meets[index]))
                    label = self._as_label(number, stage, int(index), float(costs[index]))
                    offers.append((float(worth[index]), _Found(label, displaced)))
        return [offer for _, offer in sorted(offers, key=lambda offer: offer[0])]

    def _accept(self, number: int, offer: _Found, now: float) -> bool:
        """Make the trade if the sum of costs falls once those displaced have looked again; else leave all as it was."""
        # Who was worst placed looks first.
        displaced = sorted(offer.displaces, key=lambda other: (-self.costs[other], other))
        before = [(other, label) for other in displaced if (label := self.chosen[other])]
        left = now - offer.cost + sum(label.cost for _, label in before) - 1.0
        for other in displaced:
            self._remove(other)
        self._take(number, offer.label)
        moved = [number]
        for other in displaced:
            found = self._free_place(other, left)
            if found is None:
                break
            self._take(other, found.label)
            moved.append(other)
            left -= found.cost
        else:
            return True
        for other in moved:
            self._remove(other)
        for other, label in before:
            self._take(other, label)
        return False

    def _collisions(self, places: Places, part: "Integers | slice") -> Bools:
        """Which labels each of the places would collide with, placed or not: a (k, n) table."""
        boxes, leaders = places.boxes[part], places.leaders[part]
        meets = boxes_overlap(boxes, self.boxes, LABEL_GAP)
        meets |= lines_meet_boxes(leaders, self.boxes, LEADER_ROOM)
        meets |= lines_meet_boxes(self.leaders, boxes, LEADER_ROOM).T
        return meets

    def _as_label(self, number: int, stage: int, index: int, cost: float) -> PlacedLabel:
        places = self._places(number, stage)
        way = self.ways[number][stage >= SHORT_BESIDE][places.wraps[index]]
        line = [float(value) for value in places.leaders[index]]
        return PlacedLabel(
            lines=way.lines,
            box=Box(*(float(value) for value in places.boxes[index])),
            anchor=int(places.anchors[index]),
            leader=None if line[0] <= NOWHERE else ((line[0], line[1]), (line[2], line[3])),
            shortened=way.shortened,
            cost=cost,
        )

    def _take(self, number: int, label: PlacedLabel) -> None:
        self.boxes[number] = label.box.as_tuple()
        self.leaders[number] = NOWHERE if label.leader is None else [*label.leader[0], *label.leader[1]]
        self.costs[number] = label.cost
        self.chosen[number] = label
        self._write(number, 1)

    def _remove(self, number: int) -> None:
        self._write(number, -1)
        self.boxes[number] = NOWHERE
        self.leaders[number] = NOWHERE
        self.costs[number] = np.inf
        self.chosen[number] = None

    def _write(self, number: int, by: int) -> None:
        left, top, right, bottom = self.boxes[number]
        self.labels.mark_box((left - LEADER_ROOM, top - LEADER_ROOM, right + LEADER_ROOM, bottom + LEADER_ROOM), by)

    def _improve(self, number: int) -> bool:
        """Move a label to a cheaper place that has become free."""
        before = self.chosen[number]
        below = np.inf
        if before is not None:
            if before.cost < CONTENT:
                return False
            self._remove(number)
            below = before.cost
        found = self._free_place(number, below - 0.5)
        label = found.label if found else before
        if label:
            self._take(number, label)
        return found is not None
