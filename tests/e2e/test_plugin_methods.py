"""A plugin that keeps something: it hears of cases, serves methods, and what it keeps outlives the daemon."""

import os
import pathlib
import shutil
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.program import program, wait_until
from fixture.world import World, madoguchi

STAFF = "clerk-7"
FACTS = {"office": "citizens-division", "at": "2026-02-12T10:00:00+09:00", "holder": {"birth_date": "1980-04-10"},
         "card": {"expires_on": "2031-04-10"},
         "certificates": {"authentication": {"state": "valid", "expires_on": "2026-04-10"}}}  # fmt: skip


class CountingWorld(World):
    isolate = "none"

    def _configure(self):
        super()._configure()
        built = pathlib.Path(program("madoguchi-plugin-host")).parent.parent / "lib" / "madoguchi"
        folder = self.folder / "plugins"
        shutil.copytree(built / "plugins", folder)
        for file in (built / "test-plugins").glob("visit-counter.*"):
            shutil.copy(file, folder)
        text = self.configuration.read_text()
        old = f"  folder: {built / 'plugins'}\n"
        assert text.count(old) == 1 and text.count("  use:\n") == 1
        text = text.replace(old, f"  folder: {folder}\n")
        more = f"{{name: visit-counter, isolate: {self.isolate}, allow_unsigned: true, deadline_ms: 10000}}"
        self.configuration.write_text(text.replace("  use:\n", f"  use:\n    - {more}\n"))


class IsolatedCountingWorld(CountingWorld):
    isolate = "process"


class PluginMethods(unittest.TestCase):
    world_of = CountingWorld

    def setUp(self):
        self.world = self.world_of()
        self.world.start()
        self.addCleanup(self.world.stop)
        self.client = self.world.client()

    def call(self, method, **params):
        return self.client.call(method, **params)

    def counted(self, case):
        reply = self.call("visit-counter.count", case=case)
        return reply["count"], reply["last"]

    def refused(self, method, **params):
        with self.assertRaises(madoguchi.Error) as refused:
            self.call(method, **params)
        return refused.exception

    def start_again(self):
        os.kill(self.world.daemon.process.pid, signal.SIGKILL)
        self.world.daemon.process.wait()
        self.world.start_again()
        self.client = self.world.client()

    def test_it_counts_what_happens_and_goes_on_after_a_crash(self):
        case = self.call("cases.open", facts=FACTS, staff=STAFF)["id"]
        self.assertEqual(self.counted(case), (1, "case.opened"))
        self.call("cases.update", case=case, facts={"channel": "counter"}, staff=STAFF)
        self.assertEqual(self.counted(case), (2, "case.updated"))
        other = self.call("cases.open", facts=FACTS, staff=STAFF)["id"]
        self.assertEqual(self.counted(other), (1, "case.opened"))
        self.assertEqual(self.call("visit-counter.take", office="hall", staff=STAFF)["number"], 1)
        self.start_again()
        self.assertEqual(self.counted(case), (2, "case.updated"))
        self.assertEqual(self.call("visit-counter.take", office="hall", staff=STAFF)["number"], 2)
        self.call("cases.cancel", case=case, reason="the holder left", staff=STAFF)
        self.assertEqual(self.counted(case), (3, "case.cancelled"))
        self.assertEqual(self.counted(other), (1, "case.opened"))

    def test_its_methods_are_described_checked_and_refused_in_its_words(self):
        methods = {each["name"]: each for each in self.call("rpc.discover")["methods"]}
        take = methods["visit-counter.take"]
        self.assertEqual(take["x-roles"], ["clerk"])
        self.assertEqual([each["name"] for each in take["params"]], ["office", "staff"])
        self.assertTrue(methods["visit-counter.count"]["x-reads"])
        error = self.refused("visit-counter.take", office="", staff=STAFF)
        self.assertEqual((error.code, error.details["pointer"]), (-32602, "/office"))
        error = self.refused("visit-counter.take", office="closed", staff=STAFF)
        self.assertEqual((error.code, error.reason, error.details["en"]), (-32002, "conflict", "There are no more numbers today"))
        self.assertEqual(self.refused("visit-counter.count", case="none").reason, "not_found")
        listed = {each["name"]: each for each in self.call("plugins.list")["plugins"]}["visit-counter"]
        self.assertEqual((listed["state"], listed["failures"], listed["isolate"]), ("ready", 0, self.world.isolate))
        self.assertIn("visit-counter.take", listed["methods"])
        self.call("plugins.reload")
        self.assertEqual(self.call("visit-counter.take", office="hall", staff=STAFF)["number"], 1)

    def test_a_case_that_it_holds_waits(self):
        case = self.call("cases.open", facts=FACTS, staff=STAFF)
        before = case["state"]
        self.call("visit-counter.hold", case=case["id"], held=True, staff=STAFF)
        held = self.call("cases.get", case=case["id"])
        self.assertEqual((held["state"], held["held_by"][0]["plugin"]), ("waiting", "visit-counter"))
        self.assertEqual(self.refused("cases.issue", case=case["id"], staff=STAFF).reason, "conflict")
        self.call("cases.update", case=case["id"], facts={"channel": "counter"}, staff=STAFF)
        self.assertEqual(self.call("cases.get", case=case["id"])["state"], "waiting", "whatever else is found out")
        self.call("visit-counter.hold", case=case["id"], held=False, staff=STAFF)
        self.assertEqual(self.call("cases.get", case=case["id"])["state"], before)
        entries = self.call("cases.timeline", case=case["id"])["entries"]
        words = [each["ja"] for each in entries if each["kind"].startswith("plugin.")]
        self.assertTrue(any("照会中です" in each for each in words), words)

    def test_what_it_tells_the_queue_names_no_case(self):
        since = self.call("events.subscribe", topics=["queue"])["seq"]
        self.call("visit-counter.take", office="hall", staff=STAFF)
        event = wait_until(lambda: self.client.next_event(timeout=1), "the event")
        self.assertGreater(event["seq"], since)
        self.assertEqual((event["topic"], event["type"], event["data"]), ("queue", "visit-counter.taken", {"number": 1, "office": "hall"}))
        self.assertNotIn("case", event)


