"""PINs that are wrong, malformed, forgotten or locked: the contract's refusals, and no try lost by accident."""

import functools
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.trouble import Trouble

VERIFY = "20"
LICENCE = {"type": "drivers_licence", "of": "holder"}


class PinFailures(Trouble):
    def wrong(self, visit, pin):
        right = visit.card.pins[pin]
        return right[:-1] + ("1" if right[-1] == "0" else "0")

    def tries(self, visit, pin):
        return visit.card.held()["tries"][pin]

    def test_a_wrong_pin_costs_one_try_and_the_right_one_gives_it_back(self):
        visit = self.arrive()
        visit.verify("resident_register")
        error = self.refused("pin.wrong", visit.verify, "authentication", self.wrong(visit, "authentication"))
        self.assertEqual(error.details["tries_left"], 2)
        self.assertEqual(self.tries(visit, "authentication"), 2)
        case = visit.get()
        self.assertEqual((case["state"], case["pins"]["authentication"]), ("open", "mismatched"))
        error = self.refused("pin.wrong", visit.verify, "signature", self.wrong(visit, "signature"))
        self.assertEqual(error.details["tries_left"], 4)
        self.refused("conflict", visit.issue)
        self.assertEqual(visit.verify("authentication")["tries_left"], 3)
        self.assertEqual(visit.verify("signature")["case"]["state"], "ready")
        self.finish(visit)
        self.check_end(visit)

    def test_a_malformed_pin_is_never_sent(self):
        visit = self.arrive()
        before = visit.card.order("status")["counts"].get(VERIFY, 0)
        for pin, value in (("authentication", "123"), ("authentication", "12345"), ("authentication", "12A4"),
                           ("signature", "ABC12"), ("signature", "A" * 17), ("signature", "ABC-123")):  # fmt: skip
            self.refused("pin.malformed", visit.verify, pin, value)
        self.assertEqual(visit.card.order("status")["counts"].get(VERIFY, 0), before, "the card was not even asked")
        self.assertEqual(visit.card.held()["tries"], visit.card.made["tries"])
        visit.verify_all()
        self.finish(visit)
        self.check_end(visit)

    def test_the_last_try_needs_consent(self):
        visit = self.arrive("one-try-left")
        visit.verify("resident_register")
        for pin in ("authentication", "signature"):
            for value in (None, self.wrong(visit, pin)):
                self.refused("pin.last_try", visit.verify, pin, value)
            self.assertEqual(self.tries(visit, pin), 1, "nothing was sent")
            reply = visit.verify(pin, accept_last_try=True)
            self.assertEqual(reply["tries_left"], {"authentication": 3, "signature": 5}[pin])
        self.assertEqual(visit.get()["state"], "ready")
        self.finish(visit)
        self.check_end(visit)

    def test_a_last_try_that_fails_locks_and_is_reset_with_proof_of_identity(self):
        visit = self.arrive("one-try-left", facts={"documents": [LICENCE]})
        visit.verify("resident_register")
        wrong = self.wrong(visit, "authentication")
        error = self.refused("pin.locked", visit.verify, "authentication", wrong, accept_last_try=True)
        self.assertEqual(error.details.get("tries_left", 0), 0)
        self.refused("pin.locked", visit.verify, "authentication")
        self.assertEqual(visit.get()["decision"]["pin_resets"], ["authentication"])
        self.reset(visit, "authentication", "0852")
        visit.verify("signature", accept_last_try=True)
        self.finish(visit)
        self.check_end(visit)

    def reset(self, visit, pin, value):
        reply = visit.client.call(
            "cases.reset_pin", case=visit.id, pin=pin, value=value, entered_by="holder", staff="clerk-7"
        )
        visit.card.pins[pin] = value
        visit.card.entered.add(None)  # it is checked as soon as it is set
        return reply

    def test_locked_pins_are_initialised_when_the_decision_allows(self):
        visit = self.arrive("blocked")
        case = visit.get()
        self.assertEqual((case["decision"]["outcome"], case["decision"]["missing"]), ("not_today", ["identity_document"]))
        self.refused("pin.locked", visit.verify, "authentication")
        self.refused("conflict", self.reset, visit, "authentication", "0852")
        facts = {"documents": [LICENCE]}
        case = visit.client.call("cases.update", case=visit.id, facts=facts, staff="clerk-7")
        self.assertEqual(case["decision"]["outcome"], "complete_today", case["decision"]["findings"])
        self.assertEqual(sorted(case["decision"]["pin_resets"]), ["authentication", "signature"])
        visit.verify("resident_register")
        self.refused("pin.malformed", self.reset, visit, "authentication", "80")
        self.assertEqual(self.reset(visit, "authentication", "0852")["tries_left"], 3)
        self.assertEqual(self.reset(visit, "signature", "NEWPASS26")["case"]["state"], "ready")
        self.finish(visit)
        self.check_end(visit)

    def test_other_tries_left_than_expected_send_nothing(self):
        visit = self.arrive(tries=["authentication=2"])
        self.refused("pin.tries_changed", visit.verify, "authentication", expected_tries_left=3)
        self.refused("pin.tries_changed", visit.verify, "authentication", "0000", expected_tries_left=1)
        self.assertEqual(self.tries(visit, "authentication"), 2)
        visit.verify("resident_register", expected_tries_left=3)
        visit.verify("authentication", expected_tries_left=2)
        visit.verify("signature", expected_tries_left=5)
        self.finish(visit)
        self.check_end(visit)

    def test_check_expiry_keeps_the_same_guards(self):
        card = self.world.make_card("one-try-left")
        reader = self.world.insert(card)
        self.addCleanup(self.world.take_out, card)
        call, end = functools.partial(self.client.call, staff="clerk-7"), card.made["expires_on"]
        dates = call("card.check_expiry", reader=reader)["certificates"]
        self.assertEqual((dates["authentication"]["expires_on"], dates["signature"]), (end, {"present": True, "unknown": True}))
        pins = {"signature": card.pins["signature"]}
        self.refused("pin.malformed", call, "card.check_expiry", reader=reader, pins={"signature": "ABC12"})
        self.refused("pin.last_try", call, "card.check_expiry", reader=reader, pins=pins)
        expected = {"signature": 5}
        self.refused("pin.tries_changed", call, "card.check_expiry", reader=reader, pins=pins, expected_tries_left=expected)
        self.assertEqual(card.held()["tries"]["signature"], 1)
        dates = call("card.check_expiry", reader=reader, pins=pins, accept_last_try=True)["certificates"]
        self.assertEqual(dates["signature"]["expires_on"], end)
        self.assertEqual(card.held()["tries"]["signature"], 5)


if __name__ == "__main__":
    unittest.main()
