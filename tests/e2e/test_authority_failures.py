"""A certification authority that is away, slow, broken or says no: named, nothing wrong on a card, and gone on with."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.trouble import CERTIFICATES, Trouble


class AuthorityFailures(Trouble):
    world_options = {"timeout": 5, "patience": 4}

    def order(self, fault, body="cr", **members):
        self.world.authority.order({"fault": fault, "body": body, **members})

    def check_untouched(self, visit):
        """The certificates on the card are still the old ones."""
        case = visit.get()
        for name in CERTIFICATES:
            old = case["certificates"][name]["old"]["serial"]
            self.assertEqual(visit.card.held()["slots"][name]["certificate"]["serial"], old)

    def ends_well(self, visit):
        """No PIN is asked for again: the card has stayed in its reader."""
        case = visit.issue()
        self.assertEqual(case["state"], "completed")
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])
        return case

    def test_down_and_up_again(self):
        visit = self.ready()
        self.world.authority.stop()
        self.addCleanup(lambda: self.world.authority.running or self.world.authority.start())
        error = self.refused("authority.unreachable", visit.issue)
        self.assertTrue(error.retryable)
        self.assertEqual(error.case, visit.id)
        self.refused("authority.unreachable", visit.issue)
        self.check_untouched(visit)
        self.assertEqual(visit.get()["state"], "issuing")
        self.refused("conflict", lambda: self.client.call("cases.cancel", case=visit.id, reason="-", staff="clerk-7"))
        self.world.authority.start()
        self.ends_well(visit)

    def test_slow_is_not_a_failure(self):
        visit = self.ready()
        self.order("delay", ms=1500)
        self.order("delay", "certConf", ms=1500)
        self.ends_well(visit)

    def test_too_slow_and_never(self):
        for fault, members in (("delay", {"ms": 20000}), ("hang", {})):
            with self.subTest(fault=fault):
                visit = self.ready()
                self.order(fault, **members)
                self.refused("authority.unreachable", visit.issue)
                self.ends_well(visit)
                self.leave(visit.card)

    def test_a_lost_reply_makes_no_second_certificate(self):
        for body in ("cr", "certConf", "rr"):
            with self.subTest(body=body):
                visit = self.ready()
                self.order("lose_reply", body)
                self.refused("authority.unreachable", visit.issue)
                self.ends_well(visit)
                self.leave(visit.card)

    def test_an_error_page(self):
        visit = self.ready()
        self.order("http_500")
        self.refused("authority.unreachable", visit.issue)
        self.ends_well(visit)

    def test_garbage_once_is_asked_again(self):
        for mode in ("random", "truncated", "nonce", "protection"):
            for body in ("cr", "certConf", "rr"):
                with self.subTest(mode=mode, body=body):
                    visit = self.ready()
                    self.order("garbage", body, mode=mode)
                    self.ends_well(visit)
                    self.leave(visit.card)

    def test_garbage_without_end_is_named(self):
        visit = self.ready()
        self.order("garbage", mode="protection", count=50)
        self.refused("authority.mismatch", visit.issue)
        self.check_untouched(visit)
        self.world.authority.order({"clear": True})
        self.ends_well(visit)

    def test_an_unsigned_error_decides_nothing(self):
        visit = self.ready()
        self.order("unsigned_error", count=50)
        self.refused("authority.unreachable", visit.issue)
        self.world.authority.order({"clear": True})
        self.ends_well(visit)

    def test_a_certificate_for_another_key_is_refused(self):
        visit = self.ready()
        self.order("wrong_key")
        self.refused("authority.mismatch", visit.issue)
        case = visit.get()
        self.assertEqual((case["state"], case["attention"]["reason"]), ("attention", "authority.mismatch"))
        self.assertIn("refusal.done", visit.timeline())
        self.check_untouched(visit)
        self.assertEqual(visit.issue()["state"], "completed")
        # The refused one stays in the authority's register; it is for a key that is on no card.
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [2, 1])

    def test_other_dates_are_told(self):
        visit = self.ready()
        self.order("wrong_dates", days=-1)
        case = visit.issue()
        self.assertEqual(case["state"], "completed")
        self.assertTrue(case["certificates"]["authentication"]["differs_from_preview"])

    def test_waiting(self):
        visit = self.ready()
        self.order("waiting", polls=2, check_after=1)
        self.ends_well(visit)

    def test_waiting_too_long(self):
        visit = self.ready()
        self.order("waiting", polls=3, check_after=3)
        error = self.refused("authority.waiting", visit.issue)
        self.assertTrue(error.retryable)
        for _ in range(5):
            if self.still_waiting(visit):
                continue
            break
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def still_waiting(self, visit):
        try:
            return visit.issue()["state"] != "completed"
        except Exception as error:  # noqa: BLE001
            self.assertEqual(getattr(error, "reason", error), "authority.waiting")
            return True

    def test_rejected(self):
        visit = self.ready()
        self.order("reject", failure="badPOP", text="refused by a person")
        self.refused("authority.rejected", visit.issue)
        case = visit.get()
        self.assertEqual((case["state"], case["attention"]["reason"]), ("attention", "authority.rejected"))
        self.check_untouched(visit)
        self.ends_well(visit)

    def test_rejected_for_the_second_certificate(self):
        visit = self.ready()
        self.order("delay", ms=1)
        self.order("reject", failure="badRequest", count=2)
        self.refused("authority.rejected", visit.issue)
        self.refused("authority.rejected", visit.issue)
        self.ends_well(visit)

    def test_a_revocation_that_is_refused_is_left_to_the_back_office(self):
        visit = self.ready()
        self.order("reject", "rr", failure="badRequest")
        case = visit.issue()
        self.assertEqual(case["state"], "completed")
        self.assertTrue(case["certificates"]["authentication"]["revocation_unclear"])
        self.assertNotIn("revocation_unclear", case["certificates"]["signature"])


if __name__ == "__main__":
    unittest.main()
