"""The main job: a citizen's certificates are renewed, or issued anew, and programs that know nothing of ours agree."""

import datetime
import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import STAFF, Visit, events_until
from fixture.entered import RIGHT, pins_sent
from fixture.opensc import OpenSC, issued_by, same_serial, verified_by
from fixture.program import program, run
from fixture.world import World

CERTIFICATES = ("authentication", "signature")
MESSAGE = "宇都宮市長 様".encode()


def nth_birthday_after(birth, day, count):
    """The law's counting, written again: who was born on 29 February has a birthday every year."""

    def birthday_in(year):
        try:
            return birth.replace(year=year)
        except ValueError:
            return birth.replace(year=year, day=28)

    first = day.year if birthday_in(day.year) > day else day.year + 1
    return birthday_in(first + count - 1)


class MainJob:
    layout = None

    @classmethod
    def setUpClass(cls):
        cls.world = World(layout=cls.layout).start()
        cls.addClassCleanup(cls.world.stop)
        cls.client = cls.world.client()

    def test_certificates_that_end_soon_are_renewed(self):
        self.renew("expiring-soon", action="renew", birthdays=6, revoked=True)

    def test_certificates_that_have_ended_are_issued_anew(self):
        self.renew("expired", action="issue_new", birthdays=5, revoked=False)

    def renew(self, citizen, action, birthdays, revoked):
        card = self.world.make_card(citizen)
        reader = self.world.insert(card)
        self.addCleanup(self.world.take_out, card)
        opensc = OpenSC(self.world.pcscd.env, reader, self.world.folder)
        before = self.certificates(opensc, card)
        self.check_command(card, reader, before)
        by_others = len(pins_sent(card))

        visit = Visit(self.client, card, reader)
        seen = visit.inspect()
        self.check_inspection(seen, card, before["authentication"])
        ready = self.check_opening(visit, action, card)
        done, events = self.issue(visit)
        sent = pins_sent(card)[by_others:]
        self.assertEqual(sent, [RIGHT] * len(ready["decision"]["pins_required"]), "each PIN once, and no other")
        self.check_events(events, visit)
        self.check_case(done, ready, before, action)
        self.check_timeline(visit)

        after = self.certificates(opensc, card)
        self.check_dates(card, ready, after, birthdays)
        self.check_agreement(done, visit.inspect(), after)
        self.check_command(card, reader, after)
        self.check_proofs(opensc, card, before, after)
        self.check_authority(before, after, revoked)
        self.assertEqual(card.held()["tries"], card.made["tries"], "no try was lost")
        self.check_nothing_leaked(card)

    def certificates(self, opensc, card):
        return {
            "authentication": opensc.certificate("authentication"),
            "signature": opensc.certificate("signature", card.pins["signature"]),
        }

    def check_inspection(self, seen, card, authentication):
        self.assertEqual(seen["identity"], card.made["card_number"])
        self.assertEqual(seen["card_expires_on"], card.made["card_expires_on"])
        self.assertEqual(seen["tries_left"], {"authentication": 3, "resident_register": 3, "signature": 5})
        told = seen["certificates"]["authentication"]
        self.assertTrue(same_serial(told["serial"], authentication.serial))
        self.assertEqual(told["issued_on"], authentication.issued_on)
        self.assertEqual(told["expires_on"], authentication.expires_on)
        self.assertEqual(told["key_bits"], 2048)

    def check_opening(self, visit, action, card):
        """Opens the case and checks its PINs in the order that the decision names; the case when it is ready."""
        opened = visit.open()
        self.assertEqual(opened["state"], "open")
        self.assertEqual(opened["card"], card.made["card_number"])
        decision = opened["decision"]
        self.assertEqual(decision["outcome"], "complete_today", decision["findings"])
        for name in CERTIFICATES:
            self.assertEqual(decision["certificates"][name]["action"], action)
        pins = decision["pins_required"]
        self.assertEqual(pins[0], "resident_register", "selecting its application would drop the others' rights")
        self.assertEqual(sorted(pins), sorted(card.pins.keys() - {"card_surface_input"}))
        for index, pin in enumerate(pins):
            reply = visit.verify(pin)
            self.assertEqual(reply["tries_left"], card.made["tries"][pin])
            self.assertEqual(reply["case"]["pins"][pin], "matched")
            self.assertEqual(reply["case"]["state"], "ready" if index == len(pins) - 1 else "open")
        return reply["case"]

    def issue(self, visit):
        listener = self.world.client()
        listener.call("events.subscribe", topics=["cases"])
        done = visit.issue()
        return done, events_until(listener, "case.completed")

    def check_events(self, events, visit):
        self.assertEqual({event["case"] for event in events}, {visit.id})
        numbers = [event["seq"] for event in events]
        self.assertEqual(numbers, sorted(set(numbers)))
        progress = [event["data"] for event in events if event["type"] == "case.progress"]
        order = [step["certificate"] for step in progress]
        self.assertEqual(order, sorted(order), "first authentication, then signature")
        for name in CERTIFICATES:
            steps = [step for step in progress if step["certificate"] == name]
            counts = [step["n"] for step in steps]
            self.assertEqual(counts, sorted(counts))
            self.assertEqual(counts[-1], steps[-1]["of"])
            for step in steps:
                self.assertTrue(step["ja"] and step["en"], step)
                self.assertNotEqual(step["en"], step["step"], "words for people, not the journal's")

    def check_case(self, done, ready, before, action):
        self.assertEqual(done["state"], "completed")
        self.assertEqual(done, self.client.call("cases.get", case=done["id"]))
        self.assertNotIn("attention", done)
        for name in CERTIFICATES:
            told = done["certificates"][name]
            self.assertEqual((told["action"], told["phase"]), (action, "done"))
            self.assertTrue(same_serial(told["old"]["serial"], before[name].serial))
            self.assertEqual(told["old"]["expires_on"], before[name].expires_on)
            preview = ready["decision"]["certificates"][name]["new_expires_on"]
            self.assertEqual(told["preview_expires_on"], preview)
            self.assertNotIn("confirmation_unclear", told)
            self.assertNotIn("revocation_unclear", told)

    def check_timeline(self, visit):
        kinds = visit.timeline()
        self.assertEqual((kinds[0], kinds[-1]), ("case.opened", "case.completed"))
        self.assertEqual(kinds.count("key.made"), 2)
        for intent, act in (("pin.intent", "pin.matched"), ("key.intent", "key.made"),
                            ("request.signed", "request.sending"), ("certificate.intent", "certificate.written")):  # fmt: skip
            self.assertLess(kinds.index(intent), kinds.index(act), "the intent is recorded before the act")

    def check_dates(self, card, ready, after, birthdays):
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date()
        birthday = nth_birthday_after(datetime.date.fromisoformat(card.made["birth"]), today, birthdays)
        expected = min(birthday, datetime.date.fromisoformat(card.made["card_expires_on"])).isoformat()
        for name in CERTIFICATES:
            self.assertEqual(after[name].expires_on, expected)
            self.assertEqual(ready["decision"]["certificates"][name]["new_expires_on"], expected)
            self.assertEqual(after[name].issued_on, today.isoformat())

    def check_agreement(self, done, seen, after):
        """Case, inspection and OpenSC speak of the same certificates."""
        for name in CERTIFICATES:
            told = done["certificates"][name]["new"]
            self.assertTrue(same_serial(told["serial"], after[name].serial))
            self.assertEqual(told["issued_on"], after[name].issued_on)
            self.assertEqual(told["expires_on"], after[name].expires_on)
        inspected = seen["certificates"]["authentication"]
        self.assertTrue(same_serial(inspected["serial"], after["authentication"].serial))
        self.assertEqual(inspected["expires_on"], after["authentication"].expires_on)
        self.assertTrue(seen["certificates"]["signature"]["present"])

    def check_command(self, card, reader, certificates):
        """`madoguchi card` tells of both certificates what OpenSC tells."""
        told = run(
            program("madoguchi"), "card", reader, "--pin-stdin", "--staff", STAFF, "--json",
            input=f"signature={card.pins['signature']}\n", env={**os.environ, "MADOGUCHI_SOCKET": str(self.world.socket)},
        )  # fmt: skip
        told = json.loads(told)["certificates"]
        self.assertEqual(told.keys(), certificates.keys())
        for name, certificate in certificates.items():
            self.assertTrue(same_serial(told[name]["serial"], certificate.serial), name)
            self.assertEqual(told[name]["issued_on"], certificate.issued_on, name)
            self.assertEqual(told[name]["expires_on"], certificate.expires_on, name)

    def check_proofs(self, opensc, card, before, after):
        folder, ca = self.world.folder, self.world.authority.folder
        for name in CERTIFICATES:
            other = "signature" if name == "authentication" else "authentication"
            self.assertTrue(issued_by(after[name], ca / f"{name}.crt.pem"))
            self.assertFalse(issued_by(after[name], ca / f"{other}.crt.pem"))
            self.assertNotEqual(after[name].public_key, before[name].public_key)
            signature = opensc.sign(name, card.pins[name], MESSAGE)
            self.assertTrue(verified_by(after[name], MESSAGE, signature, folder))
            self.assertFalse(verified_by(before[name], MESSAGE, signature, folder))
            self.assertFalse(verified_by(after[name], MESSAGE + b".", signature, folder))

    def check_authority(self, before, after, revoked):
        issued = self.world.authority.issued()
        keys = [entry["spki_sha256"] for entry in issued]
        self.assertEqual(len(keys), len(set(keys)), "one serial a key")
        for name in CERTIFICATES:
            new = self.entry(issued, after[name].serial)
            self.assertEqual((new["status"], new["confirmed"], new["kind"]), ("good", True, name))
            self.assertTrue(same_serial(new["predecessor"], before[name].serial))
            old = self.entry(issued, before[name].serial)
            # One that has ended by itself is not on any list, and need not be.
            self.assertEqual(old["status"], "revoked" if revoked else "good")

    def entry(self, issued, serial):
        found = [entry for entry in issued if same_serial(entry["serial"], serial)]
        self.assertEqual(len(found), 1, serial)
        return found[0]

    def check_nothing_leaked(self, card):
        """The signature PIN is long enough not to occur by chance."""
        pin = card.pins["signature"].encode()
        for path in (*self.world.folder.glob("*.log"), *self.world.folder.glob("cases.db*")):
            self.assertNotIn(pin, path.read_bytes(), path.name)


class SpareSlot(MainJob, unittest.TestCase):
    """The card has a second place for keys and certificates, and switches at once."""

    layout = "spare"


class SingleSlot(MainJob, unittest.TestCase):
    """Making the new key destroys the old one."""

    layout = "single"


if __name__ == "__main__":
    unittest.main()
