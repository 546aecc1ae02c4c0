"""Genuine cards: the official terminal issues, and the card that comes back proves it, over the socket."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.at_tty import AtTty
from fixture.counter import STAFF, Visit
from fixture.program import PATIENCE, program, run
from fixture.terminal import TerminalWorld
from fixture.world import madoguchi

CERTIFICATES = ("authentication", "signature")


class AtTheOfficialTerminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = TerminalWorld().start()
        cls.addClassCleanup(cls.world.stop)

    def setUp(self):
        self.card = self.world.make_card("expiring-soon")
        self.reader = self.world.insert(self.card)
        self.addCleanup(self.world.take_out, self.card)
        self.visit = Visit(self.world.client(), self.card, self.reader)

    def call(self, method, **params):
        return self.visit.client.call(method, case=self.visit.id, staff=STAFF, **params)

    def record(self, pin, outcome="matched", entered_by="holder", **more):
        return self.call("cases.record_pin", pin=pin, outcome=outcome, entered_by=entered_by, **more)

    def record_all(self):
        case = self.visit.get()
        for pin in case["decision"]["pins_required"]:
            case = self.record(pin)
        self.assertEqual(case["state"], "ready")
        return case

    def hand_over(self, **facts):
        self.visit.open(**facts)
        self.record_all()
        case = self.visit.issue()
        self.assertEqual((case["state"], case["channel"]), ("issuing", "terminal"))
        return case

    def refused(self, reason, work):
        with self.assertRaises(madoguchi.Error) as caught:
            work()
        self.assertEqual(caught.exception.reason, reason)
        return caught.exception

    def restart(self, kill=False):
        if kill:
            self.world.daemon.process.kill()
            self.world.daemon.process.wait()
        else:
            self.world.daemon.stop()
        self.world.start_again()
        self.world.await_reader("present")
        self.visit.client = self.world.client()

    def test_renewed_there_and_proved_here_across_a_killed_daemon(self):
        self.visit.open()
        said = self.refused("invalid_params", lambda: self.record("authentication", value="0739"))
        self.assertEqual(said.details["pointer"], "/value", "an outcome is recorded, never a PIN")
        self.record_all()
        before = self.card.held()
        handed = self.visit.issue()
        steps = [step["step"] for step in handed["terminal"]["steps"]]
        self.assertEqual((steps[0], steps.count("renew"), steps[-1]), ("take_card", 2, "bring_back"))
        self.restart(kill=True)
        again = self.visit.issue()
        self.assertEqual(again["state"], "issuing")
        self.assertEqual(again["certificates"]["authentication"]["proof"]["verdict"], "unchanged")
        with self.world.official_terminal() as terminal:
            terminal.renew(self.card, self.reader)
        seen = self.visit.issue()
        self.assertEqual(
            {name: seen["certificates"][name]["proof"]["findings"][0]["point"] for name in CERTIFICATES},
            {"authentication": "unasked", "signature": "unread"},
        )
        for pin in CERTIFICATES:
            self.visit.verify(pin)
        done = self.visit.issue()
        self.assertEqual(done["state"], "completed")
        held = self.card.held()
        self.assertNotEqual(before, held)
        for name in CERTIFICATES:
            shown = done["certificates"][name]
            self.assertEqual(shown["proof"]["verdict"], "proved")
            self.assertEqual(shown["new"]["serial"], held["slots"][name]["certificate"]["serial"])
            self.assertEqual(shown["new"]["expires_on"], shown["preview_expires_on"])
        receipt = self.visit.client.call("cases.receipt", case=self.visit.id)
        self.assertEqual(len(receipt["certificates"]), 2)
        kinds = self.visit.timeline()
        counted = [kinds.count(kind) for kind in ("terminal.handed_over", "terminal.proved", "case.completed")]
        self.assertEqual(counted, [2, 2, 1])

    def test_other_dates_than_decided_need_a_person(self):
        self.hand_over()
        with self.world.official_terminal() as terminal:
            born = self.card.made["birth"]
            other = f"{born[:8]}{'02' if born[8:] != '02' else '03'}"
            terminal.renew(self.card, self.reader, holder={"birth_date": other})
        for pin in CERTIFICATES:
            self.visit.verify(pin)
        self.refused("authority.mismatch", self.visit.issue)
        case = self.visit.get()
        self.assertEqual(case["state"], "attention")
        preview = case["certificates"]["authentication"]["preview_expires_on"]
        self.assertIn(preview, case["attention"]["look_at"]["ja"])
        slip = self.visit.client.call("cases.receipt", case=self.visit.id, kind="incident")
        self.assertIn(preview, slip["look_at"]["en"])
        self.refused("invalid_params", lambda: self.call("cases.issue", accept=list(CERTIFICATES)))
        done = self.call("cases.issue", accept=list(CERTIFICATES), accept_reason="the register has the other birthday")
        self.assertEqual(done["state"], "completed")
        self.assertTrue(done["certificates"]["signature"]["proof"]["accepted"])

    def test_a_card_that_was_renewed_meanwhile_is_not_handed_over(self):
        self.visit.open()
        self.record_all()
        with self.world.official_terminal() as terminal:
            terminal.renew(self.card, self.reader)
        said = self.refused("conflict", self.visit.issue)
        self.assertTrue(said.details["renewed_elsewhere"])
        self.assertNotIn("terminal.handed_over", self.visit.timeline())
        self.assertNotEqual(self.visit.get()["state"], "ready", "by its own date there is nothing to renew")

    def test_a_proxy_s_wrong_pin_there_makes_two_visits_of_one(self):
        form = {"type": "reply_form", "source": "notice", "sealed": True}
        opened = self.visit.open(visitor={"role": "proxy"}, documents=[{"type": "drivers_licence"}, form])
        self.assertEqual(opened["decision"]["outcome"], "complete_today")
        turned = self.record("authentication", "mismatched", entered_by="staff", tries_left=2)
        self.assertEqual((turned["state"], turned["decision"]["outcome"]), ("waiting", "two_visits"))

    def test_a_proxy_s_wrong_pin_found_after_the_hand_over_makes_two_visits_too(self):
        form = {"type": "reply_form", "source": "notice", "sealed": True}
        self.hand_over(visitor={"role": "proxy"}, documents=[{"type": "drivers_licence"}, form])
        told = self.record("authentication", "mismatched", entered_by="staff", tries_left=2)
        self.assertEqual((told["state"], told["decision"]["outcome"]), ("issuing", "two_visits"))
        codes = [finding["code"] for finding in told["decision"]["findings"]]
        self.assertIn("terminal.bring_back", codes)
        self.assertEqual(told["terminal"]["steps"], [], "nothing is to be written there")
        waiting = self.call("cases.update", reader=self.reader)
        self.assertEqual((waiting["state"], waiting["decision"]["outcome"]), ("waiting", "two_visits"))
        self.assertIn("terminal.withdrawn", self.visit.timeline())

    def test_cancelled_only_with_a_card_that_is_as_it_was(self):
        self.hand_over()
        cancelled = self.call("cases.cancel", reason="the holder left")
        self.assertEqual(cancelled["state"], "cancelled")
        self.hand_over()
        with self.world.official_terminal() as terminal:
            terminal.renew(self.card, self.reader, wanted=["authentication"])
        self.refused("conflict", lambda: self.call("cases.cancel", reason="the holder left"))

    def renew(self, lang, *more):
        return AtTty(
            "madoguchi", "renew", "--reader", self.reader, "--birth-date", self.card.made["birth"],
            "--office", "citizens-division", "--lang", lang, *more, MADOGUCHI_SOCKET=str(self.world.socket),
        )  # fmt: skip

    def test_the_command_guides_the_clerk_there_and_back(self):
        with self.renew("en") as clerk:
            clerk.answer("at the official terminal: 1 right", "9")
            clerk.asked("none of the numbers")
            for _ in range(3):
                clerk.answer("at the official terminal: 1 right", "1")
            clerk.asked("Put the card back on this card reader")
            clerk.answer("When the card is back", "")
            clerk.asked("still holds the")
            with self.world.official_terminal() as terminal:
                terminal.renew(self.card, self.reader)
            clerk.answer("When the card is back", "")
            for _ in CERTIFICATES:
                clerk.asked("To look at it, enter the PIN for the ")
                clerk.asked(" certificate")
                which = clerk.said[: clerk.said.rindex(" certificate")].rsplit(" ", 1)[1]
                clerk.answer("without it): ", self.card.pins[which])
            self.assertEqual(clerk.end(), 0, clerk.said)
        self.assertEqual(clerk.said.count("the card has proved the new one"), 2)
        for pin in CERTIFICATES:
            self.assertNotIn(self.card.pins[pin], clerk.said)

    def test_the_command_takes_a_reason_where_the_holder_has_left(self):
        with self.renew("ja") as clerk:
            for _ in range(3):
                clerk.answer("暗証番号の結果: 1 一致", "1")
            with self.world.official_terminal() as terminal:
                clerk.asked("カードをこのカードリーダーに戻し")
                terminal.renew(self.card, self.reader)
            clerk.answer("Enterを押してください", "")
            for _ in CERTIFICATES:
                clerk.answer("確かめるには、", "")
            clerk.answer("その理由を入力してください", "本人が退庁したため")
            self.assertEqual(clerk.end(), 0, clerk.said)

    def case_told(self, clerk):
        return self.visit.client.call("cases.get", case=re.search(r"\d{6}-[A-Z0-9]{8}", clerk.said).group())

    def test_the_command_has_a_forgotten_pin_set_anew_there(self):
        with self.renew("en", "--forgotten", "signature", "--document", "drivers_licence") as clerk:
            for _ in range(2):
                clerk.answer("at the official terminal: 1 right", "1")
            clerk.asked("Initialise the ")
            with self.world.official_terminal() as terminal:
                terminal.renew(self.card, self.reader)
            clerk.answer("When the card is back", "")
            clerk.answer("initialised and set anew at the official terminal? (yes", "y")
            for which in CERTIFICATES:
                clerk.answer("without it): ", self.card.pins[which])
            self.assertEqual(clerk.end(), 0, clerk.said)
        self.assertEqual(self.case_told(clerk)["pins"]["signature"], "matched", "that was entered here to look at it")
        self.assertIn("PIN for the signature certificate: recorded as", clerk.said)

    def test_the_command_takes_what_has_come_of_a_pin_there(self):
        form = ("--proxy", "--form-source", "notice", "--sealed", "--document", "drivers_licence")
        with self.renew("en", *form) as clerk:
            for _ in range(3):
                clerk.answer("at the official terminal: 1 right", "1")
            clerk.answer("When the card is back", "p")
            clerk.asked("Which PIN")
            clerk.asked("Number: ")
            number = re.search(r"Which PIN: .*?(\d) the signature certificate", clerk.said).group(1)
            clerk.answer("", number)
            clerk.answer("Enter alone: as recorded", "2")
            clerk.answer("Put the card back on this reader", "")
            self.assertEqual(clerk.end(), 6, clerk.said)
        case = self.case_told(clerk)
        self.assertEqual((case["state"], case["decision"]["outcome"]), ("waiting", "two_visits"))

    def script(self, *arguments):
        pins = "".join(f"{pin}={self.card.pins[pin]}\n" for pin in (*CERTIFICATES, "resident_register"))
        command = [program("madoguchi"), "--socket", str(self.world.socket), *arguments, "--pin-stdin", "--json"]
        done = subprocess.run(command, input=pins, text=True, capture_output=True, timeout=PATIENCE, check=False)
        self.assertTrue(done.stdout, done.stderr)
        return json.loads(done.stdout), done.returncode

    def test_a_script_goes_on_once_the_terminal_has_done_it(self):
        case, status = self.script(
            "renew", "--reader", self.reader, "--birth-date", self.card.made["birth"], "--office", "citizens-division"
        )
        self.assertEqual((case["state"], status), ("issuing", 7))
        with self.world.official_terminal() as terminal:
            terminal.renew(self.card, self.reader)
        case, status = self.script("cases", "resume", case["id"])
        self.assertEqual((case["state"], status), ("completed", 0))

    def test_a_pin_alone_is_set_anew_there_and_the_steps_are_shown(self):
        alone = ("--pins-only", "--forgotten", "authentication", "--document", "passport")
        with self.renew("ja", *alone) as clerk:
            clerk.asked("2. 統合端末で利用者証明用電子証明書の暗証番号を初期化し")
            clerk.answer("暗証番号の結果: 1 一致", "5")
            self.assertEqual(clerk.end(), 0, clerk.said)
        self.assertEqual(self.case_told(clerk)["state"], "completed")
        holder = ("--birth-date", self.card.made["birth"], "--office", "citizens-division")
        case, status = self.script("renew", "--reader", self.reader, *holder, *alone)
        self.assertEqual((case["state"], case["decision"]["pin_resets"], status), ("open", ["authentication"], 7))
        case, status = self.script("cases", "resume", case["id"], "--set-anew", "authentication")
        self.assertEqual((case["state"], case["pins"]["authentication"], status), ("completed", "reset", 0))

    def test_the_configuration_is_checked(self):
        run(program("madoguchid"), "--config", self.world.configuration, "--check", env=dict(os.environ))


if __name__ == "__main__":
    unittest.main()
