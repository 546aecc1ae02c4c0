"""Cards that are pulled, swapped, torn or mute in the middle of the work, readers that go, pcscd dying: each by its name,
and gone on with."""

import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import Visit, events_until
from fixture.program import wait_until
from fixture.trouble import Trouble
from fixture.unplug import WorldWithPlug
from fixture.world import madoguchi

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


def issued_meanwhile(world, visit):
    """Calls cases.issue on a connection and a thread of its own; what is returned waits for its refusal."""
    refusals = []

    def issue():
        try:
            Visit(world.client(), visit.card, visit.reader, visit.id).issue()
        except madoguchi.Error as error:
            refusals.append(error.reason)

    clerk = threading.Thread(target=issue)
    clerk.start()

    def refusal():
        clerk.join()
        return refusals[0] if refusals else None

    return refusal


class SingleSlot(Trouble):
    """What may happen to the card while its keys and certificates are made. Without a spare slot the old certificate is of
    no use once the new key is made, so it must go on."""

    layout = "single"

    def pulled(self, spec, moment):
        """The card vanishes at that command of the issuing, is put back, and the case goes on."""
        visit = self.ready()
        visit.card.fault(f"vanish-{moment}:{spec}")
        self.refused("card.removed", visit.issue)
        # A single slot whose old key is gone wants a clerk's eye until the new certificate is on it.
        watched = ("attention",) if self.layout == "single" else ()
        self.assertIn(visit.get()["state"], ("issuing", "partly_completed", "ready", *watched))
        self.put_back(visit.card)
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def pulled_at_each(self, pulls):
        for name, spec in pulls.items():
            for moment in ("before", "after"):
                with self.subTest(pulled=name, moment=moment):
                    self.pulled(spec, moment)

    def test_pulled_while_issuing(self):
        self.pulled_at_each(PULLS)

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

    def test_a_torn_write_is_written_again(self):
        visit = self.ready()
        visit.card.fault("torn-write:byte=700")
        self.refused("card.removed", visit.issue)
        self.put_back(visit.card)
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])


class SpareSlot(SingleSlot):
    """The same with a second place for key and certificate, and ACTIVATE FILE, which exchanges the two."""

    layout = "spare"

    def test_pulled_while_switching(self):
        self.pulled_at_each({"the first certificate": "ins=44,count=1", "the second certificate": "ins=44,count=2"})


class Desk(Trouble):
    """What may happen at the reader, whatever the card's layout."""

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

    def test_pulled_and_put_back_at_once(self):
        """Faster than pcscd looks, so that it may never see the reader empty; an app has to hear of it all the same."""
        visit = self.ready()
        listener = self.world.client()
        listener.call("events.subscribe", topics=["readers"])
        visit.card.fault("vanish-after:ins=46,p1=80")
        self.refused("card.removed", visit.issue)
        visit.card.order("clear")
        visit.card.put_in()
        heard = [event["type"] for event in events_until(listener, "card.inserted")]
        self.assertEqual(heard, ["card.removed", "card.inserted"])
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])
        listener.call("system.info")
        self.assertIsNone(listener.next_event(timeout=0), "nothing is told twice")

    def test_pulled_while_the_authority_takes_its_time(self):
        """The call ends without another command to the card: the reader has to be free for the next citizen all the same."""
        visit = self.ready()
        self.world.authority.order({"fault": "hang", "body": "cr"})
        refusal = issued_meanwhile(self.world, visit)
        wait_until(lambda: not self.world.authority.state()["faults"], "the authority has the request")
        visit.card.order("remove")
        self.world.await_reader("empty")
        self.world.authority.stop()
        self.assertEqual(refusal(), "authority.unreachable")
        self.world.authority.start()
        visit.card.stop()
        other = self.world.make_card("expiring-soon")
        self.world.insert(other)
        self.assertEqual(Visit(self.client, other, visit.reader).open()["state"], "open")
        self.world.take_out(other)
        self.world.insert(visit.card)
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def test_another_card_put_in_at_once(self):
        """The exchange that pcscd may not see."""
        visit = self.ready()
        other = self.world.make_card("expiring-soon")
        before = other.held()
        visit.card.fault("vanish-after:ins=46,p1=80")
        self.refused("card.removed", visit.issue)
        visit.card.order("swap", state=other.file)
        self.await_new_card(visit)
        self.refused("card.different", visit.issue)
        self.assertEqual(other.held(), before, "no try, no key, no certificate")
        visit.card.order("swap", state=visit.card.file)
        self.await_new_card(visit)
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

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

    def test_a_mute_card_is_named_so(self):
        self.world.vacate()
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
        self.world.vacate()
        reader = self.world.pcscd.names[0]
        facts = {"office": "citizens-division", "holder": {"birth_date": "1980-04-10"}}
        for method, params in (("card.inspect", {}), ("cases.open", {"facts": facts, "staff": "clerk-7"})):
            self.refused("card.absent", self.client.call, method, reader=reader, **params)
            error = self.refused("reader.gone", self.client.call, method, reader="No Such Reader 00 00", **params)
            self.assertEqual(error.code, -32004)

    def test_the_reader_goes(self):
        visit = self.ready()
        visit.card.stop()
        self.world.pcscd.replace_readers()
        self.world.await_reader("empty")
        self.refused("reader.gone", visit.issue)
        self.refused("reader.gone", visit.inspect)
        self.assertEqual(visit.get()["state"], "ready")
        visit.reader = self.world.insert(visit.card)
        visit.client.call("cases.update", case=visit.id, reader=visit.reader, staff="clerk-7")
        self.finish(visit)
        self.check_end(visit)

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

    def test_pcscd_dies_inside_a_command(self):
        visit = self.ready()
        visit.card.fault("delay:ins=46,p1=80,ms=60000")
        refusal = issued_meanwhile(self.world, visit)
        wait_until(lambda: not visit.card.order("status")["faults"], "the card is making its key")
        self.world.pcscd.kill()
        self.assertEqual(refusal(), "reader.service_down")
        self.world.pcscd.start()
        self.world.await_reader("present")
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def service(self):
        return self.client.call("system.health")["parts"]["readers"]["state"]


