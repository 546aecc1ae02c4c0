"""The policy is replaced, refused and cured while the daemon works, and outlives a restart with broken files."""

import datetime
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.calendar import JAPAN, Calendar
from fixture.counter import STAFF, events_until
from fixture.program import PATIENCE, Background, program, run, wait_until
from fixture.world import World, madoguchi

# A child's father: the papers that he needs are the legal-representative plugin's business, the fee is core's.
CHILD = {
    "at": "2026-02-12T10:00:00+09:00",
    "office": "citizens-division",
    "holder": {"birth_date": "2015-06-01"},
    "visitor": {"role": "legal_representative", "relationship": "parent"},
    "card": {"expires_on": "2031-04-10"},
    "certificates": {
        "signature": {"state": "absent"},
        "authentication": {"state": "valid", "expires_on": "2026-04-10"},
    },
    "documents": [{"type": "drivers_licence"}],
}
FIRST_DAY = datetime.datetime(2026, 2, 12, 10, 0, tzinfo=JAPAN)
HOLDER = {
    "at": "2026-02-12T10:00:00+09:00",
    "office": "citizens-division",
    "holder": {"birth_date": "1980-04-10"},
    "card": {"expires_on": "2031-04-10"},
    "certificates": {"authentication": {"state": "valid", "expires_on": "2026-04-10"}},
}


def changed(text, *changes):
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


