"""One citizen at one counter, over the socket: what a front-end does between calling a ticket and saying goodbye."""

import datetime

from day.expected import equal, expect, instant
from fixture.counter import STAFF, enter_pin, who_enters
from fixture.opensc import same_serial

NEW_PINS = {"authentication": "0852", "resident_register": "0371", "signature": "HARU2026"}
HOUR = datetime.timedelta(hours=1)


class Counter:
    """`place`: the number of the reader in which the citizen's card lies, none where it was not brought."""

    def __init__(self, town, citizen, visit, received, place):
        self.town, self.citizen, self.visit, self.received, self.place = town, citizen, visit, received, place
        self.reader = None if place is None else town.pcscd.names[place]

    def call(self, method, **params):
        return self.town.front_end.call(method, **params)

    def acting(self, method, **params):
        """A call that acts for the citizen's case."""
        return self.call(method, case=self.citizen.case, staff=STAFF, **params)

    @property
    def card(self):
        return self.citizen.card

    def facts(self, **more):
        """What the clerk knows: the holder, the moment of the ticket, and what was put on the counter."""
        holder = dict(self.citizen.holder)
        if self.citizen.made:
            holder["birth_date"] = self.citizen.made["birth"]
        told = {"at": self.received, "office": self.visit.office, "holder": holder, **self.visit.facts, **more}
        if self.reader is None:
            told.setdefault("card", {"presented": False})
        return told

    def open(self, **params):
        if self.reader:
            params["reader"] = self.reader
        case = self.call("cases.open", facts=self.facts(), staff=STAFF, **params)
        self.citizen.case = case["id"]
        return case

    def update(self, **facts):
        """The citizen has come again; of the facts only what has changed is told."""
        told = {"at": self.received, "office": self.visit.office, **self.visit.facts, **facts}
        more = {"reader": self.reader} if self.reader else {}
        return self.acting("cases.update", facts=told, **more)

    def get(self):
        return self.call("cases.get", case=self.citizen.case)

    def verify(self, pin, value=None, **guards):
        by = who_enters(self.get()["facts"])
        return enter_pin(self.town.front_end, self.card, self.citizen.case, pin, value, by, **guards)

    def wrong(self, pin):
        right = self.card.pins[pin]
        return right[:-1] + ("1" if right[-1] != "1" else "2")

    def reset(self, pin):
        value = NEW_PINS[pin]
        by = who_enters(self.get()["facts"])
        reply = self.acting("cases.reset_pin", pin=pin, value=value, entered_by=by)
        self.card.pins[pin] = value
        self.card.entered.add(None)  # it is checked as soon as it is set
        return reply

    def enter_pins(self, last_try=()):
        """Each that the decision asks for: a new one where it is to be initialised, otherwise the holder's own."""
        case = self.get()
        for pin in case["decision"]["pins_required"]:
            if pin in case["decision"]["pin_resets"]:
                self.reset(pin)
            elif case["facts"]["pins"][pin] != "matched":
                self.verify(pin, **({"accept_last_try": True} if pin in last_try else {}))
        equal(self.get()["state"], "ready", "after the PINs")

    def issue(self):
        return self.acting("cases.issue")

    def finish(self, until):
        """Issues, and holds the certificates on the card, the receipt and its forecasts against what the page says."""
        done = self.issue()
        equal(done["state"], "completed", "after issuing")
        held = self.card.held()["slots"]
        written = {name for name, one in done["certificates"].items() if one["phase"] == "done"}
        equal(written, set(until), "certificates written")
        for name, last_day in until.items():
            new = done["certificates"][name]["new"]
            equal(new["expires_on"], last_day, f"the {name} certificate's last day")
            equal(same_serial(held[name]["certificate"]["serial"], new["serial"]), True, f"{name} on the card")
            self.citizen.certificates[name] = new["serial"]
        self.check_receipt(set(until))
        return done

    def check_receipt(self, names):
        sheet = self.call("cases.receipt", case=self.citizen.case)
        equal((sheet["kind"], sheet["fee_yen"]), ("completed", 0), "receipt and fee")
        equal({each["certificate"] for each in sheet["certificates"] if each["done"]}, names, "on the receipt")
        self.check_services(sheet)

    def check_services(self, sheet):
        """The table of the page, reckoned from the moment of completion: all of it a guide (目安)."""
        done = instant(sheet["completed_at"])
        tomorrow = (done + 24 * HOUR).date().isoformat()
        told = {each["service"]: each for each in sheet["services"]}
        equal(all(each["estimate"] for each in sheet["services"]), True, "all are estimates")
        expect({"by": tomorrow}, told["health_insurance"])
        if self.citizen.made["citizen"] == "face-authentication":
            equal(set(told), {"health_insurance"}, "services without a PIN")
            return
        equal(instant(told["convenience_store"]["available_from"]), done + 3 * HOUR, "convenience stores")
        equal(instant(told["mynaportal"]["available_from"]), done + 24 * HOUR, "Mynaportal")
        expect({"available_from": tomorrow}, told["e_tax"])
        equal(set(told["mynapoint"]) & {"available_from", "by", "immediate"}, set(), "nothing about Mynapoint")
