"""What is left to the clerk over the socket: it takes a reason, and the reason is good for nothing else."""

import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import STAFF, Visit
from fixture.world import World, madoguchi

JAPAN = datetime.timezone(datetime.timedelta(hours=9))


class Override(unittest.TestCase):
    def setUp(self):
        self.world = World(layout="single")
        self.world.start()
        self.addCleanup(self.world.stop)
        self.client = self.world.client()
        self.card = self.world.make_card("expiring-soon")
        self.reader = self.world.insert(self.card)

    def refused(self, reason, **params):
        with self.assertRaises(madoguchi.Error) as raised:
            self.open(**params)
        self.assertEqual(raised.exception.reason, reason)
        return raised.exception

    def open(self, facts=None, **params):
        facts = self.card.facts(**(facts or {}))
        return self.client.call("cases.open", facts=facts, reader=self.reader, staff=STAFF, **params)

    def test_it_needs_a_reason_and_does_not_change_the_outcome(self):
        policy = self.world.folder / "policy.yaml"
        known = "reception: {lead_minutes: 0}"
        text = policy.read_text()
        self.assertEqual(text.count(known), 1)
        policy.write_text(text.replace(known, "reception: {lead_minutes: 240, enforcement: advise}"))
        self.client.call("policy.reload")
        yesterday = datetime.datetime.now(JAPAN) - datetime.timedelta(days=1)
        late = yesterday.replace(hour=22, minute=30, second=0, microsecond=0).isoformat()
        error = self.refused("policy.blocked", facts={"at": late})
        self.assertEqual(error.details["needs"], "override_reason")
        self.assertTrue(error.details["ja"] and error.details["en"])
        decision = error.details["decision"]
        self.assertIn(
            ("office.after_last_reception", "override"), [(f["code"], f["severity"]) for f in decision["findings"]]
        )
        self.assertEqual(self.client.call("cases.list")["cases"], [])
        case = self.open(facts={"at": late}, override_reason="was in the queue at six")
        self.assertEqual(case["decision"]["outcome"], "complete_today")
        self.assertEqual(case["decision"], decision)

    def test_its_reason_passes_over_no_unfinished_case(self):
        first = Visit(self.client, self.card, self.reader)
        first.open()
        first.verify_all()
        self.world.authority.order({"fault": "lose_reply", "body": "cr"})
        with self.assertRaises(madoguchi.Error):
            first.issue()
        self.world.take_out(self.card)
        self.world.insert(self.card)
        reason = "came before the reception ended"
        for params in ({}, {"override_reason": reason}, {"override_reason": reason, "beside": ["another"]}):
            error = self.refused("conflict", **params)
            self.assertEqual(error.case, first.id)
            self.assertEqual(error.details["unfinished"], [first.id])
        issued = len(self.world.authority.issued())
        first.verify_all()
        self.assertEqual(first.issue()["state"], "completed")
        good = [each for each in self.world.authority.issued() if each["status"] == "good"]
        self.assertEqual(sorted(each["kind"] for each in good), ["authentication", "signature"])
        self.assertEqual(len(self.world.authority.issued()), issued + 1, "the signature certificate alone")


if __name__ == "__main__":
    unittest.main()
