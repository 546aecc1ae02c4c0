"""Plays the two weeks in the order of the clock: arrivals, tickets, calls, and what the back office does in between."""

import dataclasses
import datetime
import heapq
import itertools

from day.counter import Counter
from day.expected import equal
from day.people import NO_SHOW, NO_TICKET, RECALLED, WITHDRAWN
from day.town import BANBA, HALL, OFFICES, moment
from fixture.counter import STAFF
from fixture.world import madoguchi

WINDOW = "1"
MACHINE = "machine-1"
TOPICS = ["readers", "cases", "policy", "plugins", "queue"]
MINUTE = datetime.timedelta(minutes=1)


@dataclasses.dataclass
class Step:
    """What there is to tell of one step; `wrong`: how it is not as the page says."""

    at: datetime.datetime
    office: str
    ticket: str
    citizen: object
    said: tuple
    end: str
    wrong: str = ""


@dataclasses.dataclass
class Ticket:
    office: str
    day: str
    number: str
    taken_at: str
    citizen: object
    visit: object
    fate: str


class Play:
    """`tell`: called with each Step as it ends."""

    def __init__(self, town, citizens, desk_work, tell=lambda step: None):
        self.town, self.citizens, self.tell = town, citizens, tell
        self.tickets, self.events, self.wrong = [], [], []
        self._order = itertools.count()
        self._agenda = []
        for citizen in citizens:
            for visit in citizen.visits:
                self._at(visit.at, self._arrive, citizen, visit)
        for at, work in desk_work:
            self._at(moment(at), self._desk, work)

    def _at(self, when, what, *arguments):
        heapq.heappush(self._agenda, (when, next(self._order), what, arguments))

    def case_of(self, key):
        return self.citizen(key).case

    def citizen(self, key):
        return next(each for each in self.citizens if each.key == key)

    def call(self, method, **params):
        return self.town.front_end.call(method, **params)

    def queue(self, verb, office, **params):
        return self.call(f"queue-board.{verb}", office=office, **params)

    def run(self):
        self.listen()
        while self._agenda:
            when, _, what, arguments = heapq.heappop(self._agenda)
            # A slow machine may be late; what depends on the minute has some minutes before it.
            if when > self.town.calendar.now:
                self.town.calendar.move_to(when)
            what(*arguments)
            self.hear()

    # --- events: every one of all topics, across restarts

    def listen(self):
        since = {"since": self.events[-1]["seq"]} if self.events else {}
        self._listener = self.town.client()
        answer = self._listener.call("events.subscribe", topics=TOPICS, **since)
        if not self.events:
            self.first_seq = answer["seq"]

    def hear(self):
        """What has been told so far; the listener is a new one after a restart."""
        try:
            self._listener.call("system.info")  # what was told before its answer is here with it
            while event := self._listener.next_event(timeout=0):
                self.events.append(event)
        except (OSError, ConnectionError):
            self.listen()

    # --- the line

    def _arrive(self, citizen, visit):
        if visit.line == NO_TICKET:
            self._refused_a_ticket(visit.office)
            self._serve(citizen, visit, "-", self.town.calendar.now.isoformat(timespec="milliseconds"))
            return
        taken = self.queue("take", visit.office, procedure="renewal", staff=MACHINE)
        ticket = Ticket(visit.office, str(visit.at.date()), taken["ticket"], taken["taken_at"], citizen, visit, visit.line)
        self.tickets.append(ticket)
        if visit.line == WITHDRAWN:
            self._at(visit.at + 2 * MINUTE, self._withdraw, ticket)
        else:
            self._at(visit.at + visit.wait * MINUTE, self._call_next, visit.office)

    def _refused_a_ticket(self, office):
        """At an office that keeps no line or has closed: in words that say which."""
        try:
            taken = self.queue("take", office, procedure="renewal", staff=MACHINE)
        except madoguchi.Error as refused:
            equal(refused.reason, "conflict", "why there is no ticket")
            words = refused.details["ja"]
            wanted = "整理券を扱っていません" if office == BANBA else "整理券は発行していません"
            equal(wanted in words, True, f"{words}: says that there is no ticket")
            return
        raise AssertionError(f"{office} has given the ticket {taken['ticket']}")

    def _withdraw(self, ticket):
        self.queue("withdraw", ticket.office, ticket=ticket.number, staff=STAFF)
        self._tell(ticket, ("お待ちにならずお帰りになりました", "left before being called"), "left")

    def _call_next(self, office):
        called = self.queue("call_next", office, window=WINDOW, staff=STAFF)
        waiting = [each for each in self.tickets if (each.office, each.number) == (office, called.get("ticket"))]
        # Numbers begin anew each day.
        ticket = waiting[-1]
        if ticket.fate in (NO_SHOW, RECALLED):
            self.queue("no_show", office, ticket=ticket.number, staff=STAFF)
            self._tell(ticket, ("お呼びしましたが、いらっしゃいません", "called, and nobody came"), "no show")
            if ticket.fate == RECALLED:
                self._at(self.town.calendar.now + 10 * MINUTE, self._recall, ticket)
            return
        self._serve_ticket(ticket)

    def _recall(self, ticket):
        self.queue("recall", ticket.office, ticket=ticket.number, window=WINDOW, staff=STAFF)
        self._serve_ticket(ticket)

    def _serve_ticket(self, ticket):
        self._serve(ticket.citizen, ticket.visit, ticket.number, ticket.taken_at)
        self.queue("serve", ticket.office, ticket=ticket.number, staff=STAFF)

    def _tell(self, ticket, said, end):
        self.tell(Step(self.town.calendar.now, ticket.office, ticket.number, ticket.citizen, said, end))

    # --- the counter

    def _serve(self, citizen, visit, number, received):
        step = Step(self.town.calendar.now, visit.office, number, citizen, ("", ""), "")
        try:
            if citizen.made and citizen.card is None:
                citizen.card = self._make_card(citizen)
            place = self.town.place_card(citizen.card) if visit.card else None
            step.said = visit.act(Counter(self.town, citizen, visit, received, place))
        except (AssertionError, madoguchi.Error) as error:
            step.wrong = str(error)
            self.wrong.append(f"{citizen.key} ({citizen.page}), {visit.at:%m-%d %H:%M}: {error}")
        finally:
            if citizen.card:
                citizen.card.stop()
        step.end = self.state_of(citizen)
        self.tell(step)

    def _make_card(self, citizen):
        options = dict(citizen.made)
        seed = self.citizens.index(citizen) + 1
        card = self.town.make_card(options.pop("citizen"), seed=seed, **options)
        held = card.held()["slots"]
        for name in citizen.revoked:
            self.town.authority.revoke(held[name]["certificate"]["serial"])
        return card

    def state_of(self, citizen):
        return self.call("cases.get", case=citizen.case)["state"] if citizen.case else "-"

    # --- the back office

    def _desk(self, work):
        step = Step(self.town.calendar.now, HALL, "-", None, ("", ""), "")
        try:
            step.said = work(self)
        except (AssertionError, madoguchi.Error) as error:
            step.wrong = str(error)
            self.wrong.append(f"{work.__name__}, {step.at:%m-%d %H:%M}: {error}")
        self.tell(step)

    def listed(self, verb, **params):
        """The citizens whose inquiry is on that list of the back office."""
        items = self.call(f"proxy-two-visit.{verb}", **params)["items"]
        keys = {each.case: each.key for each in self.citizens if each.case}
        return sorted(keys[item["case"]] for item in items)

    def offices_open(self, at):
        return [each for each in OFFICES if self.call("offices.status", office=each, at=at.isoformat())["open"]]


def expect_list(play, verb, *keys, **params):
    equal(play.listed(verb, **params), sorted(keys), f"the list {verb}")
