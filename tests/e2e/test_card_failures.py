"""Cards that are pulled, swapped, torn or mute in the middle of the work, and pcscd dying: named, and gone on with."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.program import wait_until
from fixture.trouble import Trouble

# Commands of the issuing, by instruction: which command of its kind strikes, counted from the beginning of the call.
PULLS = {
    "challenge for the terminal": "ins=84",
    "terminal authentication": "ins=82",
    "making the first key": "ins=46,p1=80",
    "making the second key": "ins=46,p1=80,count=2",
    "signing the first request": "ins=2A",
    "writing the certificate": "ins=D6,count=2",
    "writing the second certificate": "ins=D6,count=9",
    "reading back": "ins=B0,count=9",
}


class CardFailures(Trouble):
    def pulled(self, spec, moment):
        """The card vanishes at that command of the issuing, is put back, and the case goes on."""
        visit = self.ready()
        visit.card.fault(f"vanish-{moment}:{spec}")
        self.refused("card.removed", visit.issue)
        case = visit.get()
        self.assertIn(case["state"], ("issuing", "partly_completed", "ready"))
        self.put_back(visit.card)
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])
        return visit

    def pulled_at_each(self, pulls):
        for name, spec in pulls.items():
            for moment in ("before", "after"):
                with self.subTest(pulled=name, moment=moment):
                    visit = self.pulled(spec, moment)
                    self.leave(visit.card)

    def test_pulled_while_issuing(self):
        self.pulled_at_each(PULLS)

    def test_pulled_while_a_pin_is_checked(self):
        for moment in ("before", "after"):
            with self.subTest(moment=moment):
                visit = self.arrive()
                visit.verify("resident_register")
                # The second VERIFY carries the PIN; the first only asks for the tries left.
                visit.card.fault(f"vanish-{moment}:ins=20,count=2")
                self.refused("card.removed", visit.verify, "authentication")
                case = visit.get()
                self.assertEqual((case["state"], case["pins"]["authentication"]), ("open", "unverified"))
                self.assertEqual(visit.timeline()[-2:], ["pin.intent", "pin.unclear"])
                self.put_back(visit.card)
                self.refused("conflict", visit.issue)
                self.assertEqual(visit.verify_all()["state"], "ready")
                self.finish(visit)
                self.check_end(visit)
                self.leave(visit.card)

    def test_another_card_is_not_touched(self):
        visit = self.ready()
        other = self.world.make_card("expiring-soon")
        before = other.held()
        own, player = visit.card.file, visit.card
        player.order("swap", state=other.file)
        self.await_new_card(visit)
        self.refused("card.different", visit.verify, "authentication")
        self.refused("card.different", visit.issue)
        update = {"case": visit.id, "reader": visit.reader, "staff": "clerk-7"}
        self.refused("card.different", visit.client.call, "cases.update", **update)
        self.assertEqual(other.held(), before, "no try, no key, no certificate")
        player.order("swap", state=own)
        self.await_new_card(visit)
        self.finish(visit)
        self.check_end(visit)

    def test_another_card_in_the_middle_of_issuing(self):
        visit = self.ready()
        visit.card.fault("vanish-after:ins=46,p1=80,count=1")
        self.refused("card.removed", visit.issue)
        other = self.world.make_card("expiring-soon")
        before = other.held()
        self.world.await_reader("empty")
        visit.card.order("swap", state=other.file)
        self.world.await_reader("present")
        self.refused("card.different", visit.issue)
        self.assertEqual(other.held(), before)
        visit.card.order("swap", state=visit.card.file)
        self.await_new_card(visit)
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def await_new_card(self, visit):
        """A swap is one removal and one insertion: until the daemon has told of both."""
        self.world.await_reader("present")
        wait_until(lambda: self.inspectable(visit), "the new card answers")

    def inspectable(self, visit):
        try:
            return visit.inspect()
        except Exception as error:  # noqa: BLE001
            if getattr(error, "reason", "") in ("card.absent", "card.removed", "reader.busy"):
                return None
            raise

    def test_a_card_that_refuses_needs_attention_and_goes_on(self):
        for name, fault in (("write", "write-failure:count=3"), ("key", "keygen-failure:p1=80")):
            with self.subTest(refused=name):
                visit = self.ready()
                visit.card.fault(fault)
                self.refused("card.refused", visit.issue)
                case = visit.get()
                self.assertEqual(case["state"], "attention")
                self.assertEqual(case["attention"]["reason"], "card.refused")
                self.assertTrue(case["attention"]["look_at"]["ja"] and case["attention"]["look_at"]["en"])
                self.finish(visit)
                self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])
                self.leave(visit.card)

    def test_a_torn_write_is_written_again(self):
        visit = self.ready()
        visit.card.fault("torn-write:byte=700")
        self.refused("card.removed", visit.issue)
        self.put_back(visit.card)
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def test_a_mute_card_is_named_so(self):
        card = self.world.make_card("expiring-soon")
        self.world.insert(card)
        self.addCleanup(self.leave, card)
        card.order("remove")
        self.world.await_reader("empty")
        card.fault("mute")
        card.order("insert")
        self.world.await_reader("mute")
        self.refused("card.mute", self.client.call, "card.inspect", reader=self.world.pcscd.names[0])

    def test_an_empty_reader_and_no_reader(self):
        reader = self.world.pcscd.names[0]
        facts = {"office": "citizens-division", "holder": {"birth_date": "1980-04-10"}}
        for method, params in (("card.inspect", {}), ("cases.open", {"facts": facts, "staff": "clerk-7"})):
            self.refused("card.absent", self.client.call, method, reader=reader, **params)
            error = self.refused("reader.gone", self.client.call, method, reader="No Such Reader 00 00", **params)
            self.assertEqual(error.code, -32004)

    def test_pcscd_dies_and_comes_back(self):
        visit = self.ready()
        self.world.pcscd.kill()
        wait_until(lambda: self.service() == "failed", "system.health names pcscd")
        self.refused("reader.service_down", visit.issue)
        self.refused("reader.service_down", visit.inspect)
        self.world.pcscd.start()
        self.world.await_reader("present")
        self.assertEqual(self.service(), "ok")
        self.finish(visit)
        self.check_end(visit)

    def service(self):
        return self.client.call("system.health")["parts"]["readers"]["state"]


class SingleSlot(CardFailures):
    """The same without a spare slot: once the new key is made the old certificate is of no use, so it must go on."""

    layout = "single"


class Switching(Trouble):
    """ACTIVATE FILE, which only cards with a spare slot have."""

    def test_pulled_while_switching(self):
        for moment in ("before", "after"):
            for count in (1, 2):
                with self.subTest(moment=moment, certificate=count):
                    visit = self.ready()
                    visit.card.fault(f"vanish-{moment}:ins=44,count={count}")
                    self.refused("card.removed", visit.issue)
                    self.put_back(visit.card)
                    self.finish(visit)
                    self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])
                    self.leave(visit.card)


if __name__ == "__main__":
    unittest.main()
