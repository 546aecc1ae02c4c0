"""PINs entered at the card reader's own keys: through pcscd to a driver that has some, and from there to the card."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.at_tty import AtTty
from fixture.counter import STAFF, enter_pin
from fixture.pin_pad import WorldWithPinPad
from fixture.trouble import Trouble
from fixture.world import madoguchi

DIGITS = ("resident_register", "authentication")


class OptionalPad(WorldWithPinPad):
    pin_pad = "optional"


class NoUseOfPad(WorldWithPinPad):
    pin_pad = "never"


class AtTheKeys(Trouble):
    world_class = WorldWithPinPad

    def setUp(self):
        self.addCleanup(self.world.pcscd.leave_nothing)

    def ask(self, visit, pin, **guards):
        return visit.client.call(
            "cases.verify_pin", case=visit.id, pin=pin, entry="pinpad", entered_by="holder", staff=STAFF, **guards
        )

    def enter(self, visit, pin, digits=None, **guards):
        """The holder enters the right PIN unless told; counted as one that is typed."""
        self.world.pcscd.press(digits or visit.card.pins[pin])
        try:
            reply = self.ask(visit, pin, **guards)
        except madoguchi.Error as error:
            visit.card.entered.add(error.reason, guards.get("accept_last_try", False))
            raise
        visit.card.entered.add(None)
        return reply


class WhereThereAreKeys(AtTheKeys):
    def test_a_whole_renewal_with_the_holders_pins_at_the_keys(self):
        visit = self.arrive()
        reader = self.client.call("readers.list")["readers"][0]
        self.assertIs(reader["pinpad"], True, reader)
        for pin in DIGITS:
            self.assertEqual(self.enter(visit, pin)["tries_left"], 3)
        self.assertEqual(enter_pin(self.client, visit.card, visit.id, "signature")["case"]["state"], "ready")
        entries = [e for e in self.client.call("cases.timeline", case=visit.id)["entries"] if e["kind"] == "pin.matched"]
        told = [(e["details"]["pin"], e["details"].get("entry"), e["details"]["entered_by"]) for e in entries]
        expected = [(pin, "pinpad", "holder") for pin in DIGITS] + [("signature", None, "holder")]
        self.assertEqual(told, expected)
        self.finish(visit)
        self.check_end(visit)

    def test_a_typed_pin_is_refused_before_anything_is_sent(self):
        visit = self.arrive()
        for pin in DIGITS:
            error = self.refused("conflict", visit.verify, pin)
            self.assertEqual((error.details["cannot"], error.details["entry"]), ("typed", "pinpad"))
        error = self.refused("conflict", self.ask, visit, "signature")
        self.assertEqual(error.details["cannot"], "pinpad", "no keys for its letters")
        self.assertNotIn("pin.intent", visit.timeline())
        visit.card.entered.check(self, visit.card)

    def test_what_is_wrong_there_costs_what_it_costs_when_typed(self):
        visit = self.arrive()
        right = visit.card.pins["authentication"]
        wrong = right[:-1] + ("1" if right[-1] == "0" else "0")
        error = self.refused("pin.wrong", self.enter, visit, "authentication", wrong)
        self.assertEqual(error.details["tries_left"], 2)
        self.refused("pin.tries_changed", self.ask, visit, "authentication", expected_tries_left=3)
        error = self.refused("pin.wrong", self.enter, visit, "authentication", wrong, expected_tries_left=2)
        self.assertEqual(error.details["tries_left"], 1)
        self.refused("pin.last_try", self.ask, visit, "authentication")
        self.assertEqual(self.enter(visit, "authentication", accept_last_try=True)["tries_left"], 3)
        visit.card.entered.check(self, visit.card)

    def test_nothing_is_sent_when_nothing_is_entered(self):
        visit = self.arrive()
        self.refused("pin.cancelled", self.enter, visit, "authentication", "cancel")
        self.refused("pin.malformed", self.enter, visit, "authentication", "123")
        self.refused("pin.timeout", self.ask, visit, "authentication")
        self.assertEqual(visit.timeline()[-6:], ["pin.intent", "pin.not_sent"] * 3)
        self.assertEqual(visit.card.held()["tries"]["authentication"], 3)
        self.assertEqual(self.enter(visit, "authentication")["tries_left"], 3, "the card is still held")
        visit.card.entered.check(self, visit.card)

    def test_check_expiry_keeps_to_the_same(self):
        self.world.vacate()
        card = self.world.make_card("expiring-soon")
        reader = self.world.insert(card)
        self.addCleanup(self.leave, card)

        def check(pin):
            return self.client.call("card.check_expiry", reader=reader, pins={"authentication": pin}, staff=STAFF)

        self.refused("conflict", check, card.pins["authentication"])
        self.world.pcscd.press(card.pins["authentication"])
        dates = check({"entry": "pinpad"})["certificates"]
        card.entered.add(None)
        self.assertEqual(dates["authentication"]["expires_on"], card.made["expires_on"])
        card.entered.check(self, card)


    def test_the_command_has_the_holder_at_the_keys(self):
        self.world.vacate()
        card = self.world.make_card("expiring-soon")
        reader = self.world.insert(card)
        self.addCleanup(self.leave, card)
        with AtTty(
            "madoguchi", "renew", "--reader", reader, "--birth-date", card.made["birth"],
            "--office", "citizens-division", "--lang", "ja", MADOGUCHI_SOCKET=str(self.world.socket),
        ) as clerk:  # fmt: skip
            keys = [("cancel", "取り消されました"), *((card.pins[pin], "一致しました") for pin in DIGITS)]
            for pressed, follows in keys:
                self.world.pcscd.press(pressed)
                clerk.answer("中止はq): ")
                clerk.asked("確定キーを押してください")
                clerk.asked(follows)
            clerk.answer("Enterのみで中止): ", card.pins["signature"])
            self.assertEqual(clerk.end(), 0, clerk.said)
        for _ in ("signature", *DIGITS):
            card.entered.add(None)
        card.entered.check(self, card)
        for digits in (card.pins[pin] for pin in DIGITS):
            self.assertNotIn(digits, clerk.said)


class WhereTheyAreOptional(AtTheKeys):
    world_class = OptionalPad

    def test_both_ways_are_taken(self):
        visit = self.arrive()
        visit.verify("resident_register")
        self.enter(visit, "authentication")
        visit.card.entered.check(self, visit.card)


class WhereTheyAreNotUsed(AtTheKeys):
    world_class = NoUseOfPad

    def test_they_are_as_good_as_absent(self):
        visit = self.arrive()
        self.assertIs(self.client.call("readers.list")["readers"][0]["pinpad"], False)
        error = self.refused("conflict", self.ask, visit, "authentication")
        self.assertEqual(error.details["cannot"], "pinpad")
        visit.verify("authentication")
        visit.card.entered.check(self, visit.card)


if __name__ == "__main__":
    unittest.main()
