"""The holder comes alone."""

from second_client.api import Refused
from second_client.flow import LICENCE, NEW_PINS, OFFICE, STAFF, Flow, codes, today

IDENTITY = {"type": "drivers_licence", "of": "holder"}


class Alone(Flow):
    def test_both_certificates(self):
        card, reader = self.seat()
        seen = self.api.card.inspect(reader=reader)
        self.assertEqual(seen["kind"], "my_number_card")
        case = self.open(card, reader)
        self.assertEqual((case["state"], case["decision"]["outcome"]), ("open", "complete_today"))
        self.assertEqual(case["decision"]["pins_required"], ["resident_register", "authentication", "signature"])
        for pin in case["decision"]["pins_required"]:
            told = self.api.cases.verify_pin(
                case=case["id"], pin=pin, value=card.pins[pin], entered_by="holder", staff=STAFF,
                expected_tries_left=seen["tries_left"][pin],
            )  # fmt: skip
        self.assertEqual(told["case"]["state"], "ready")
        self.assertEqual(self.api.cases.get(case=case["id"]), told["case"])
        case = self.issue(case)
        self.check_card(case, card)
        self.assertIn(case["id"], [each["id"] for each in self.api.cases.list(card=case["card"])["cases"]])
        self.check_receipt(case)
        self.check_words(case)
        new = self.api.card.check_expiry(
            reader=reader, pins={"signature": card.pins["signature"]}, entered_by="holder", staff=STAFF
        )
        for name, told in case["certificates"].items():
            self.assertEqual(new["certificates"][name]["expires_on"], told["new"]["expires_on"])

    def check_receipt(self, case):
        sheet = self.api.cases.receipt(case=case["id"])
        self.assertEqual((sheet["kind"], sheet["case"], sheet["fee_yen"]), ("completed", case["id"], 0))
        copies = {each["certificate"]: each for each in sheet["certificates"]}
        for name, told in case["certificates"].items():
            self.assertEqual(copies[name]["serial"], told["new"]["serial"])
            self.assertEqual(copies[name]["expires_on"], told["new"]["expires_on"])
        again = self.api.availability.forecast(completed_at=sheet["completed_at"], actions=["renew"])
        self.assertEqual(sheet["services"], again["services"])
        self.assertEqual(sheet["caveat"], again["caveat"])
        self.refused("conflict", self.api.cases.receipt, case=case["id"], kind="incident")

    def check_words(self, case):
        entries = self.api.cases.timeline(case=case["id"])["entries"]
        self.assertEqual(entries[0]["kind"], "case.opened")
        self.assertEqual(entries[-1]["kind"], "case.completed")
        self.assertEqual([each["at"] for each in entries], sorted(each["at"] for each in entries))
        self.assertTrue(all(each["ja"] and each["en"] for each in entries))

    def test_only_the_signature_certificate(self):
        card, reader = self.seat()
        case = self.open(card, reader, wanted=["signature"])
        self.assertEqual(case["decision"]["certificates"]["authentication"]["action"], "none")
        case = self.done(case, card)
        self.assertEqual(list(case["certificates"]), ["signature"])

    def test_forgotten_pin(self):
        card, reader = self.seat()
        case = self.open(card, reader, pins={"authentication": "forgotten"})
        self.assertEqual(case["decision"]["outcome"], "not_today")
        self.assertEqual(case["decision"]["missing"], ["identity_document"])
        reset = self.api.cases.reset_pin
        new = {"value": NEW_PINS["authentication"], "entered_by": "holder"}
        asked = {"case": case["id"], "pin": "authentication", "staff": STAFF, **new}
        self.refused("conflict", reset, **asked)
        case = self.api.cases.update(case=case["id"], facts={"documents": [IDENTITY]}, staff=STAFF)
        self.assertEqual(case["decision"]["pin_resets"], ["authentication"])
        for wrong in ("12a4", "123", "12345", ""):
            self.refused("pin.malformed", reset, **{**asked, "value": wrong})
        self.refused("conflict", reset, **{**asked, "pin": "signature", "value": NEW_PINS["signature"]})
        self.done(self.reset(case, card, "authentication"), card)

    def test_locked_pins(self):
        card, reader = self.seat("blocked")
        seen = self.api.card.inspect(reader=reader)["tries_left"]
        case = self.open(card, reader, documents=[IDENTITY])
        self.assertEqual(set(case["decision"]["pin_resets"]), {pin for pin, tries in seen.items() if tries == 0})
        self.refused(
            "pin.locked", self.api.cases.verify_pin, case=case["id"], pin="signature", value=card.pins["signature"],
            entered_by="holder", staff=STAFF,
        )  # fmt: skip
        for wrong in ("ABC12", "ABCDEFGH123456789", "ABCDEF", "ABC-123"):
            error = self.refused(
                "pin.malformed", self.api.cases.reset_pin, case=case["id"], pin="signature", value=wrong,
                entered_by="holder", staff=STAFF,
            )  # fmt: skip
            self.assertEqual((error.details["min_length"], error.details["max_length"]), (6, 16))
        for pin in case["decision"]["pin_resets"]:
            case = self.reset(case, card, pin)
        # Letters count as upper case: what was written in small ones on a form is the same PIN.
        card.pins["signature"] = card.pins["signature"].lower()
        self.done(case, card)

    def test_wrong_pin_and_the_last_try(self):
        card, reader = self.seat()
        case = self.open(card, reader)
        entry = {"case": case["id"], "pin": "authentication", "entered_by": "holder", "staff": STAFF}
        verify = self.api.cases.verify_pin
        wrong = self.refused("pin.wrong", verify, **entry, value="0001", expected_tries_left=3)
        self.assertEqual((wrong.details["tries_left"], wrong.retryable), (2, True))
        changed = self.refused("pin.tries_changed", verify, **entry, value="0001", expected_tries_left=3)
        self.assertEqual(changed.details["tries_left"], 2)
        self.refused("pin.malformed", verify, **entry, value="x")
        self.assertEqual(self.refused("pin.wrong", verify, **entry, value="0002").details["tries_left"], 1)
        right = card.pins["authentication"]
        self.assertEqual(self.refused("pin.last_try", verify, **entry, value=right).details["tries_left"], 1)
        told = verify(**entry, value=right, expected_tries_left=1, accept_last_try=True)
        self.assertEqual(told["tries_left"], 3)
        self.refused("conflict", verify, **entry, entry="pinpad")
        self.done(case, card)

    def test_the_last_try_is_lost(self):
        card, reader = self.seat("one-try-left")
        case = self.open(card, reader)
        entry = {"case": case["id"], "pin": "authentication", "entered_by": "holder", "staff": STAFF}
        gone = self.refused("pin.locked", self.api.cases.verify_pin, **entry, value="0001", accept_last_try=True)
        self.assertEqual(gone.details["tries_left"], 0)
        case = self.api.cases.get(case=case["id"])
        self.assertEqual(case["decision"]["missing"], ["identity_document"])
        case = self.api.cases.update(case=case["id"], facts={"documents": [IDENTITY]}, staff=STAFF)
        case = self.enter(self.reset(case, card, "authentication"), card, "resident_register", "authentication")
        told = self.api.cases.verify_pin(
            **{**entry, "pin": "signature"}, value=card.pins["signature"], accept_last_try=True
        )
        self.check_card(self.issue(told["case"]), card)

    def test_expired(self):
        card, reader = self.seat("expired")
        case = self.open(card, reader)
        self.assertIn("certificate.expired", codes(case["decision"], "info"))
        self.assertEqual({each["action"] for each in case["decision"]["certificates"].values()}, {"issue_new"})
        self.done(case, card)

    def test_revoked(self):
        card, reader = self.seat()
        for slot in card.held()["slots"].values():
            self.world.authority.revoke(slot["certificate"]["serial"])
        states = {"signature": {"state": "revoked"}, "authentication": {"state": "revoked"}}
        case = self.open(card, reader, certificates=states)
        self.assertEqual({each["action"] for each in case["decision"]["certificates"].values()}, {"issue_new"})
        self.done(case, card)

    def test_when_does_it_expire(self):
        card, reader = self.seat()
        check = self.api.card.check_expiry
        self.assertEqual(check(reader=reader)["certificates"]["authentication"]["expires_on"], card.made["expires_on"])
        pins = {"signature": card.pins["signature"], "authentication": card.pins["authentication"]}
        told = check(reader=reader, pins=pins, expected_tries_left={"signature": 5}, entered_by="holder", staff=STAFF)
        held = card.held()["slots"]
        for name in pins:
            self.assertEqual(told["certificates"][name]["expires_on"], held[name]["certificate"]["expires_on"])
            self.assertEqual(int(told["certificates"][name]["serial"], 16), int(held[name]["certificate"]["serial"], 16))
        wrong = self.refused("pin.wrong", check, reader=reader, pins={"signature": "XXXX0000"}, staff=STAFF)
        self.assertEqual((wrong.details["pin"], wrong.details["tries_left"]), ("signature", 4))
        asked = {"facts": card.facts(purpose="expiry_check", visitor={"role": "proxy"}), "reader": reader, "staff": STAFF}
        blocked = self.refused("policy.blocked", self.api.cases.open, **asked)
        self.assertIn("expiry_check.holder_only", codes(blocked.details["decision"], "block"))

    def test_too_early_and_the_card_itself_first(self):
        card, reader = self.seat("fresh")
        early = self.refused("policy.blocked", self.open, card=card, reader=reader).details["decision"]
        self.assertIn("window.too_early", codes(early, "block"))
        self.assertGreater(early["opens_on"], today())
        card, reader = self.seat("card-ends-with-certificate")
        ends = self.refused("policy.blocked", self.open, card=card, reader=reader).details["decision"]
        self.assertIn("card.renewal_required", codes(ends, "redirect"))

    def test_after_the_last_reception(self):
        card, reader = self.seat()
        facts = {**card.facts(), "office": "banba-branch", "at": "2026-11-27T17:05:00+09:00"}
        asked = {"facts": facts, "reader": reader, "staff": STAFF}
        error = self.refused("policy.blocked", self.api.cases.open, **asked)
        self.assertIn("office.after_last_reception", codes(error.details["decision"], "override"))
        self.assertEqual(error.details["needs"], "override_reason")
        case = self.api.cases.open(**asked, override_reason="was in the line before")
        self.assertEqual(case["decision"]["outcome"], "complete_today")
        entries = self.api.cases.timeline(case=case["id"])["entries"]
        self.assertEqual(entries[0]["details"]["override_reason"], "was in the line before")
        self.done(case, card)

    def test_cancelled(self):
        card, reader = self.seat()
        case = self.cancel(self.enter(self.open(card, reader), card))
        self.assertEqual(case["state"], "cancelled")
        self.assertEqual(case["cancel_reason"], "the visitor has left")
        for method in (self.api.cases.issue, self.api.cases.update):
            self.assertEqual(self.refused("conflict", method, case=case["id"], staff=STAFF).details["state"], "cancelled")
        self.assertEqual(self.api.cases.list(states=["cancelled"], card=case["card"])["cases"], [case])

    def test_stale_revision(self):
        card, reader = self.seat()
        case = self.open(card, reader)
        self.api.cases.update(case=case["id"], facts={"documents": [LICENCE]}, revision=case["revision"], staff=STAFF)
        with self.assertRaises(Refused) as caught:
            self.api.cases.update(case=case["id"], facts={"documents": []}, revision=case["revision"], staff=STAFF)
        self.assertEqual(caught.exception.reason, "conflict")
        self.assertGreater(caught.exception.details["revision"], case["revision"])

    def test_no_card_of_this_kind(self):
        self.world.vacate()
        reader = self.world.pcscd.names[0]
        self.refused("card.absent", self.api.card.inspect, reader=reader)
        self.refused("reader.gone", self.api.card.inspect, reader="no such reader")
        self.refused("card.absent", self.api.card.check_expiry, reader=reader)
        self.assertEqual(self.api.readers.list()["readers"][0]["state"], "empty")
        facts = {"office": OFFICE, "holder": {"birth_date": "1980-04-10"}, "card": {"presented": False}}
        case = self.api.cases.open(facts=facts, staff=STAFF)
        self.assertEqual(case["decision"]["missing"], ["my_number_card"])
