"""The waiting line over the socket: what a ticket machine, a clerk, a display and a web server see of it."""

import contextlib
import datetime
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.calendar import JAPAN, Calendar
from fixture.program import program, wait_until
from fixture.world import World, madoguchi

# The one never closes in this world; the other does at 17:15, and its last reception is a quarter of an hour before.
HALL, CENTRE = "citizens-division", "district-centers"
TUESDAY = datetime.datetime(2026, 4, 7, 10, 30, tzinfo=JAPAN)


class QueueWorld(World):
    """On a Tuesday morning, or when `calendar` was moved to."""

    def __init__(self):
        super().__init__()
        self._time = contextlib.ExitStack()

    def start(self):
        self.calendar = self._time.enter_context(Calendar(self.folder / "clock", TUESDAY))
        return super().start()

    def stop(self):
        try:
            super().stop()
        finally:
            self._time.close()

    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        assert text.count("  use:\n") == 1
        board = "{name: queue-board, isolate: none, allow_unsigned: true, critical: false}"
        self.configuration.write_text(text.replace("  use:\n", f"  use:\n    - {board}\n"))


class Queue(unittest.TestCase):
    def setUp(self):
        self.world = QueueWorld()
        self.world.start()
        self.addCleanup(self.world.stop)
        self.client = self.world.client()

    def call(self, verb, **params):
        return self.client.call(f"queue-board.{verb}", **params)

    def take(self, procedure="renewal"):
        return self.call("take", office=HALL, procedure=procedure, staff="machine-1")

    def line(self, office):
        return next(each for each in self.call("status")["offices"] if each["office"] == office)

    def hall(self):
        return self.line(HALL)

    def publish(self, folder, *more):
        command = [program("madoguchi"), "--socket", str(self.world.socket), "queue", "publish", str(folder), *more]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_a_line_outlives_the_daemon_and_is_heard_of(self):
        since = self.client.call("events.subscribe", topics=["queue"])["seq"]
        ticket = self.take()
        self.take("pin_reset")
        called = self.call("call_next", office=HALL, window="9", staff="clerk-7")
        self.assertEqual(called["ticket"], ticket["ticket"])
        heard = [wait_until(lambda: self.client.next_event(timeout=1), "an event") for _ in range(3)]
        self.assertEqual([each["type"] for each in heard], ["queue-board.taken", "queue-board.taken", "queue-board.called"])
        self.assertTrue(all(each["topic"] == "queue" and each["seq"] > since for each in heard))
        before = self.hall()
        os.kill(self.world.daemon.process.pid, signal.SIGKILL)
        self.world.daemon.process.wait()
        self.world.start_again()
        self.client = self.world.client()
        after = self.hall()
        self.assertEqual((after["waiting"], after["called"]), (before["waiting"], before["called"]))
        again = self.client.call("events.subscribe", topics=["queue"], since=since)
        self.assertGreater(again["seq"], since)
        self.assertEqual(wait_until(lambda: self.client.next_event(timeout=1), "the event")["seq"], heard[0]["seq"])

    def test_a_case_is_judged_by_the_moment_of_its_ticket(self):
        taken = self.take()["taken_at"]
        facts = {"office": HALL, "at": taken, "holder": {"birth_date": "1980-04-10"}, "card": {"expires_on": "2031-04-10"},
                 "certificates": {"authentication": {"state": "valid", "expires_on": "2029-04-10"}}}  # fmt: skip
        decision = self.client.call("policy.evaluate", facts=facts)
        self.assertIn("window.too_early", [each["code"] for each in decision["findings"]])
        found = self.call("ticket", office=HALL, ticket="A101")
        self.assertEqual((found["state"], found["taken_at"]), ("waiting", taken))

    def test_a_page_for_the_web_server(self):
        folder = self.world.folder / "www"
        folder.mkdir()
        self.take()
        once = self.publish(folder)
        self.assertEqual(once.communicate(timeout=30)[0], "")
        self.assertEqual(once.returncode, 0)
        read = lambda: json.loads((folder / "queue.json").read_text())
        self.assertEqual(next(each for each in read()["offices"] if each["office"] == HALL)["waiting"], 1)
        published = (folder / "queue.html").read_bytes().decode()
        # Of the minute in which each was made, and the same otherwise.
        untimed = lambda page: re.sub(r"\d\d:\d\d", "", page)
        self.assertEqual(untimed(published), untimed(self.call("snapshot")["html"]))
        self.assertIn("電子証明書発行/更新", published)
        follower = self.publish(folder, "--follow")
        try:
            self.take()
            waiting = lambda: next(each for each in read()["offices"] if each["office"] == HALL)["waiting"] == 2
            wait_until(waiting, "the page that shows the second ticket")
        finally:
            follower.send_signal(signal.SIGINT)
            follower.communicate(timeout=30)
        self.assertEqual({each.name for each in folder.iterdir()}, {"queue.json", "queue.html"})

    def test_a_closed_office_says_so_and_gives_no_ticket(self):
        wanted = {"office": CENTRE, "procedure": "renewal", "staff": "machine-1"}
        self.call("take", **wanted)
        # Nobody has come for hours, and the office is open all the same.
        self.world.calendar.move_to(TUESDAY.replace(hour=17, minute=0))
        quiet = self.line(CENTRE)
        self.assertEqual((quiet["live"], quiet["waiting"], "notice" in quiet), (True, 1, False))
        self.world.calendar.move_to(TUESDAY.replace(hour=17, minute=20))
        with self.assertRaises(madoguchi.Error) as refused:
            self.call("take", **wanted)
        self.assertEqual(refused.exception.reason, "conflict")
        self.assertIn("次の受付は、2026年4月8日(水) 08:30からです。", refused.exception.details["ja"])
        self.assertEqual(self.line(CENTRE)["waiting"], 1, "a ticket was given all the same")
        late = self.call("take", **wanted, accept_closed=True)
        self.assertIn("Reception is closed for today.", late["notice"]["en"])
        for ticket in ("A101", "A102"):
            self.call("withdraw", office=CENTRE, ticket=ticket, staff="clerk-7")
        page = self.call("snapshot")["html"]
        centre = next(each for each in page.split("<section>") if "各地区市民センター" in each)
        self.assertIn("本日の受付は終了しました。", centre)
        self.assertNotIn("情報はありません", centre)
        command = [program("madoguchi"), "--socket", str(self.world.socket), "--lang", "en", "queue", "status"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        self.assertIn("Banba branch office: Reception is closed for today. It opens next on Wednesday", told)

    def test_what_people_read_of_it(self):
        self.take()
        command = [program("madoguchi"), "--socket", str(self.world.socket), "--lang", "ja", "queue", "status"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        self.assertIn("待ち人数 1人、呼び出し番号 -", told)
        self.assertIn("バンバ出張所: 現在の待ち状況の情報はありません", told)


if __name__ == "__main__":
    unittest.main()
