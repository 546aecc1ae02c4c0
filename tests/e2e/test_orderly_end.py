"""SIGTERM in the middle of cases.issue: what has begun on the card is finished and recorded, nothing else is begun.

After the end the journal and the card agree exactly (unlike after a crash), the exit status is 0, and after a start the
case is completed without a second key. The daemon is told at a journal record (`N:term`), while the card works, and while
the authority is waited for.
"""

import pathlib
import signal
import sqlite3
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.program import wait_until
from fixture.sealed import Key
from fixture.struck import STAFF, Struck, StruckWorld, commands, points_of, stride
from fixture.world import World, madoguchi

STEP = 6
# Commands of the card by their beginning, and the record that tells that they were done.
DONE = {"00468000": "key.made", "00d60000 ffffffff": "certificate.written", "0044": "activation.done"}
# Far less than the server's 60 s for what is under way, far more than any step takes.
SOON = 25


class OrderlyEnd(Struck):
    layout = "spare"
    world_class = World

    @classmethod
    def setUpClass(cls):
        cls.world = cls.world_class(layout=cls.layout)
        cls.addClassCleanup(cls.world.stop)
        cls.world.start()

    def arrive(self):
        card = self.world.make_card("expiring-soon")
        card.play(self.world.pcscd.ports[0])
        self.addCleanup(self.leave, card)
        self.old = self.serials()
        return card

    def leave(self, card):
        self.world.authority.order({"clear": True})
        if card.playing:
            self.world.take_out(card)

    def journal(self, card):
        """Kinds of the case's records, from the file: nobody runs."""
        file = self.world.folder / self.world.store
        store = sqlite3.connect(file)
        Key(file.parent / "store.key").functions_of(store)
        query = "SELECT kind FROM journal JOIN cases ON case_id = id WHERE unseal('cases.card', id, card) = ? ORDER BY seq"
        kinds = [kind for (kind,) in store.execute(query, [card.made["card_number"]])]
        store.close()
        return kinds

    def check_ended(self, card):
        """The daemon has ended in order, and nothing is half-done or unrecorded."""
        self.assertEqual(self.world.daemon.process.wait(SOON), 0)
        log = self.world.log.read_text()
        self.assertIn("daemon.stopped", log[log.rindex("daemon.stopping") :])
        self.assertNotIn("server.stop_overdue", log)
        self.assertFalse(self.world.socket.exists())
        kinds = self.journal(card)
        for head, record in DONE.items():
            self.assertEqual(commands(card, head), kinds.count(record), f"{record}: {kinds}")
        return kinds

    def go_on(self, card):
        client = self.world.start_again()
        self.world.await_reader("present")
        visit = self.attempt(client, card, self.known_case(client, card))
        self.check_end(card, visit, self.old)


class AtARecord(OrderlyEnd):
    world_class = StruckWorld
    first = 0

    def test_strided(self):
        records = self.undisturbed()
        for point in points_of(records, ["term"], STEP * stride(), self.first):
            with self.subTest(point=point, layout=self.layout):
                self.episode(point)

    def undisturbed(self):
        """How many records a case has."""
        card = self.arrive()
        client = self.world.restart()
        visit = self.attempt(client, card, None)
        self.world.take_out(card)
        return len(client.call("cases.timeline", case=visit["id"])["entries"])

    def episode(self, point):
        card = self.arrive()
        client = self.world.restart(point)
        try:
            self.attempt(client, card, None)
            # Told at a record after which the reply is due: it is given, and nobody is told anything else.
        except madoguchi.Error as error:
            self.assertEqual(error.reason, "shutting_down", error)
        except madoguchi.Lost:
            pass
        kinds = self.check_ended(card)
        self.assertGreaterEqual(len(kinds), int(point.split(":")[0]), "what was being recorded is recorded")
        self.go_on(card)
        self.world.take_out(card)


class AtARecordSingleSlot(AtARecord):
    layout = "single"
    first = STEP // 2


