"""The daemon is killed between any two journal records of a renewal, restarted, and asked to go on.

Each episode has a citizen of its own. `N:after` ends the process when record N is durable and what it announces has not
been done; `N:before` when it has been done and the record that tells of it is not durable. MADOGUCHI_CRASH_STRIDE takes
every n-th point only (for the sanitizers' builds), MADOGUCHI_CRASH_AT a single one, e.g. `17:before`.
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.struck import Struck, StruckWorld, points_of, stride
from fixture.world import madoguchi


class Crash:
    layout = None
    citizen = "expiring-soon"

    def setUp(self):
        self.world = StruckWorld(layout=self.layout)
        self.addCleanup(self.world.stop)
        self.world.start()

    def test_every_point_between_two_records(self):
        records = self.episode(None)
        self.assertGreater(records, 10 * len(self.certificates))
        for point in points_of(records, ("before", "after"), stride()):
            with self.subTest(point=point, layout=self.layout):
                self.episode(point)

    def episode(self, point):
        """One citizen, one crash; returns how many journal records the case has."""
        world = self.world
        card = world.make_card(self.citizen)
        old = self.serials()
        card.play(world.pcscd.ports[0])
        client = world.restart(point)
        crashed = False
        try:
            visit = self.attempt(client, card, None)
        except (madoguchi.Lost, ConnectionError):
            crashed = True
            self.assertEqual(world.daemon.process.wait(60), -9)
            client = world.restart()
            visit = self.attempt(client, card, self.known_case(client, card))
        self.assertEqual(crashed, point is not None, "the crash took place")
        records = len(client.call("cases.timeline", case=visit["id"])["entries"])
        self.check_end(card, visit, old)
        world.take_out(card)
        return records


class SpareSlot(Crash, Struck):
    layout = "spare"


class SingleSlot(Crash, Struck):
    layout = "single"


class NoPins(Crash, Struck):
    """A face-authentication card: in its new session only the terminal has rights, and it signs by those."""

    layout = "spare"
    citizen = "face-authentication"
    certificates = ("authentication",)
    tries = {}
    facts = {"card": {"face_authentication": True}}


if __name__ == "__main__":
    unittest.main()
