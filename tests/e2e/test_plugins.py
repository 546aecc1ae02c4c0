"""The shipped plugins, each in a process of its own: they decide, and what ends one costs one denied decision."""

import os
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.isolated import NAMES, IsolatedWorld, children
from fixture.program import wait_until
from fixture.world import madoguchi

PROXY = {
    "at": "2026-02-12T10:00:00+09:00",
    "office": "citizens-division",
    "holder": {"birth_date": "1980-04-10"},
    "visitor": {"role": "proxy"},
    "card": {"expires_on": "2031-04-10"},
    "certificates": {
        "signature": {"state": "valid", "expires_on": "2026-04-10"},
        "authentication": {"state": "valid", "expires_on": "2026-04-10"},
    },
    "documents": [{"type": "drivers_licence"}],
}
FORM = {"type": "reply_form", "sealed": True, "source": "notice", "expires_on": "2026-04-10"}


class Plugins(unittest.TestCase):
    def setUp(self):
        self.world = IsolatedWorld()
        self.world.start()
        self.addCleanup(self.world.stop)
        self.client = self.world.client()
        self.pid = self.world.daemon.process.pid

    def evaluate(self, **more):
        return self.client.call("policy.evaluate", facts={**PROXY, **more})

    def listed(self):
        return {p["name"]: p for p in self.client.call("plugins.list")["plugins"]}

    def test_they_decide_from_processes_of_their_own(self):
        first = self.evaluate()
        self.assertEqual(first["outcome"], "two_visits")
        finding = next(f for f in first["findings"] if f["code"] == "proxy.reply_form_missing")
        self.assertEqual(finding["source"], "proxy-two-visit")
        self.assertGreater(finding["rule"]["line"], 1)
        self.assertEqual(self.evaluate(documents=[*PROXY["documents"], FORM])["outcome"], "complete_today")
        plugins = self.listed()
        self.assertEqual(set(plugins), NAMES)
        for plugin in plugins.values():
            self.assertEqual((plugin["state"], plugin["isolate"], plugin["failures"]), ("ready", "process", 0))
            self.assertGreater(plugin["resident_bytes"], 0)
        self.assertEqual(plugins["proxy-two-visit"]["calls"], 2)
        self.assertEqual({p["name"] for p in self.client.call("system.info")["plugins"]}, NAMES)

    def test_their_processes_hold_nothing_of_the_daemons(self):
        processes = children(self.pid)
        self.assertEqual(len(processes), len(NAMES))
        for pid, status in processes:
            self.assertEqual(status["NoNewPrivs"].strip(), "1")
            self.assertEqual(status["Seccomp"].strip(), "2", "a filter")
            self.assertEqual(pathlib.Path(f"/proc/{pid}/environ").read_bytes(), b"")
            targets = {os.readlink(f) for f in pathlib.Path(f"/proc/{pid}/fd").iterdir()}
            self.assertEqual(len([t for t in targets if t.startswith("socket:")]), 1, targets)
            rest = {t for t in targets if not t.startswith(("socket:", "/dev/null", "/memfd:"))}
            self.assertEqual(rest, set())

    def test_a_killed_one_costs_one_decision(self):
        self.evaluate()
        for pid, _ in children(self.pid):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: all(s["State"].strip()[0] == "Z" for _, s in children(self.pid)), "the plugins are dead")
        with self.assertRaises(madoguchi.Error) as denied:
            self.evaluate()
        self.assertEqual((denied.exception.code, denied.exception.reason), (-32009, "plugin.failed"))
        self.assertIn(denied.exception.details["plugin"], NAMES)
        # Two plugins decide: each notices when it is asked, and costs one.
        with self.assertRaises(madoguchi.Error):
            self.evaluate()
        self.assertEqual(self.evaluate()["outcome"], "two_visits")
        self.assertEqual(self.listed()["proxy-two-visit"]["failures"], 1)
        self.assertEqual(self.client.call("system.health")["parts"]["plugins"]["state"], "ok")

    def test_a_reload_begins_them_anew_and_an_end_takes_them_along(self):
        before = {pid for pid, _ in children(self.pid)}
        self.client.call("plugins.reload")
        after = {pid for pid, _ in children(self.pid)}
        self.assertEqual(len(after), len(NAMES))
        self.assertFalse(before & after)
        self.assertEqual(self.evaluate()["outcome"], "two_visits")
        os.kill(self.pid, signal.SIGKILL)
        wait_until(lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid in after), "the plugins are gone")


if __name__ == "__main__":
    unittest.main()