class AtWork(OrderlyEnd):
    """The genuine program, told by somebody else."""

    def begin(self, card, client):
        """A ready case whose issuing runs in a thread; its outcome is put into the list."""
        reader = self.world.pcscd.names[0]
        case = client.call("cases.open", facts=card.facts(), reader=reader, staff=STAFF)["id"]
        self.verify_all(client, card, case)
        outcome = []

        def issue():
            try:
                outcome.append(client.call("cases.issue", case=case, staff=STAFF)["state"])
            except madoguchi.Error as error:
                outcome.append(error.reason)
            except madoguchi.Lost:
                outcome.append("lost")

        thread = threading.Thread(target=issue)
        self.addCleanup(thread.join)
        return case, thread, outcome

    def told_while(self, prepare, arrived, count=1):
        """Issues, sends SIGTERM `count` times once `arrived(card)`, and checks the end; the kinds of records."""
        card = self.arrive()
        if not self.world.daemon.running:
            self.world.start_again()
        self.world.await_reader("present")
        client = self.world.client()
        case, thread, outcome = self.begin(card, client)
        bystander = self.world.client()
        prepare(card)
        thread.start()
        wait_until(lambda: arrived(card), "the moment has come")
        began = time.monotonic()
        for _ in range(count):
            self.world.daemon.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not self.world.socket.exists(), "nobody else can connect")
        with self.assertRaises((madoguchi.Error, madoguchi.Lost)) as refused:
            bystander.call("cases.cancel", case=case, reason="-", staff=STAFF)
        if isinstance(refused.exception, madoguchi.Error):
            self.assertEqual(refused.exception.reason, "shutting_down")
        kinds = self.check_ended(card)
        thread.join()
        self.took = time.monotonic() - began
        self.go_on(card)
        self.leave(card)
        return kinds, outcome[0]

    def slow(self, command):
        return lambda card: card.fault(f"delay:ms=1500,{command}")

    def test_while_the_card_makes_a_key(self):
        kinds, outcome = self.told_while(self.slow("ins=46,p1=80"), lambda card: commands(card, "00468000"))
        self.assertEqual((kinds[-1], outcome), ("key.made", "shutting_down"))

    def test_while_a_certificate_is_written(self):
        kinds, outcome = self.told_while(self.slow("ins=D6,count=3"), lambda card: commands(card, "00d6") >= 2)
        self.assertEqual((kinds[-1], outcome), ("certificate.written", "shutting_down"))

    def test_while_the_card_switches(self):
        kinds, outcome = self.told_while(self.slow("ins=44"), lambda card: commands(card, "0044"))
        self.assertEqual((kinds[-1], outcome), ("activation.done", "shutting_down"))

    def asked(self):
        """How many requests for a certificate the authority has been sent."""
        return self.world.authority.state()["received"].get("cr", 0)

    def test_while_the_authority_takes_its_time(self):
        def prepare(_):
            self.world.authority.order({"fault": "delay", "body": "cr", "ms": 1500})
            self.before = self.asked()

        kinds, outcome = self.told_while(prepare, lambda _: self.asked() > self.before)
        self.assertEqual((kinds[-1], outcome), ("request.answered", "shutting_down"))

    def test_told_twice_does_not_wait_for_an_authority(self):
        def prepare(_):
            self.world.authority.order({"fault": "hang", "body": "cr"})
            self.before = self.asked()

        kinds, outcome = self.told_while(prepare, lambda _: self.asked() > self.before, count=2)
        self.assertEqual(kinds[-1], "request.sending")
        self.assertIn(outcome, ("shutting_down", "authority.unreachable"))
        self.assertLess(self.took, 10)

    def test_while_the_authority_says_waiting(self):
        def prepare(_):
            self.world.authority.order({"fault": "waiting", "body": "cr", "polls": 1, "check_after": 40})
            self.before = self.asked()

        kinds, outcome = self.told_while(prepare, lambda card: self.journal(card).count("request.answered") == 2)
        self.assertEqual(kinds[-1], "request.answered")
        self.assertEqual(outcome, "shutting_down")
        self.assertLess(self.took, 10)


if __name__ == "__main__":
    unittest.main()
