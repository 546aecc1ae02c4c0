"""One citizen's visit at a real counter, what strikes in it, and what must be true afterwards."""

import random
import threading
import time
import unittest

from fixture.counter import STAFF, enter_pin
from fixture.entered import pins_sent
from fixture.opensc import same_serial
from fixture.program import wait_until
from fixture.world import madoguchi

from live import errand
from live.another import WRONG
from live.counter import SERVED_WITHIN
from live.mishaps import Mishaps

ROUNDS_WITH_MISHAPS = 6
ROUNDS = 14

# A visit without trouble takes some 0.4 seconds.
LATEST = 0.4

# What the daemon says of a card that has only just been put there.
NOT_YET = ("card.absent", "card.removed", "reader.busy", "reader.gone")

# The certificates of each kind of citizen, on any day of the year; a card for the face has no PIN and one certificate.
KINDS = {
    "expiring-soon": ("authentication", "signature"),
    "expired": ("authentication", "signature"),
    "no-signature": ("authentication",),
    "face-authentication": ("authentication",),
}
ENDED = ("completed", "cancelled")


class Episode:
    """`other` is the next citizen's card, who also may come too early. `striker` is a thread that outlives the episode:
    with one that ends, what it has started would end too (see Background)."""

    def __init__(self, world, other, number, tell, striker):
        self.world, self.other, self.number, self.tell, self.striker = world, other, number, tell, striker
        self.dice = random.Random(number)
        # That there is no signature certificate a clerk at the official terminal is told, and has it left out.
        self.citizen = self.dice.choice([k for k in KINDS if k != "no-signature" or not errand.at_terminal(world)])
        self.certificates = KINDS[self.citizen]
        self.case, self.acknowledged, self.last = None, 0, ""
        self.wrong, self.happened, self.mistyped = [], [], []
        self.asked_for_anew = False  # the rules have to be asked again first
        self.number_on_card = None  # as the case has it
        self.served_in = 0.0
        self.plan = {}
        for place in range(self.dice.randrange(1, 4)):
            what = self.dice.choice(Mishaps.names())
            # What strikes first is seldom survived without a second try; a visit that was is over.
            number = 1 if place == 0 else self.dice.randrange(1, 4)
            self.plan.setdefault(number, []).append((what, self.dice.random() * LATEST))
        self.cases_before = None  # the counter's, once somebody could be asked
        self.before = {entry["serial"] for entry in world.authority.issued()}

    def play(self):
        world = self.world
        self.card = world.make_card(self.citizen)
        self.at_first = self.card.held()
        self.errand = errand.draw(self.dice, self.citizen, self.certificates, world, self.card, self.facts())
        mishaps = Mishaps(world, self.card, self.other, self.dice, self.errand.others_facts())
        state = "none"
        try:
            for number in range(1, ROUNDS + 1):
                mishaps.mend()
                if self.cases_before is None:
                    self.cases_before = {case["id"] for case in world.front_end.call("cases.list", limit=500)["cases"]}
                if self.case is not None:
                    self.errand.between(world, self.case)
                if number > ROUNDS_WITH_MISHAPS:
                    world.authority.order({"clear": True})
                state = self.round(mishaps, self.plan.get(number, []))
                # As it says: what somebody has begun who has gone takes as long as the machine needs.
                since = time.monotonic()
                while "reader.busy" in self.last and time.monotonic() - since < SERVED_WITHIN:
                    mishaps.mend()
                    state = self.round(mishaps, [])
                self.tell(f"    {number} {state} {self.last}")
                if state in ENDED:
                    break
            mishaps.mend()
            state = self.state_at_the_end(state)
            world.authority.order({"clear": True})
            self.check_daemon()
        finally:
            mishaps.mend()
            self.wrong += mishaps.violations + mishaps.another.violations
            self.mistyped += mishaps.another.mistyped
            world.take_away(self.card)
        self.check(state)
        self.next_citizen()

    def state_at_the_end(self, state):
        """Another clerk may have cancelled it; what its authority has to be told first is told at the daemon's start."""
        if self.case is None or state == "completed":
            return state
        client = self.world.client()
        visit = client.call("cases.get", case=self.case)
        if visit.get("given_up") and visit["state"] not in ENDED:
            self.world.daemon.stop()
            client = self.world.start_again()
            wait_until(
                lambda: client.call("cases.get", case=self.case)["state"] in ENDED,
                "what was given up is cancelled", SERVED_WITHIN,
            )  # fmt: skip
            visit = client.call("cases.get", case=self.case)
        return visit["state"]

    def round(self, mishaps, planned):
        over = threading.Event()
        try:
            mishaps.client = madoguchi.Client(str(self.world.socket), timeout=30)
            striking = self.striker.submit(self.strike, mishaps, sorted(planned, key=lambda each: each[1]), over)
        except OSError as error:
            self.last = str(error)
            return "failed"
        try:
            return self.attempt(mishaps, mishaps.client)
        except (madoguchi.Error, madoguchi.Lost, OSError) as error:
            self.last = f"{type(error).__name__} {getattr(error, 'reason', '')} {error} {getattr(error, 'details', '')}"
            mishaps.place_again = getattr(error, "reason", "") == "card.mute"
            self.asked_for_anew = getattr(error, "reason", "") in ("conflict", "policy.blocked")
            if getattr(error, "reason", "") == "internal":
                self.wrong.append(f"internal: {error}")
            return "failed"
        finally:
            over.set()
            striking.result()
            mishaps.client.close()

    def strike(self, mishaps, planned, over):
        """What is not due before the clerk's try is over does not happen."""
        begun = time.monotonic()
        for what, after in planned:
            if over.wait(max(0, begun + after - time.monotonic())):
                return
            self.happened.append(what)
            self.tell(f"      {what}")
            try:
                getattr(mishaps, what)()
            except (OSError, RuntimeError, ValueError, AssertionError, AttributeError) as error:
                # What was to be broken is broken already.
                self.tell(f"      {what}: {error}")

    def attempt(self, mishaps, client):
        self.last = ""
        if self.case is None:
            self.find(client)
        if self.case is None:
            opened = self.errand.open(client)
            self.case = opened["id"]
            self.acknowledge(opened)
        mishaps.case = self.case
        visit = client.call("cases.get", case=self.case)
        self.compare(visit)
        # Papers that another day has forgotten are missing, and shown again.
        missing = visit["state"] == "open" and visit["decision"]["outcome"] == "not_today"
        if (self.asked_for_anew or missing) and visit["state"] not in ENDED:
            self.asked_for_anew = False
            papers = self.errand.papers()
            visit = client.call("cases.update", case=self.case, facts=papers, reader=self.world.pcscd.names[0], staff=STAFF)
            self.acknowledge(visit)
            if self.number_on_card not in (None, visit.get("card")):
                # As long as no PIN was entered the case takes the card that lies there, as the clerk sees by its number.
                self.asked_for_anew, self.last = True, "another card was laid down"
                return visit["state"]
        self.number_on_card = self.number_on_card or visit.get("card")
        visit = self.errand.prepare(client, visit)
        self.acknowledge(visit)
        asked = visit["state"] in ("open", "ready") and not self.errand.at_terminal
        if asked or (self.errand.renewed and visit["state"] not in ENDED):
            self.verify(client, mishaps)
        for _ in range(3):
            if visit["state"] in ENDED:
                return visit["state"]
            try:
                visit = self.issue(client)
                self.acknowledge(visit)
                return visit["state"]
            except madoguchi.Error as error:
                if error.reason != "pin.required":
                    raise
            self.verify(client, mishaps)
        return visit["state"]

    def issue(self, client):
        try:
            visit = client.call("cases.issue", case=self.case, staff=STAFF)
        except madoguchi.Error as error:
            if not self.errand.renewed or error.reason != "authority.mismatch":
                raise
        else:
            if not self.errand.renewed or visit["state"] in ENDED:
                return visit
        # What no PIN proves, or was issued on another day than was decided, is taken as the clerk sees it.
        return client.call(
            "cases.issue", case=self.case, staff=STAFF, accept=self.certificates, accept_reason="as the card shows it"
        )

    def find(self, client):
        """It may have been opened although nobody has heard of it, or by another clerk."""
        listed = client.call("cases.list", limit=50)["cases"]
        known = [case for case in listed if case["id"] not in self.cases_before]
        if sum(case["state"] not in ENDED for case in known) > 1:
            self.wrong.append("two unfinished cases with one card")
        if known:
            self.case = known[0]["id"]

    def facts(self):
        return {"card": {"face_authentication": True}} if self.citizen == "face-authentication" else {}

    def verify(self, client, mishaps):
        for pin in client.call("cases.get", case=self.case)["decision"]["pins_required"]:
            value = None
            if mishaps.mistype > 0:
                mishaps.mistype -= 1
                value = WRONG[pin]
                self.mistyped.append(pin)
            try:
                self.enter(client, pin, value)
            except madoguchi.Error as error:
                if error.reason != "pin.last_try":
                    raise
                # The holder agrees, and takes care.
                self.enter(client, pin, accept_last_try=True)

    def enter(self, client, pin, value=None, **guards):
        reply = enter_pin(client, self.card, self.case, pin, value, self.errand.entered_by, **guards)
        self.acknowledge(reply["case"])

    def acknowledge(self, visit):
        self.acknowledged = max(self.acknowledged, visit["revision"])

    def compare(self, visit):
        if visit["revision"] < self.acknowledged:
            self.wrong.append(f"revision {self.acknowledged} was acknowledged, the store has {visit['revision']}")

    def check_daemon(self):
        """What it has kept: every step that it has acknowledged, and an audit log without a flaw."""
        client = self.world.client()
        if self.case is not None:
            self.compare(client.call("cases.get", case=self.case))
        log = client.call("audit.verify")
        if not log["ok"]:
            self.wrong.append(f"the audit log is damaged: {log['problems']}")
        client.close()

    def check(self, state):
        held = self.card.held()
        issued = [e for e in self.world.authority.issued() if e["serial"] not in self.before]
        keys = [entry["spki_sha256"] for entry in issued]
        if len(keys) != len(set(keys)):
            self.wrong.append("two serials for one key")
        if state == "cancelled":
            self.check_cancelled(held, issued)
            self.check_tries(held)
            return
        if state != "completed":
            waits = state == "waiting" and self.errand.ends_waiting(self.mistyped)
            if not waits and not any(held["tries"].get(pin) == 0 for pin in self.mistyped):
                self.wrong.append(f"ended as {state}: {self.last}")
            return
        for name in self.certificates:
            slot = held["slots"][name]
            pair = [e for e in issued if same_serial(e["serial"], slot["certificate"]["serial"])]
            if not pair or not pair[0]["spki_sha256"].startswith(slot["key"]):
                self.wrong.append(f"{name}: the card has no working pair")
            elif (pair[0]["status"], pair[0]["confirmed"]) != ("good", True):
                self.wrong.append(f"{name}: {pair[0]['status']} at the authority, confirmed: {pair[0]['confirmed']}")
        # Each renewal adds one that is good and revokes one, unless that has ended by itself.
        old = {slot["certificate"]["serial"] for slot in self.at_first["slots"].values() if slot.get("certificate")}
        new = [e for e in issued if not any(same_serial(e["serial"], serial) for serial in old)]
        good = sum(entry["status"] == "good" for entry in new)
        if good != len(self.certificates):
            self.wrong.append(f"{good} new certificates are good at the authority, {len(self.certificates)} expected")
        if self.citizen != "expired":
            kept = [e["serial"] for e in issued if e not in new and e["status"] == "good" and self.renewed(e)]
            self.wrong += [f"{serial} was replaced and is still good" for serial in kept]
        self.check_tries(held)

    def check_cancelled(self, held, issued):
        """What was done before stays in use; else the card is as it was, and nothing is good that is not on it."""
        client = self.world.client()
        lost = client.call("cases.get", case=self.case).get("card_gone", False)
        client.close()
        on_card = []
        for name in self.certificates:
            slot, before = held["slots"][name], self.at_first["slots"][name]
            serial = slot["certificate"]["serial"] if slot.get("certificate") else None
            entry = next((e for e in issued if serial and same_serial(e["serial"], serial)), None)
            on_card.append(serial)
            if lost:
                continue
            if serial and before.get("certificate") and same_serial(serial, before["certificate"]["serial"]):
                if slot["key"] != before["key"]:
                    self.wrong.append(f"{name}: cancelled, and its old certificate has lost its key")
                elif entry["status"] != "good" and self.citizen != "expired":
                    self.wrong.append(f"{name}: cancelled, and its old certificate is {entry['status']}")
            elif entry is None or entry["status"] != "good" or not entry["spki_sha256"].startswith(slot["key"]):
                self.wrong.append(f"{name}: cancelled, and the card has no working pair")
        before = {slot["certificate"]["serial"] for slot in self.at_first["slots"].values() if slot.get("certificate")}
        for entry in issued:
            known = [serial for serial in [*on_card, *before] if serial and same_serial(entry["serial"], serial)]
            if entry["status"] == "good" and not known:
                self.wrong.append(f"{entry['serial']} is good and on no card, though the case is cancelled")

    def renewed(self, entry):
        slots = [self.at_first["slots"][name] for name in self.certificates]
        return any(same_serial(entry["serial"], slot["certificate"]["serial"]) for slot in slots)

    def check_tries(self, held):
        for pin, tries in self.at_first["tries"].items():
            if not tries - self.mistyped.count(pin) <= held["tries"][pin] <= tries:
                self.wrong.append(f"{pin}: {held['tries'][pin]} tries left, {tries} before, mistyped {self.mistyped}")
        try:
            self.card.entered.check(unittest.TestCase(), self.card)
        except AssertionError as error:
            self.wrong.append(str(error))
        if self.other.trace.exists() and pins_sent(self.other):
            self.wrong.append("a PIN was sent to the next citizen's card")

    def next_citizen(self):
        """Who has to be served within seconds, whatever has been."""
        begun = time.monotonic()
        self.other.play(self.world.pcscd.ports[0])
        try:
            client = self.world.client()
            said = ""

            def read():
                nonlocal said
                try:
                    return client.call("card.inspect", reader=self.world.pcscd.names[0])
                except madoguchi.Error as error:
                    said = error.reason
                    if said not in NOT_YET:
                        raise
                    return None

            wait_until(read, lambda: f"the next citizen's card is read: {said}", SERVED_WITHIN)
            self.served_in = time.monotonic() - begun
            client.close()
        finally:
            self.world.take_away(self.other)
        self.world.await_reader("empty", patience=SERVED_WITHIN)
