"""A certification authority that is away, slow, broken or says no: named, nothing wrong on a card, and gone on with."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.opensc import OpenSC, same_serial, verified_by
from fixture.program import wait_until
from fixture.trouble import CERTIFICATES, Trouble


class AtTheAuthority(Trouble):
    """What both kinds of card need."""

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

    def cancel(self, visit):
        return self.client.call("cases.cancel", case=visit.id, reason="the authority is away", staff="clerk-7")

    def away(self):
        self.world.authority.stop()
        self.addCleanup(lambda: self.world.authority.running or self.world.authority.start())

    def refused_with_the_card_as_it_was(self, visit, reason):
        """No key is made and nothing written: what the card remembers is the same to the byte."""
        before = pathlib.Path(visit.card.file).read_bytes()
        error = self.refused(reason, visit.issue)
        self.assertEqual(error.case, visit.id)
        self.assertEqual(pathlib.Path(visit.card.file).read_bytes(), before)
        self.check_untouched(visit)
        case = visit.get()
        self.assertEqual(case["state"], "issuing")
        self.assertEqual({each["phase"] for each in case["certificates"].values()}, {"planned"})
        self.assertNotIn("key.intent", visit.timeline())
        return error

    def configured(self, text):
        """A client of the daemon that was started again with that configuration."""
        self.world.daemon.stop()
        self.world.configuration.write_text(text)
        return self.world.start_again()

    def test_issuers_that_issue_nothing_here_cost_no_key(self):
        right = self.world.configuration.read_text()
        # Only the other certificate's, as when one file is taken for both.
        wrong = right.replace("ca/signature.crt.pem, ca/authentication.crt.pem", "ca/signature.crt.pem")
        self.assertNotEqual(wrong, right)
        self.configured(wrong)
        try:
            visit = self.ready()
            error = self.refused_with_the_card_as_it_was(visit, "authority.mismatch")
            self.assertEqual(error.details["differs"], "issuers")
            self.assertIn("madoguchi doctor", error.ja)
        finally:
            client = self.configured(right)
        visit.client = client
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def test_away_from_the_start_costs_no_key(self):
        visit = self.ready()
        self.away()
        for _ in range(2):
            error = self.refused_with_the_card_as_it_was(visit, "authority.unreachable")
            self.assertTrue(error.retryable)
        self.world.authority.start()
        self.ends_well(visit)

    def test_away_from_the_start_and_the_citizen_goes_home(self):
        visit = self.ready()
        self.away()
        self.refused_with_the_card_as_it_was(visit, "authority.unreachable")
        old = visit.get()["certificates"]
        self.assertEqual(self.cancel(visit)["state"], "cancelled")
        # The card is free, and the old key signs under the old certificate for a program that knows nothing of ours.
        card = OpenSC(self.world.pcscd.env, visit.reader, self.world.folder)
        for name in CERTIFICATES:
            pin = visit.card.pins[name]
            certificate = card.certificate(name, pin if name == "signature" else None)
            self.assertTrue(same_serial(certificate.serial, old[name]["old"]["serial"]))
            signature = card.sign(name, pin, b"as before")
            self.assertTrue(verified_by(certificate, b"as before", signature, self.world.folder))

    def test_broken_at_the_first_question(self):
        for fault in ("http_500", "lose_reply", "unsigned_error", "hang"):
            with self.subTest(fault=fault):
                visit = self.ready()
                self.order(fault, "genm", count=2)
                self.refused_with_the_card_as_it_was(visit, "authority.unreachable")
                self.world.authority.order({"clear": True})
                self.ends_well(visit)
                self.leave(visit.card)

    def test_garbage_at_the_first_question(self):
        for mode in ("random", "truncated", "nonce", "protection"):
            with self.subTest(mode=mode):
                visit = self.ready()
                self.order("garbage", "genm", mode=mode, count=2)
                self.refused_with_the_card_as_it_was(visit, "authority.mismatch")
                self.order("garbage", "genm", mode=mode)
                self.ends_well(visit)
                self.leave(visit.card)

    def test_a_refused_certificate_is_followed_by_another_key(self):
        """The authority revokes what it is given back, and never certifies that key again."""
        for fault, members in (("wrong_subject", {}), ("wrong_dates", {"days": 1}), ("wrong_subject", {"count": 2})):
            with self.subTest(fault=fault, **members):
                visit = self.ready()
                self.order(fault, **members)
                refusals = members.get("count", 1)
                for n in range(refusals):
                    error = self.refused("authority.mismatch", visit.issue)
                    self.assertEqual(error.case, visit.id)
                    case = visit.get()
                    self.assertEqual((case["state"], case["attention"]["reason"]), ("attention", "authority.mismatch"))
                    self.assertEqual(visit.timeline().count("refusal.done"), n + 1)
                    self.check_untouched(visit)
                self.assertEqual(visit.issue()["state"], "completed")
                self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1 + refusals, 1])
                self.assertEqual(visit.timeline().count("key.restarted"), refusals)
                self.assertEqual(visit.timeline().count("key.made"), 2 + refusals)
                self.leave(visit.card)


class SingleSlot(AtTheAuthority):
    """A new key destroys the old one: all the more must not be begun in vain."""

    layout = "single"


class AuthorityFailures(AtTheAuthority):
    def test_away_once_the_key_is_made(self):
        visit = self.ready()
        self.order("http_500")
        self.refused("authority.unreachable", visit.issue)
        self.away()
        self.refused("authority.unreachable", visit.issue)
        self.check_untouched(visit)
        self.assertEqual(visit.get()["state"], "issuing")
        self.refused("conflict", self.cancel, visit)
        self.world.authority.start()
        self.ends_well(visit)

    def test_what_is_left_to_say_is_said_by_itself(self):
        """The citizen has gone home with a card that works; the daemon ends and begins again."""
        for body in ("certConf", "rr"):
            with self.subTest(body=body):
                visit = self.ready()
                self.order("http_500", body)
                self.refused("authority.unreachable", visit.issue)
                self.assertEqual(visit.get()["state"], "issuing")
                self.leave(visit.card)
                type(self).client = visit.client = self.restarted()
                self.world.await_reader("empty")
                wait_until(
                    lambda: visit.get()["certificates"]["authentication"]["phase"] == "done",
                    "the authority has been told",
                )
                # The other certificate waits for the card, which comes back another day.
                self.assertEqual(visit.get()["certificates"]["signature"]["phase"], "planned")
                self.world.insert(visit.card)
                self.finish(visit)
                self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])
                self.leave(visit.card)

    def restarted(self):
        for client in self.world._clients:
            client.close()
        self.world._clients.clear()
        self.world.daemon.stop()
        return self.world.start_daemon()

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
        self.order("wrong_key")  # of which this card's key knows nothing: it stays
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

    def unclear_confirmation(self):
        """Away at first, the authority then says no to a confirmation that may have counted before."""
        visit = self.ready()
        self.order("http_500", "certConf")
        self.refused("authority.unreachable", visit.issue)
        self.order("reject", "certConf", failure="badRequest")
        return visit

    def entry(self, told):
        """The certificate in the authority's register."""
        (entry,) = [e for e in self.world.authority.issued() if same_serial(e["serial"], told["serial"])]
        return entry

    def standing(self, told):
        return self.entry(told)["status"]

    def test_an_unclear_confirmation_is_cleared_up_by_the_certificates_status(self):
        visit = self.unclear_confirmation()
        case = visit.issue()
        self.assertEqual(case["state"], "completed")
        self.assertNotIn("attention", case)
        for told in case["certificates"].values():
            self.assertNotIn("confirmation_unclear", told)
            self.assertNotIn("revocation_unclear", told)
            self.assertEqual((self.standing(told["old"]), self.standing(told["new"])), ("revoked", "good"))
        self.assertEqual(self.keys_asked_for(case), [1, 1])
        kinds = visit.timeline()
        self.assertLess(kinds.index("confirmation.unclear"), kinds.index("status.good"))
        self.assertLess(kinds.index("status.good"), kinds.index("revocation.sending"))

    def test_a_new_certificate_that_the_authority_has_revoked_is_named(self):
        visit = self.unclear_confirmation()
        new = visit.get()["certificates"]["authentication"]["new"]
        self.world.authority.revoke(self.entry(new)["serial"])
        self.refused("authority.rejected", visit.issue)
        case = visit.get()
        # The other certificate is none the worse for it.
        self.assertEqual((case["state"], case["attention"]["reason"]), ("partly_completed", "authority.rejected"))
        self.assertEqual(case["certificates"]["signature"]["phase"], "done")
        self.assertTrue(case["certificates"]["authentication"]["revocation_unclear"])
        self.assertIn("失効", case["attention"]["look_at"]["ja"])
        kinds = visit.timeline()
        self.assertIn("status.revoked", kinds)
        old = case["certificates"]["authentication"]["old"]
        self.assertEqual(self.standing(old), "good", "what is to become of it is the authority's to say")
        self.assertEqual(self.cancel(visit)["state"], "cancelled")

    def test_a_revocation_that_is_refused_is_left_to_the_back_office(self):
        visit = self.ready()
        self.order("reject", "rr", failure="badRequest")
        case = visit.issue()
        self.assertEqual(case["state"], "completed")
        self.assertTrue(case["certificates"]["authentication"]["revocation_unclear"])
        self.assertNotIn("revocation_unclear", case["certificates"]["signature"])


del AtTheAuthority  # its tests are run for each kind of card


if __name__ == "__main__":
    unittest.main()