class Isolated(PluginMethods):
    world_of = IsolatedCountingWorld

    def test_a_killed_one_denies_what_can_wait_and_is_owed_what_happened(self):
        case = self.call("cases.open", facts=FACTS, staff=STAFF)["id"]
        self.kill_it()
        self.call("cases.cancel", case=case, reason="the holder left", staff=STAFF)
        kinds = [each["kind"] for each in self.call("cases.timeline", case=case)["entries"]]
        self.assertIn("plugin.owed", kinds)
        # It was begun anew meanwhile, and hears of the cancellation before it is asked anything.
        self.assertEqual(self.counted(case), (2, "case.cancelled"))
        self.kill_it()
        error = self.refused("cases.open", facts=FACTS, staff=STAFF)
        self.assertEqual((error.code, error.details["plugin"]), (-32009, "visit-counter"))
        self.assertTrue(wait_until(self.opened_again, "it is asked again"))

    def opened_again(self):
        try:
            return self.call("cases.open", facts=FACTS, staff=STAFF)["id"]
        except madoguchi.Error:
            return None

    def kill_it(self):
        """The process whose library it is, by its memory file's name."""
        mine = str(self.world.daemon.process.pid)
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
                if parent == mine and "madoguchi-visit-counter" in (entry / "maps").read_text():
                    os.kill(int(entry.name), signal.SIGKILL)
                    wait_until(lambda: (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z", "it is dead")
                    return
            except (FileNotFoundError, ProcessLookupError, IndexError):
                continue
        self.fail("the plugin's process is not there")


if __name__ == "__main__":
    unittest.main()
