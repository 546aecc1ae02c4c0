"""What a citizen has come for, as far as it is told and done before the PINs are entered."""

import datetime

from fixture.counter import STAFF
from fixture.world import madoguchi

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
LICENCE = {"type": "drivers_licence"}
FIRST_VISIT, POSTED, CAME_BACK = 20, 19, 2  # days ago
RETURN_WITHIN = 11  # days from today


def day(ago):
    return (datetime.datetime.now(JAPAN) - datetime.timedelta(days=ago)).date().isoformat()


class Renewal:
    """The holder, with the card."""

    entered_by = "holder"
    at_terminal = False  # the certificates are issued on the official one
    renewed = False  # there

    def __init__(self, card, reader, told):
        self.card, self.reader, self.told = card, reader, told

    def facts(self):
        return self.card.facts(**self.told)

    def others_facts(self):
        """What a clerk at another window opens a case with, or nothing where nobody could know that it is the same card."""
        return self.facts()

    def papers(self):
        """What lies on the counter, and is told anew whenever the rules are asked anew: on another day it is forgotten."""
        return {}

    def ends_waiting(self, mistyped):
        """Whether the rules send the citizen home when these PINs were mistyped."""
        return False

    def open(self, client):
        return client.call("cases.open", facts=self.facts(), reader=self.reader, staff=STAFF)

    def prepare(self, client, visit):
        """Whatever has to be done first; the case then."""
        return visit

    def between(self, world, case):
        """What is done between two tries, where nothing goes wrong."""


class ByTerminal(Renewal):
    """The holder, where genuine cards are renewed."""

    at_terminal = True

    def __init__(self, certificates, *more):
        super().__init__(*more)
        self.certificates = certificates

    def prepare(self, client, visit):
        for pin in visit["decision"]["pins_required"]:
            if visit["state"] in ("open", "ready") and visit["pins"].get(pin) != "matched":
                visit = client.call(
                    "cases.record_pin", case=visit["id"], pin=pin, outcome="matched", entered_by="holder", staff=STAFF
                )
        return visit

    def between(self, world, case):
        with world.client() as client:
            visit = client.call("cases.get", case=case)
            kinds = [entry["kind"] for entry in client.call("cases.timeline", case=case)["entries"]]
        over = visit["state"] in ("completed", "cancelled")
        if self.renewed or over or "terminal.handed_over" not in kinds:
            return
        tries = self.card.held()["tries"]
        if any(tries[pin] == 0 for pin in visit["decision"]["pins_required"]):
            return  # whoever has mistyped it until it was locked goes home
        world.authority.order({"clear": True})
        # It is carried there, and nobody has it in hand here any longer.
        world.take_away(self.card)
        world.await_reader("empty")
        world.insert(self.card)
        with world.official_terminal() as terminal:
            terminal.renew(self.card, self.reader, self.certificates, **self.told)
        self.renewed = True


class ForgottenPin(Renewal):
    """The holder sets a PIN anew first, and by chance chooses the one that it was: it is right whoever has been faster."""

    def facts(self):
        return self.card.facts(**self.told, pins={"authentication": "forgotten"}, **self.papers())

    def papers(self):
        return {"documents": [{**LICENCE, "of": "holder"}]}

    def prepare(self, client, visit):
        for pin in visit["decision"]["pin_resets"]:
            if visit["pins"].get(pin) == "reset" or visit["state"] not in ("open", "ready"):
                continue
            try:
                reply = client.call(
                    "cases.reset_pin", case=visit["id"], pin=pin, value=self.card.pins[pin], entered_by="holder", staff=STAFF
                )
            except (madoguchi.Error, OSError) as error:
                self.card.entered.add(getattr(error, "reason", "lost"))
                raise
            self.card.entered.add(None)  # it is checked as soon as it is set
            visit = reply["case"]
        return visit


class ByProxy(Renewal):
    """Somebody comes for the holder, without the card, and again once the letter to the holder is back."""

    entered_by = "staff"
    form = None  # once it is brought, at the second visit

    def facts(self):
        return self.card.facts(
            **self.told,
            **self.papers(),
            at=f"{day(FIRST_VISIT)}T12:00:00+09:00",
            visitor={"role": "proxy"},
            card={"expires_on": self.card.made["card_expires_on"]},
            certificates={"authentication": {"state": "valid", "expires_on": self.card.made["expires_on"]}},
        )

    def papers(self):
        return {"documents": [LICENCE] if self.form is None else [LICENCE, self.form]}

    def ends_waiting(self, mistyped):
        return bool(mistyped)  # the holder is asked by post once more

    def others_facts(self):
        return None

    def open(self, client):
        return client.call("cases.open", facts=self.facts(), staff=STAFF)

    def prepare(self, client, visit):
        case = visit["id"]
        if visit["state"] != "waiting":
            return visit
        status = client.call("proxy-two-visit.status", case=case)
        if status["phase"] == "to_mail":
            client.call("proxy-two-visit.mailed", case=case, on=day(POSTED), return_by=day(-RETURN_WITHIN), staff=STAFF)
            status = client.call("proxy-two-visit.status", case=case)
        if status["phase"] == "mailed":
            client.call("proxy-two-visit.returned", case=case, on=day(CAME_BACK), staff=STAFF)
            status = client.call("proxy-two-visit.status", case=case)
        self.form = {**status["form"], "sealed": True}
        facts = {"visit": 2, "first_visit_on": status["first_visit_on"], **self.papers()}
        return client.call("cases.update", case=case, facts=facts, reader=self.reader, staff=STAFF)


def at_terminal(world):
    return hasattr(world, "official_terminal")


def draw(dice, citizen, certificates, world, card, told):
    reader = world.pcscd.names[0]
    if at_terminal(world):
        return ByTerminal(certificates, card, reader, told)
    kinds = [Renewal]
    if citizen in ("expiring-soon", "no-signature"):
        kinds = [Renewal, Renewal, Renewal, ForgottenPin]
    if citizen == "expiring-soon":
        kinds.append(ByProxy)
    return dice.choice(kinds)(card, reader, told)
