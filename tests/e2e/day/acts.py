"""What happens at the counter, and what has to follow. Each is called with the Counter and answers what was said."""

from day.expected import equal, expect, refused
from fixture.counter import STAFF
from fixture.world import madoguchi

BOTH = ("authentication", "signature")
ALL_PINS = ("resident_register", "authentication", "signature")


def words(decision, *codes):
    """The decision's sentences for these codes, or else of all that stand in the way: (ja, en)."""
    weights = ("block", "redirect", "second_visit", "require", "override")
    chosen = [each for each in decision["findings"] if each["code"] in codes]
    chosen = chosen or [each for each in decision["findings"] if each["severity"] in weights]
    return tuple(" ".join(each["message"][lang] for each in chosen[:1]) for lang in ("ja", "en"))


def done_words(until, action):
    last = max(until.values())
    verb = {"renew": ("更新しました", "renewed"), "issue_new": ("新規に発行しました", "issued anew")}[action]
    return (f"{verb[0]}。有効期限 {last}", f"{verb[1]}, until {last}")


class Renewed:
    """Completed in this visit: `until` is the new last day, or one for each certificate."""

    def __init__(self, until, action="renew", names=BOTH, pins=None, resets=(), reason=None, last_try=(), **says):
        self.until = until if isinstance(until, dict) else dict.fromkeys(names, until)
        self.action, self.resets, self.reason, self.last_try = action, resets, reason, last_try
        self.pins = ("resident_register", *self.until) if pins is None else pins
        self.says = says

    def decision(self):
        certificates = {name: {"action": self.action, "new_expires_on": day} for name, day in self.until.items()}
        certificates |= {name: {"action": "none"} for name in BOTH if name not in self.until}
        return {
            "outcome": "complete_today", "certificates": certificates, "pins_required": self.pins,
            "pin_resets": self.resets, "missing": [], "fee_yen": 0, **self.says,
        }  # fmt: skip

    def opened(self, counter):
        if self.reason is None:
            return counter.open()
        # What the page only asks for is left to the clerk, who has to say why.
        error = refused("policy.blocked", counter.open)
        equal(error.details.get("needs"), "override_reason", "what is needed")
        counter.citizen.reasons += 1
        return counter.open(override_reason=self.reason)

    def __call__(self, counter):
        expect(self.decision(), self.opened(counter)["decision"])
        counter.enter_pins(self.last_try)
        counter.finish(self.until)
        return done_words(self.until, self.action)


class CameAgain(Renewed):
    """The same, for a case that was opened at an earlier visit. `second`: with the form that the city had posted."""

    def __init__(self, until, second=False, forget=(), **more):
        super().__init__(until, **more)
        self.second, self.forget = second, forget

    def opened(self, counter):
        facts = {}
        if self.forget:
            facts["pins"] = dict.fromkeys(self.forget, "unverified")
        if self.second:
            status = counter.call("proxy-two-visit.status", case=counter.citizen.case)
            papers = [*counter.visit.facts["documents"], {**status["form"], "sealed": True}]
            facts |= {"visit": 2, "first_visit_on": status["first_visit_on"], "documents": papers}
        return counter.update(**facts)


class Refused:
    """Nothing is begun: the decision blocks, or refers to another procedure."""

    def __init__(self, *codes, outcome="not_today", **says):
        self.codes, self.says = codes, {"outcome": outcome, "findings": list(codes), **says}

    def __call__(self, counter):
        error = refused("policy.blocked", counter.open)
        decision = error.details["decision"]
        expect(self.says, decision)
        return words(decision, *self.codes)


class Lacks:
    """Sent home with the whole list of what to bring. `leaves`: for good."""

    def __init__(self, *missing, codes=(), leaves=True, opened=None):
        self.missing, self.codes, self.leaves, self.opened = missing, codes, leaves, opened

    def __call__(self, counter):
        case = self.opened(counter) if self.opened else counter.open()
        says = {"outcome": "not_today", "missing": self.missing, "findings": [*self.codes, "documents.missing"]}
        expect(says, case["decision"])
        equal(case["state"], "open", "the case")
        refused(("policy.blocked", "conflict"), counter.issue)
        if self.leaves:
            cancelled = counter.acting("cases.cancel", reason="必要なものをお持ちになり、後日あらためて来庁される")
            equal(cancelled["state"], "cancelled", "the case")
        return words(case["decision"], "documents.missing")


class Applied:
    """A proxy's first visit: the application is received and the holder asked by post; no renewal today."""

    def __init__(self, *codes, again=False):
        self.codes, self.again = codes, again

    def __call__(self, counter):
        case = counter.update() if self.again else counter.open()
        says = {"outcome": "two_visits", "findings": [*self.codes, "proxy.inquiry_days"], "pin_resets": []}
        expect(says, case["decision"])
        equal(case["state"], "waiting", "the case")
        refused(("policy.blocked", "conflict"), counter.issue)
        return words(case["decision"], *self.codes)