class PolicyReload(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="madoguchi-"))
        self.calendar = self.enterContext(Calendar(pathlib.Path(folder) / "clock", FIRST_DAY))
        self.world = World()
        self.world.start()
        self.addCleanup(self.world.stop)
        self.client = self.world.client()
        self.file = self.world.folder / "policy.yaml"
        self.one = self.file.read_text()
        self.two = changed(
            self.one,
            ('version: "2026-01"', 'version: "2026-02"'),
            ("renewal_yen: 0", "renewal_yen: 300"),
            ("    child:\n      document: family_register", "    child:\n      document: passport"),
        )
        # Valid for core; the plugin refuses its section.
        self.broken = changed(
            self.two, ("    child:\n      document: passport", "    child:\n      document: family_album")
        )

    def hang_up(self):
        os.kill(self.world.daemon.process.pid, signal.SIGHUP)

    def part(self, client=None):
        return (client or self.client).call("system.health")["parts"]["policy"]

    def restart(self):
        self.assertEqual(self.world.daemon.stop(), 0)
        self.world.start_again()
        self.client = self.world.client()

    def state(self):
        part = self.part()
        return part["state"], part["version"]

    def kept(self):
        return len(list((self.world.folder / "policies").glob("*.policy")))

    def test_every_decision_under_load_is_wholly_of_one_version(self):
        """10,000 decisions while the policy is replaced 100 times, by SIGHUP and by request, every third in vain."""
        seen, failures = set(), []

        def ask(times):
            with madoguchi.Client(str(self.world.socket), timeout=PATIENCE) as client:
                for _ in range(times):
                    decision = client.call("policy.evaluate", facts=CHILD)
                    policy = decision["policy"]
                    seen.add((policy["version"], policy["digest"], decision["fee_yen"], *decision["missing"]))

        def asking(times):
            try:
                ask(times)
            except Exception as error:  # noqa: BLE001  (whatever it is, the test fails with it)
                failures.append(error)

        askers = [threading.Thread(target=asking, args=(2500,)) for _ in range(4)]
        for asker in askers:
            asker.start()
        for swap in range(100):
            text = (self.two, self.broken, self.one)[swap % 3]
            refused = text is self.broken
            version = self.part()["version"]
            self.file.write_text(text)
            if swap % 2:
                self.hang_up()
                wanted = ("degraded", version) if refused else ("ok", "2026-02" if text is self.two else "2026-01")
                wait_until(lambda: self.state() == wanted, lambda: f"{wanted}; it is {self.state()}")  # noqa: B023
            elif refused:
                with self.assertRaises(madoguchi.Error) as error:
                    self.client.call("policy.reload")
                self.assertEqual(error.exception.reason, "policy.invalid")
            else:
                self.client.call("policy.reload")
        for asker in askers:
            asker.join()
        self.assertEqual(failures, [])
        self.assertEqual({each[0] for each in seen}, {"2026-01", "2026-02"}, "both have decided")
        self.assertEqual(len(seen), 2, seen)
        self.assertEqual({each[2:] for each in seen if each[0] == "2026-01"}, {(0, "family_register")})
        self.assertEqual({each[2:] for each in seen if each[0] == "2026-02"}, {(300, "passport")})

    def test_a_refused_one_is_told_until_it_is_cured(self):
        self.client.call("events.subscribe", topics=["policy"])
        digest = self.part()["digest"]
        self.file.write_text(self.broken)
        self.hang_up()
        told = events_until(self.client, "policy.degraded")[-1]
        self.assertEqual(told["data"]["digest"], digest)
        health = self.client.call("system.health")
        self.assertEqual(health["state"], "degraded")
        part = health["parts"]["policy"]
        self.assertEqual((part["state"], part["reason"], part["digest"]), ("degraded", "policy.invalid", digest))
        place = r"policy\.yaml:\d+:\d+: plugins\.legal-representative\.child\.document: "
        self.assertRegex(part["complaints"][0], place)
        self.file.write_text(self.one)
        self.hang_up()
        events_until(self.client, "policy.reloaded")
        self.assertEqual(self.part()["state"], "ok", "by exactly what is in force")

    def test_the_last_good_one_outlives_a_restart_with_a_broken_file(self):
        self.file.write_text(self.two)
        digest = self.client.call("policy.reload")["digest"]
        self.file.write_text(self.broken)
        self.restart()
        part = self.part()
        self.assertEqual((part["state"], part["source"], part["digest"]), ("degraded", "kept", digest))
        self.assertIn("family_album", part["complaints"][0])
        decision = self.client.call("policy.evaluate", facts=CHILD)
        self.assertEqual((decision["policy"]["digest"], decision["missing"]), (digest, ["passport"]))
        self.assertEqual(self.world.daemon.stop(), 0)
        strict = Background(
            "madoguchid", "--config", self.world.configuration, "--strict-start", log=self.world.log,
            env=self.world.pcscd.env,
        )  # fmt: skip
        self.assertEqual(strict.process.wait(PATIENCE), 1)
        self.assertIn("family_album", self.world.log.read_text().splitlines()[-1])
        self.world.start_again()
        self.client = self.world.client()
        self.file.write_text(self.two)
        self.client.call("policy.reload")
        self.assertEqual(self.part()["state"], "ok")

    def test_a_case_keeps_its_own_for_the_day(self):
        case = self.client.call("cases.open", facts=HOLDER, staff=STAFF)
        own = case["decision"]["policy"]["digest"]
        self.file.write_text(self.two)
        self.assertNotEqual(self.client.call("policy.reload")["digest"], own)
        document = {"documents": [{"type": "drivers_licence", "of": "holder"}]}

        def update(**facts):
            decision = self.client.call("cases.update", case=case["id"], facts=facts, staff=STAFF)["decision"]
            return decision["policy"]["version"], decision["policy"]["digest"], decision["fee_yen"]

        self.assertEqual(update(**document), ("2026-01", own, 0))
        self.restart()
        self.assertEqual(update(**document), ("2026-01", own, 0))
        self.calendar.move_to(FIRST_DAY + datetime.timedelta(days=26))
        version, digest, fee = update(at="2026-03-10T10:00:00+09:00")
        self.assertEqual((version, fee), ("2026-02", 300))
        entries = self.client.call("cases.timeline", case=case["id"])["entries"]
        changes = [entry["details"] for entry in entries if entry["kind"] == "case.policy_changed"]
        self.assertEqual(changes, [{"from": own, "to": digest}])
        self.assertEqual(self.kept(), 2)
        self.restart()
        self.assertEqual(self.kept(), 1, "nothing needs the other any more")

    def test_the_tools_compare_what_was_recorded_with_another_policy(self):
        for birth in ("1980-04-10", "1990-01-01"):
            facts = {**HOLDER, "holder": {"birth_date": birth}}
            self.client.call("cases.open", facts=facts, staff=STAFF)
        recorded = self.world.folder / "cases.json"
        recorded.write_text(run(program("madoguchi"), "--socket", self.world.socket, "--json", "cases", "list"))
        other = self.world.folder / "two.yaml"
        other.write_text(self.two)
        plugins = pathlib.Path(program("madoguchi-plugin-host")).parent.parent / "lib" / "madoguchi" / "plugins"

        def replay(policy):
            command = [program("madoguchi"), "policy", "--plugins", plugins, "replay", policy, recorded]
            return subprocess.run(command, capture_output=True, text=True, check=False)

        same = replay(self.file)
        self.assertEqual((same.returncode, same.stdout), (0, "2 cases, 0 would be decided otherwise\n"), same.stderr)
        differs = replay(other)
        self.assertEqual(differs.returncode, 1, differs.stderr)
        self.assertEqual(differs.stdout.count("fee_yen: expected 0, found 300"), 2, differs.stdout)
        done = subprocess.run(
            [program("madoguchi"), "policy", "diff", self.file, other], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("fees.renewal_yen: 0 -> 300", done.stdout)


if __name__ == "__main__":
    unittest.main()