class Unplugged(Trouble):
    """The reader goes while pcscd lives, and is plugged in again."""

    world_class = WorldWithPlug

    def unplug(self, visit):
        """With a command under way, which then has no answer however long the machine took to get here."""
        self.world.pcscd.unplug()
        visit.card.order("remove")

    def plug_in(self, visit):
        wait_until(lambda: self.world.reader_state() is None, "the daemon no longer lists the reader")
        self.refused("reader.gone", visit.inspect)
        self.refused("reader.gone", visit.verify, "authentication")
        visit.card.order("remove")
        self.world.pcscd.plug_in()
        self.world.await_reader("empty")
        visit.card.put_in()
        self.await_new_card(visit)

    def test_inside_a_command(self):
        for command in ("ins=46,p1=80", "ins=D6,count=3"):
            with self.subTest(command=command):
                visit = self.ready()
                visit.card.fault(f"delay:{command},ms=60000")
                refusal = issued_meanwhile(self.world, visit)
                wait_until(lambda visit=visit: not visit.card.order("status")["faults"], "the card works on it")
                self.unplug(visit)
                self.assertEqual(refusal(), "reader.gone")
                self.plug_in(visit)
                self.finish(visit)
                self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def test_between_two_commands_of_one_issuing(self):
        visit = self.ready()
        self.world.authority.order({"fault": "delay", "body": "cr", "ms": 5000})
        refusal = issued_meanwhile(self.world, visit)
        wait_until(lambda: not self.world.authority.state()["faults"], "the authority has the request")
        self.world.pcscd.unplug()
        self.assertEqual(refusal(), "reader.gone")
        self.plug_in(visit)
        self.finish(visit)
        self.assertEqual(self.keys_asked_for(self.check_end(visit)), [1, 1])

    def test_while_a_pin_is_checked(self):
        visit = self.arrive()
        visit.verify("resident_register")
        visit.card.fault("delay:ins=20,count=2,ms=60000")
        outcome = []

        def verify():
            try:
                Visit(self.world.client(), visit.card, visit.reader, visit.id).verify("authentication")
            except madoguchi.Error as error:
                outcome.append(error.reason)

        clerk = threading.Thread(target=verify)
        clerk.start()
        wait_until(lambda: not visit.card.order("status")["faults"], "the card has the PIN")
        self.unplug(visit)
        clerk.join()
        self.assertEqual(outcome, ["reader.gone"])
        self.assertEqual(visit.timeline()[-2:], ["pin.intent", "pin.unclear"])
        self.plug_in(visit)
        self.assertEqual(visit.verify_all()["state"], "ready")
        self.finish(visit)
        self.check_end(visit)


if __name__ == "__main__":
    unittest.main()