class Mismatched:
    """A proxy's one visit becomes two when the PIN on the form is not the card's: no PIN is initialised for a proxy."""

    def __init__(self, pin):
        self.pin = pin

    def __call__(self, counter):
        case = counter.open()
        expect({"outcome": "complete_today"}, case["decision"])
        counter.verify("resident_register")
        refused("pin.wrong", counter.verify, self.pin, counter.wrong(self.pin))
        case = counter.get()
        expect({"outcome": "two_visits", "findings": ["proxy.pin_mismatch"], "pin_resets": []}, case["decision"])
        equal(case["state"], "waiting", "the case")
        refused("conflict", counter.reset, self.pin)
        return words(case["decision"], "proxy.pin_mismatch")


class LastTryLost:
    """The holder uses the last try, which locks the PIN; with proof of identity it is initialised in the same visit."""

    def __init__(self, pin, renewed):
        self.pin, self.renewed = pin, renewed

    def __call__(self, counter):
        counter.open()
        counter.verify("resident_register")
        refused("pin.last_try", counter.verify, self.pin, counter.wrong(self.pin))
        refused("pin.locked", counter.verify, self.pin, counter.wrong(self.pin), accept_last_try=True)
        expect(self.renewed.decision(), counter.get()["decision"])
        counter.enter_pins(self.renewed.last_try)
        counter.finish(self.renewed.until)
        return done_words(self.renewed.until, self.renewed.action)


class LooksUp:
    """How long do they last? From the card itself, by its holder, with the PIN."""

    def __init__(self, until):
        self.until = until

    def __call__(self, counter):
        pins = {name: counter.card.pins[name] for name in BOTH}
        told = counter.call("card.check_expiry", reader=counter.reader, pins=pins, staff=STAFF)["certificates"]
        for _ in pins:
            counter.card.entered.add(None)
        equal({name: told[name]["expires_on"] for name in BOTH}, dict.fromkeys(BOTH, self.until), "last days")
        return (f"有効期限は {self.until} です", f"they end on {self.until}")


class Asks:
    """A question that no case is opened for."""

    def __init__(self, *codes, **says):
        self.codes, self.says = codes, {"findings": list(codes), **says}

    def __call__(self, counter):
        decision = counter.call("policy.evaluate", facts=counter.facts())
        expect(self.says, decision)
        return words(decision, *self.codes)


class Pulls:
    """The citizen takes the card out while it is written: `fault` says at which command. It is gone on with later."""

    def __init__(self, fault, state, done=()):
        self.fault, self.state, self.done = fault, state, done

    def __call__(self, counter):
        counter.open()
        counter.enter_pins()
        counter.card.fault(self.fault)
        refused("card.removed", counter.issue)
        case = counter.get()
        equal(case["state"], self.state, "the case")
        phases = {name for name, one in case["certificates"].items() if one["phase"] == "done"}
        equal(phases, set(self.done), "certificates that are done")
        return ("カードが途中で抜かれました", "the card was pulled out in the middle")


class GoesOn:
    """A card whose writing was interrupted is back: PINs once more, and the rest is done; nothing is done twice."""

    def __init__(self, until):
        self.until = until if isinstance(until, dict) else dict.fromkeys(BOTH, until)

    def __call__(self, counter):
        counter.acting("cases.update", reader=counter.reader)
        for _ in range(len(ALL_PINS) + 1):
            try:
                counter.finish(self.until)
                return done_words(self.until, "renew")
            except madoguchi.Error as error:
                equal(error.reason, "pin.required", "the refusal")
                named = error.details.get("pin")
            for pin in [named] if named else [pin for pin in BOTH if pin in self.until]:
                counter.verify(pin)
        raise AssertionError("PINs are asked for again and again")


class Leaves:
    """Changes their mind after the PINs: nothing has happened to the card."""

    def __call__(self, counter):
        counter.open()
        counter.enter_pins()
        before = counter.card.held()["slots"]
        equal(counter.acting("cases.cancel", reason="本人が手続きを取りやめた")["state"], "cancelled", "the case")
        equal(counter.card.held()["slots"], before, "the card")
        return ("手続きを取りやめました", "withdrawn by the holder")


class Cancels:
    """An application that waits is withdrawn."""

    def __call__(self, counter):
        equal(counter.acting("cases.cancel", reason="代理人が申請を取り下げた")["state"], "cancelled", "the case")
        equal(counter.call("proxy-two-visit.status", case=counter.citizen.case)["phase"], "none", "the inquiry")
        return ("申請を取り下げました", "the application was withdrawn")


class Struck:
    """The daemon dies between the PINs and the certificates; the case is the daemon's, so it goes on where it was."""

    def __init__(self, renewed, strike):
        self.renewed, self.strike = renewed, strike

    def __call__(self, counter):
        expect(self.renewed.decision(), counter.open()["decision"])
        counter.enter_pins()
        self.strike(counter.town)
        counter.town.await_reader("present", counter.place)
        # What the card has been told is lost with the daemon; the PINs are asked for again, and none is refused.
        return GoesOn(self.renewed.until)(counter)
