"""Which label stands where: no label covers a label, a mark, a foreign leader or the frame.

Each label takes its cheapest place (see `candidates`). Where none is free, it takes the place that displaces the least,
and what it displaced looks again; a label that was displaced is harder to displace next time. Then every label looks
once more whether a better place has become free. Everything is decided by costs and order: the same figure is laid out
the same way every time.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from materiality.figures.candidates import (
    BESIDE,
    LEADER,
    LED,
    NOWHERE,
    SHORT_BESIDE,
    STAGE_LEAST,
    Ground,
    Places,
    cast_rays,
    places_beside,
    places_led,
    wrap,
)
from materiality.figures.geometry import Bools, Box, Dot, Floats, boxes_overlap, lines_cross, lines_meet_boxes
from materiality.figures.sheet import Integers, Rays, Sheet

LABEL_GAP = (5.0, 0.5)  # between labels, across and down
LEADER_ROOM = 2.0  # between a label and a foreign leader
CROSSING = 45.0
EJECTION = 25.0
# A free place that is dearer than the best one by this much is compared with places that displace others.
PATIENCE = 30.0
# So many of the cheapest places of a stage are tried by force, and so often on average may a label look.
FORCED = 96
ROUNDS_PER_LABEL = 4
# Labels that cost more than BAD trade places: so many of the best places are tried, each displacing so many at most.
BAD, UNPLACED = 55.0, 400.0
TRADE_AMONG, TRADES, MOST_TRADED = 400, 10, 3
POLISHING = 2
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


@dataclass(frozen=True, slots=True)
class _Found:
    """A place of a stage, what it costs, and the labels it displaces."""

    stage: int
    index: int
    cost: float
    displaces: tuple[int, ...] = ()


def place_labels(names: Sequence[str], ground: Ground) -> list[PlacedLabel | None]:
    """A place for the name of every mark of `ground`; None for a name that fits nowhere."""
    return _Placing(names, ground).run()


class _Placing:
    def __init__(self, names: Sequence[str], ground: Ground) -> None:
        self.ground = ground
        self.count = len(names)
        self.ways = [wrap(name, self.count) for name in names]
        self.places: list[list[Places | None]] = [[None] * STAGES for _ in names]
        self.rays: list[Rays | None] = [None] * self.count
        self.boxes: Floats = np.full((self.count, 4), NOWHERE)
        self.leaders: Floats = np.full((self.count, 4), NOWHERE)
        self.costs: Floats = np.full(self.count, np.inf)
        self.chosen: list[_Found | None] = [None] * self.count
        self.ejected: Floats = np.zeros(self.count)
        self.labels = Sheet(ground.plot)  # boxes of placed labels: leaders may not cross them
        self.written = Sheet(ground.plot)  # and their leaders too: labels may not cover them

    def run(self) -> list[PlacedLabel | None]:
        # Who has the fewest places beside its mark chooses first.
        freedom = [len(self._places(number, BESIDE)) for number in range(self.count)]
        waiting = deque(sorted(range(self.count), key=lambda number: (freedom[number], number)))
        rounds = 0
        while waiting:
            rounds += 1
            number = waiting.popleft()
            found = self._free_place(number)
            if rounds < ROUNDS_PER_LABEL * self.count and self._regrets(number, found):
                forced = self._forced_place(number)
                if forced and (found is None or forced.cost < found.cost):
                    found = forced
            if found is None:
                continue
            for other in found.displaces:
                self._remove(other)
                self.ejected[other] += 1
                waiting.append(other)
            self._take(number, found)
        for _ in range(POLISHING):
            for number in np.argsort(-self.costs, kind="stable"):
                self._improve(int(number))
            for number in np.argsort(-self.costs, kind="stable"):
                if self.costs[number] > BAD:
                    self._trade(int(number))
        return [self._label(number) for number in range(self.count)]

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

    def _regrets(self, number: int, found: _Found | None) -> bool:
        """Whether a label would be much better placed if no other were in its way."""
        if found is None:
            return True
        dreamt = [self._places(number, stage).costs[:1] for stage in (BESIDE, LED) if STAGE_LEAST[stage] < found.cost]
        return any(len(cost) and found.cost - cost[0] > PATIENCE for cost in dreamt)

    def _rays(self, number: int) -> Rays:
        rays = self.rays[number]
        if rays is None:
            rays = self.rays[number] = cast_rays(number, self.ground)
        return rays

    def _free_place(self, number: int, below: float = np.inf) -> _Found | None:
        """The cheapest place that collides with no placed label and costs less than `below`."""
        best: _Found | None = None
        lines = self.leaders[self.leaders[:, 0] > NOWHERE]
        free_until = None
        for stage in range(STAGES):
            if below <= STAGE_LEAST[stage]:
                break
            places = self._places(number, stage)
            part = np.arange(np.searchsorted(places.costs, below))
            if stage in (BESIDE, SHORT_BESIDE):
                part = part[self.written.taken(places.boxes[part]) == 0]
                costs = places.costs[part]
            else:
                if free_until is None:
                    free_until = self._rays(number).free_until(self.labels)
                part = part[places.reaches[part] < free_until[places.rays[part]]]
                part = part[self.written.taken(places.boxes[part]) == 0]
                costs = places.costs[part]
                if len(lines):
                    costs = costs + CROSSING * lines_cross(places.leaders[part], lines).sum(axis=1)
            for index in np.argsort(costs, kind="stable"):
                if costs[index] >= below:
                    break
                if self._is_free(places, int(part[index])):
                    below = float(costs[index])
                    best = _Found(stage, int(part[index]), below)
                    break
        return best

    def _is_free(self, places: Places, index: int) -> bool:
        """The exact answer, for a place that the squared paper found free."""
        box, leader = places.boxes[index : index + 1], places.leaders[index : index + 1]
        placed = self.boxes[:, 0] > NOWHERE
        return not (
            boxes_overlap(box, self.boxes[placed], LABEL_GAP).any()
            or lines_meet_boxes(leader, self.boxes[placed], LEADER_ROOM).any()
            or lines_meet_boxes(self.leaders[placed], box, LEADER_ROOM).any()
        )

    def _forced_place(self, number: int) -> _Found | None:
        """The place that costs least when what it displaces is counted in."""
        best: _Found | None = None
        weights = EJECTION * (1.0 + self.ejected)
        weights[number] = 0.0
        weights[self.boxes[:, 0] <= NOWHERE] = 0.0
        for stage in (BESIDE, LED):
            places = self._places(number, stage)
            if not len(places):
                continue
            meets = self._collisions(places, slice(0, FORCED))
            costs = places.costs[:FORCED] + meets @ weights
            costs += CROSSING * lines_cross(places.leaders[:FORCED], self.leaders).sum(axis=1)
            index = int(np.argmin(costs))
            if best is None or costs[index] < best.cost:
                displaced = np.flatnonzero(meets[index] & (weights > 0))
                best = _Found(stage, index, float(costs[index]), tuple(int(other) for other in displaced))
        return best

    def _trade(self, number: int) -> None:
        """Give a badly placed label a better place, if those in its way find others and all together gain."""
        before = self.chosen[number]
        now = before.cost if before else UNPLACED
        if before:
            self._remove(number)
        placed = self.boxes[:, 0] > NOWHERE
        offers: list[_Found] = []
        for stage in (BESIDE, LED):
            places = self._places(number, stage)
            part = np.arange(min(np.searchsorted(places.costs, now), TRADE_AMONG))
            meets = self._collisions(places, part) & placed
            costs = places.costs[part] + CROSSING * lines_cross(places.leaders[part], self.leaders).sum(axis=1)
            worth = costs + meets.sum(axis=1) * LEADER
            offers.extend(
                _Found(stage, int(index), float(costs[index]), tuple(int(other) for other in np.flatnonzero(meets[index])))
                for index in np.argsort(worth, kind="stable")[:TRADES]
                if worth[index] < now and meets[index].sum() <= MOST_TRADED
            )
        for offer in offers:
            if self._try_trade(number, offer, now):
                return
        if before:
            self._take(number, before)

    def _try_trade(self, number: int, offer: _Found, now: float) -> bool:
        owners = [(other, found) for other in offer.displaces if (found := self.chosen[other])]
        allowed = now + sum(found.cost for _, found in owners) - 1.0
        for other, _ in owners:
            self._remove(other)
        self._take(number, offer)
        spent = offer.cost
        moved: list[int] = []
        for other, _ in sorted(owners, key=lambda owner: (-owner[1].cost, owner[0])):
            found = self._free_place(other, allowed - spent)
            if found is None:
                break
            self._take(other, found)
            moved.append(other)
            spent += found.cost
        else:
            return True
        for other in [*moved, number]:
            self._remove(other)
        for other, found in owners:
            self._take(other, found)
        return False

    def _collisions(self, places: Places, part: "Integers | slice") -> Bools:
        """Which labels each of the places would collide with, placed or not: a (k, n) table."""
        boxes, leaders = places.boxes[part], places.leaders[part]
        meets = boxes_overlap(boxes, self.boxes, LABEL_GAP)
        meets |= lines_meet_boxes(leaders, self.boxes, LEADER_ROOM)
        meets |= lines_meet_boxes(self.leaders, boxes, LEADER_ROOM).T
        return meets

    def _take(self, number: int, found: _Found) -> None:
        places = self._places(number, found.stage)
        self.boxes[number] = places.boxes[found.index]
        self.leaders[number] = places.leaders[found.index]
        self.costs[number] = found.cost
        self.chosen[number] = found
        self._write(number, 1)

    def _remove(self, number: int) -> None:
        self._write(number, -1)
        self.boxes[number] = NOWHERE
        self.leaders[number] = NOWHERE
        self.costs[number] = np.inf
        self.chosen[number] = None

    def _write(self, number: int, by: int) -> None:
        left, top, right, bottom = self.boxes[number]
        across, down = LABEL_GAP
        box = (left - across, top - down, right + across, bottom + down)
        self.labels.mark_box(box, by)
        self.written.mark_box(box, by)
        if self.leaders[number, 0] > NOWHERE:
            self.written.mark_line(self.leaders[number], by)

    def _improve(self, number: int) -> None:
        """Move a label to a cheaper place that has become free."""
        before = self.chosen[number]
        below = np.inf
        if before is not None:
            places = self._places(number, before.stage)
            leader = places.leaders[before.index : before.index + 1]
            below = float(places.costs[before.index] + CROSSING * lines_cross(leader, self.leaders).sum())
            if below < CONTENT:
                return
            self._remove(number)
        found = self._free_place(number, below - 0.01) or before
        if found:
            self._take(number, found)

    def _label(self, number: int) -> PlacedLabel | None:
        chosen = self.chosen[number]
        if chosen is None:
            return None
        places = self._places(number, chosen.stage)
        way = self.ways[number][chosen.stage >= SHORT_BESIDE][places.wraps[chosen.index]]
        line = [float(value) for value in places.leaders[chosen.index]]
        return PlacedLabel(
            lines=way.lines,
            box=Box(*(float(value) for value in places.boxes[chosen.index])),
            anchor=int(places.anchors[chosen.index]),
            leader=None if line[0] <= NOWHERE else ((line[0], line[1]), (line[2], line[3])),
            shortened=way.shortened,
        )
