"""The daemon is killed between any two journal records of a renewal, restarted, and asked to go on.

Each episode has a citizen of its own. `N:after` ends the process when record N is durable and what it announces has not
been done; `N:before` when it has been done and the record that tells of it is not durable. MADOGUCHI_CRASH_STRIDE takes
every n-th point only (for the sanitizers' builds), MADOGUCHI_CRASH_AT a single one, e.g. `17:before`.
"""

import os
import unittest

from fixture.program import Background, wait_until
from fixture.world import World, madoguchi

STAFF = "clerk-7"
# Codes after which a clerk enters the PINs again: the card has forgotten them.
FORGOTTEN = "pin.required"


class CrashingWorld(World):
    """A world whose daemon may have an appointment with SIGKILL."""

    def start_daemon(self, crash=None):
        env = dict(self.pcscd.env)
        if crash:
            env["MADOGUCHI_CRASH"] = crash
        self.daemon = Background("madoguchid-crash", "--config", self.configuration, log=self.log, env=env)

        def answers():
            self.daemon.check_alive()
            try:
                return self.client()
            except (FileNotFoundError, ConnectionRefusedError):
                return None

        return wait_until(answers, "madoguchid answers")

    def restart(self, crash=None):
        for client in self._clients:
            client.close()
        self._clients.clear()
        self.daemon.stop()
        client = self.start_daemon(crash)
        self.await_reader("present")
        return client


def attempt(client, card, reader, case):
    """A clerk's way to the end from wherever the case is; returns the case's id and final form."""
    if case is None:
        case = client.call("cases.open", facts=card.facts(), reader=reader, staff=STAFF)["id"]
    visit = client.call("cases.get", case=case)
    if visit["state"] in ("open", "ready"):
        verify_all(client, card, case, visit)
    try:
        return client.call("cases.issue", case=case, staff=STAFF)
    except madoguchi.Error as error:
        if error.reason != FORGOTTEN:
            raise
    verify_all(client, card, case, visit)
    return client.call("cases.issue", case=case, staff=STAFF)


def verify_all(client, card, case, visit):
    for pin in visit["decision"]["pins_required"]:
        client.call("cases.verify_pin", case=case, pin=pin, value=card.pins[pin], entered_by="holder", staff=STAFF)


class Crash(unittest.TestCase):
    layout = None

    def setUp(self):
        if self.layout is None:
            self.skipTest("the layouts' own classes run this")
        self.world = CrashingWorld(layout=self.layout)
        self.addCleanup(self.world.stop)
        self.world.start()

    def test_every_point_between_two_records(self):
        records = self.episode(None)
        stride = int(os.environ.get("MADOGUCHI_CRASH_STRIDE", "1"))
        points = [f"{n}:{when}" for n in range(1, records + 1) for when in ("before", "after")][::stride]
        if only := os.environ.get("MADOGUCHI_CRASH_AT"):
            points = [only]
        self.assertGreater(records, 20)
        for point in points:
            with self.subTest(point=point, layout=self.layout):
                self.episode(point)

    def episode(self, point):
        """One citizen, one crash; returns how many journal records the case has."""
        world = self.world
        card = world.make_card("expiring-soon")
        old = {entry["serial"] for entry in world.authority.issued()}
        client = self.begin(card, point)
        reader = world.pcscd.names[0]
        crashed = False
        try:
            visit = attempt(client, card, reader, None)
        except (madoguchi.Lost, ConnectionError):
            crashed = True
            self.assertEqual(world.daemon.process.wait(60), -9)
            client = world.restart()
            known = client.call("cases.list", card=card.made["card_number"])["cases"]
            case = known[0]["id"] if known else None
            self.assertLessEqual(len(known), 1)
            visit = attempt(client, card, reader, case)
        self.assertEqual(crashed, point is not None, "the crash took place")
        records = len(client.call("cases.timeline", case=visit["id"])["entries"])
        self.check(card, visit, old)
        world.take_out(card)
        return records

    def begin(self, card, point):
        world = self.world
        card.play(world.pcscd.ports[0])
        return world.restart(point)

    def check(self, card, visit, old):
        self.assertEqual(visit["state"], "completed")
        held = card.held()
        for name in ("authentication", "signature"):
            certificate = visit["certificates"][name]
            self.assertEqual(certificate["phase"], "done")
            self.assertEqual(certificate["new"]["expires_on"], certificate["preview_expires_on"])
            serial = held["slots"][name]["certificate"]["serial"]
            self.assertEqual(serial, certificate["new"]["serial"], "the card holds it")
        fresh = [entry for entry in self.world.authority.issued() if entry["serial"] not in old]
        self.assertEqual(len(fresh), 2, "one serial each at the CA")
        self.assertTrue(all(entry["confirmed"] for entry in fresh))
        revoked = {entry["serial"] for entry in self.world.authority.issued() if entry["status"] == "revoked"}
        for name in ("authentication", "signature"):
            self.assertIn(visit["certificates"][name]["old"]["serial"], revoked)
        for pin, tries in {"authentication": 3, "signature": 5, "resident_register": 3}.items():
            self.assertEqual(held["tries"][pin], tries, f"no try lost: {pin}")
        generated = sum("00468000" in line.replace(" ", "") for line in card.trace.read_text().splitlines())
        self.assertEqual(generated, 2, "no second key where the first is known to have been made")


class SpareSlot(Crash):
    layout = "spare"


class SingleSlot(Crash):
    layout = "single"


if __name__ == "__main__":
    unittest.main()
