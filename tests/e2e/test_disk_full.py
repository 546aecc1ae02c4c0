"""The disk is full before a journal record: named, nothing on the card of which the journal does not know, gone on with.

Three ways of being full (crash/full_disk.hpp): ENOSPC to SQLite, a file size limit by the kernel, and a small file system
that really is full, where mounting one is permitted. One citizen meets a full disk before each record in turn; others
meet it once, and the daemon is restarted before they go on.
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import enter_pin
from fixture.entered import RIGHT, pins_sent
from fixture.program import wait_until
from fixture.struck import STAFF, FullDiskWorld, Struck, commands, points_of, stride
from fixture.world import madoguchi

# What may be on the card or at the authority only after the journal has announced it: commands of the card by their
# beginning, and the record's kind.
ANNOUNCED = {"00468000": "key.intent", "0044": "activation.intent"}
STEP = 7


class FullDisk:
    layout, way = "spare", None

    @classmethod
    def setUpClass(cls):
        cls.world = FullDiskWorld(cls.way, layout=cls.layout)
        cls.addClassCleanup(cls.world.stop)
        cls.world.start()

    def arrive(self, plan):
        card = self.world.make_card("expiring-soon")
        card.play(self.world.pcscd.ports[0])
        self.addCleanup(lambda: card.playing and self.world.take_out(card))
        return card, self.world.restart(plan)

    def insist(self, client, card, step):
        """Calls `step()` until the disk had room for all of it; its result, and how often it was full."""
        full = 0
        while True:
            try:
                return step(), full
            except madoguchi.Error as error:
                self.assertEqual(error.reason, "storage.full", error)
                self.assertTrue(error.retryable and error.ja and error.en)
                full += 1
                self.assertLess(full, 60, "it gets nowhere")
                self.check_while_full(client, card)
                self.world.room()

    def check_while_full(self, client, card):
        health = client.call("system.health")
        if self.way != "fill":  # where what little room the failed commit gave back may be enough for a probe
            self.assertEqual(health["parts"]["store"].get("reason"), "storage.full")
            self.assertNotEqual(health["state"], "ok")
        case = self.known_case(client, card)
        kinds = [entry["kind"] for entry in client.call("cases.timeline", case=case)["entries"]] if case else []
        for head, announced in ANNOUNCED.items():
            self.assertLessEqual(commands(card, head), kinds.count(announced), announced)
        if "certificate.intent" not in kinds:
            self.assertEqual(commands(card, "00d6"), 0, "nothing written")
        if "request.sending" not in kinds:
            self.assertEqual(self.serials(), self.old, "nothing asked for")

    def test_full_before_each_record_in_turn(self):
        card, client = self.arrive("each:full")
        self.old = self.serials()
        reader = self.world.pcscd.names[0]
        visit, full = self.insist(
            client, card, lambda: client.call("cases.open", facts=card.facts(), reader=reader, staff=STAFF)
        )
        self.assertEqual(full, 1)
        for pin in visit["decision"]["pins_required"]:
            _, full = self.insist(client, card, lambda pin=pin: enter_pin(client, card, visit["id"], pin))
            self.assertEqual(full, 2, "before the intent and before the outcome")
        sent = pins_sent(card)
        self.assertEqual(sent, [RIGHT] * 2 * len(visit["decision"]["pins_required"]), "none before its intent is recorded")
        done, full = self.insist(client, card, lambda: client.call("cases.issue", case=visit["id"], staff=STAFF))
        self.assertGreater(full, 20)
        self.check_end(card, done, self.old)
        self.assertEqual(client.call("system.health")["state"], "ok")
        self.world.take_out(card)

    def episode(self, point):
        """Full once, and the daemon is started anew when there is room; how many records the case has."""
        card, client = self.arrive(point)
        self.old = self.serials()
        try:
            visit = self.attempt(client, card, None)
            self.assertIsNone(point, "the disk was full")
        except madoguchi.Error as error:
            self.assertEqual(error.reason, "storage.full", error)
            self.check_while_full(client, card)
            self.world.room()
            client = self.world.restart()
            visit = self.attempt(client, card, self.known_case(client, card))
        self.check_end(card, visit, self.old)
        records = len(client.call("cases.timeline", case=visit["id"])["entries"])
        self.world.take_out(card)
        return records


class Enospc(FullDisk, Struck):
    way = "enospc"
    first = 0

    def test_full_once_and_restarted(self):
        records = self.episode(None)
        for point in points_of(records, ["full"], STEP * stride(), self.first):
            with self.subTest(point=point):
                self.episode(point)


class EnospcSingleSlot(Enospc):
    """Making the new key destroys the old one, so the way back is closed from there on."""

    layout = "single"
    first = STEP // 2


class FileSizeLimit(FullDisk, Struck):
    """EFBIG, with SIGXFSZ behind it that would end a process which does not know of it; its log is hit as well."""

    layout, way = "single", "limit"


class SmallFileSystem(FullDisk, Struck):
    way = "fill"

    def test_a_start_on_a_full_disk(self):
        card, client = self.arrive("1:full")
        self.old = self.serials()
        with self.assertRaises(madoguchi.Error) as caught:
            client.call("cases.open", facts=card.facts(), reader=self.world.pcscd.names[0], staff=STAFF)
        self.assertEqual(caught.exception.reason, "storage.full")
        client = self.world.restart()
        wait_until(lambda: client.call("system.health")["parts"]["store"].get("reason") == "storage.full", "it says so")
        self.world.room()
        self.assertEqual(client.call("system.health")["parts"]["store"]["state"], "ok")
        self.check_end(card, self.attempt(client, card, None), self.old)
        self.world.take_out(card)


if __name__ == "__main__":
    unittest.main()
