"""The audit log over the socket: everything that it must have is there, it is exported and verified without a daemon, and
whatever is done to the store's file shows."""

import datetime
import hashlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import STAFF, Visit
from fixture.program import program, wait_until
from fixture.world import World, madoguchi

OUTSIDER = 65534  # nobody
JAPAN = datetime.timezone(datetime.timedelta(hours=9))


class OpenWorld(World):
    """Whoever has no role may open the socket here, and is refused by the daemon."""

    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        known = "socket: {path: madoguchi.sock}"
        assert text.count(known) == 1
        self.configuration.write_text(text.replace(known, 'socket: {path: madoguchi.sock, mode: "0666"}'))
        self.folder.chmod(0o711)


def knock(path):
    """As somebody without a role; what the daemon answers."""
    code = (
        f"import os, socket; os.setgroups([]); os.setgid({OUTSIDER}); os.setuid({OUTSIDER});"
        f"s = socket.socket(socket.AF_UNIX); s.connect({str(path)!r}); print(s.makefile().readline())"
    )
    return json.loads(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def late():
    yesterday = datetime.datetime.now(JAPAN) - datetime.timedelta(days=1)
    return yesterday.replace(hour=22, minute=30, second=0, microsecond=0).isoformat()


class Audit(unittest.TestCase):
    def setUp(self):
        self.world = OpenWorld(layout="single")
        self.world.start()
        self.addCleanup(self.world.stop)
        self.client = self.world.client()
        self.export = self.world.folder / "audit.jsonl"
        self.key = self.world.folder / "audit.pub"

    def entries(self, **filters):
        found, since = [], 0
        while True:
            page = self.client.call("audit.query", since=since, **filters)
            found += page["entries"]
            if "next" not in page:
                return found
            since = page["next"]

    def whats(self, **filters):
        return [entry.get("what") for entry in self.entries(**filters)]

    def command(self, *arguments):
        command = [program("madoguchi"), "--lang", "en", "--socket", str(self.world.socket), "audit", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True)

    def renew(self, reason=None):
        """The main job; with a reason, after the last reception."""
        card = self.world.make_card("expiring-soon")
        visit = Visit(self.client, card, self.world.insert(card))
        visit.id = self.client.call(
            "cases.open", facts=card.facts(**({"at": late()} if reason else {})), reader=visit.reader, staff=STAFF,
            **({"override_reason": reason} if reason else {}),
        )["id"]  # fmt: skip
        with self.assertRaises(madoguchi.Error):
            visit.verify("authentication", "0000")
        visit.verify_all()
        self.assertEqual(visit.issue()["state"], "completed")
        self.world.take_out(card)
        return visit, card

    def leave_it_to_the_clerk(self):
        """From now on the rules leave the receptions of the late evening to the clerk."""
        policy = self.world.folder / "policy.yaml"
        text = policy.read_text()
        for old, new in (
            ("reception: {lead_minutes: 0}", "reception: {lead_minutes: 240, enforcement: advise}"),
            ('version: "2026-01"', 'version: "2026-02"'),
        ):
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        policy.write_text(text)

    def test_whatever_must_be_there_is_there(self):
        visit, card = self.renew()
        of_case = self.entries(case=visit.id)
        whats = [entry["what"] for entry in of_case]
        self.assertEqual(whats[0], "case.opened")
        self.assertEqual(whats[-1], "case.completed")
        self.assertEqual(whats.count("pin.mismatched"), 1)
        self.assertEqual(whats.count("key.made"), 2)
        for what in ("pin.matched", "certificate.intent", "certificate.written", "revocation.done", "issue.begun"):
            self.assertIn(what, whats)
        for entry in of_case:
            self.assertEqual(entry["uid"], os.getuid())
            self.assertEqual(entry["role"], "clerk,admin")
            self.assertEqual((entry["staff"], entry["counter"], entry["reader"]), (STAFF, "window-1", visit.reader))
            self.assertEqual(len(entry["policy"]), 64)
        issued = {each["serial"] for each in self.world.authority.issued() if each["status"] == "good"}
        told = {entry["serial"] for entry in of_case if entry["what"] == "certificate.intent"}
        self.assertEqual({serial.upper().lstrip("0") for serial in told}, {s.upper().lstrip("0") for s in issued})

        before = self.client.call("policy.info")["digest"]
        self.leave_it_to_the_clerk()
        self.client.call("policy.reload")
        after = self.client.call("policy.info")["digest"]
        reloaded = self.entries(kind="policy")[-1]
        self.assertEqual((reloaded["what"], reloaded["was"], reloaded["policy"]), ("policy.reloaded", before, after))
        self.assertEqual(reloaded["role"], "clerk,admin")
        (self.world.folder / "policy.yaml").write_text("nonsense: 1\n")
        with self.assertRaises(madoguchi.Error):
            self.client.call("policy.reload")
        refused = self.entries(kind="policy")[-1]
        self.assertEqual((refused["what"], refused["reason"], refused["policy"]), ("policy.refused", "policy.invalid", after))

        plugins = [entry["plugin"] for entry in self.entries(kind="plugin") if entry["what"] == "plugin.loaded"]
        self.assertEqual(sorted(plugins), sorted(2 * ["holiday-openings", "legal-representative", "proxy-two-visit"]))

        visit, _ = self.renew(reason="山田花子さんは受付終了前から並んでいた")
        self.assertEqual(visit.get()["decision"]["policy"]["digest"], after)
        overridden = self.entries(kind="override")
        self.assertEqual([(each["what"], each["case"]) for each in overridden], [("case.overridden", visit.id)])
        self.assertEqual(overridden[0]["findings"], "office.after_last_reception")

        self.assertTrue(self.client.call("audit.verify")["ok"])
        log = json.dumps(self.entries(), ensure_ascii=False)
        self.assertNotIn("山田", log, "what a clerk typed stays in the case's journal")
        self.assertNotIn(card.made["card_number"], log)
        self.assertNotIn('"?"', log, "every value fits its field")
        for secret in self.world.secrets():
            self.assertNotIn(f'"{secret}"', log)

    @unittest.skipIf(os.getuid() != 0, "only root can become somebody without a role")
    def test_refused_callers_are_recorded_and_do_not_fill_the_disk(self):
        for _ in range(30):
            self.assertEqual(knock(self.world.socket)["error"]["data"]["reason"], "forbidden")
        wait_until(lambda: self.whats(kind="access"), "the entry")
        self.client.call("system.info")
        access = self.entries(kind="access")
        self.assertEqual([(each["what"], each["uid"]) for each in access], [("access.connection_refused", OUTSIDER)])
        self.assertNotIn("role", access[0])
        self.assertEqual(self.world.daemon.stop(), 0)
        self.world.start_again()
        self.client = self.world.client()
        counted = self.entries(kind="access")[-1]
        self.assertEqual((counted["what"], counted["count"]), ("access.connection_refused", 29))

    def test_an_export_goes_on_where_it_ended_and_is_verified_without_a_daemon(self):
        self.renew()
        made = self.command("export", "--output", self.export)
        self.assertEqual(made.returncode, 0, made.stderr)
        first = self.export.read_text().splitlines()
        self.key.write_text(self.command("key").stdout)
        self.renew()
        self.world.daemon.stop()
        self.world.start_again()
        self.client = self.world.client()
        with self.export.open("a") as file:
            file.write('{"seq":99')  # as a crash leaves it
        self.assertEqual(self.command("export", "--output", self.export).returncode, 0)
        lines = self.export.read_text().splitlines()
        self.assertEqual(lines[: len(first)], first)
        entries = [json.loads(line) for line in lines if "statement" not in json.loads(line)]
        self.assertEqual([entry["seq"] for entry in entries], list(range(1, len(entries) + 1)))
        self.assertEqual([entry["what"] for entry in entries].count("daemon.started"), 2)
        since = json.loads(self.command("export", "--since", entries[-2]["seq"]).stdout.splitlines()[0])
        self.assertEqual(since["seq"], entries[-1]["seq"])
        self.world.daemon.stop()

        whole = self.command("verify", self.export, "--key", self.key)
        self.assertEqual(whole.returncode, 0, whole.stdout + whole.stderr)
        # Another program, by the README alone.
        before = "0" * 64
        for line in (line for line in lines if "statement" not in json.loads(line)):
            body = line[: line.rindex(',"hash":')] + "}"
            self.assertEqual(json.loads(line)["prev"], before)
            before = hashlib.sha256(body.encode()).hexdigest()
            self.assertEqual(json.loads(line)["hash"], before)
        for name, changed in (
            ("a line changed", [line.replace(STAFF, "clerk-8", 1) if n == 8 else line for n, line in enumerate(lines)]),
            ("a line dropped", lines[:7] + lines[8:]),
            ("two lines moved", lines[:7] + [lines[8], lines[7]] + lines[9:]),
            ("the end cut off", lines[:-3]),
            ("the end cut off, its checkpoint kept", lines[:-3] + lines[-1:]),
        ):
            with self.subTest(name):
                self.assertNotEqual(changed, lines)
                self.export.write_text("\n".join(changed) + "\n")
                found = self.command("verify", self.export, "--key", self.key)
                self.assertEqual(found.returncode, 1, found.stdout)

    def test_what_is_done_to_the_file_shows(self):
        self.renew()
        last = self.client.call("audit.verify")["last"]
        store = self.world.folder / self.world.store

        def by_hand(sql):
            self.world.daemon.stop()
            with sqlite3.connect(store) as connection:
                for trigger in ("audit_never_changes", "audit_is_kept", "audit_marks_are_kept"):
                    connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
                connection.executescript(sql)
            connection.close()
            self.world.start_again()
            self.client = self.world.client()

        def flaws():
            return [(each["flaw"], each["seq"]) for each in self.client.call("audit.verify")["problems"]]

        by_hand("UPDATE audit SET line = replace(line, 'clerk-7', 'clerk-8') WHERE seq = 8")
        self.assertEqual(flaws(), [("altered", 8)])
        self.assertEqual(self.command("verify").returncode, 1)
        by_hand("DELETE FROM audit WHERE seq = 10")
        self.assertEqual(flaws(), [("altered", 8), ("missing", 10)])
        self.assertEqual(self.client.call("system.health")["parts"]["audit"]["state"], "ok", "the end is as it was")
        end = self.client.call("audit.verify")["last"]
        self.assertGreater(end, last)
        # The daemon writes an entry as it ends, so the tail is cut behind what it had written last by then.
        by_hand(f"DELETE FROM audit WHERE seq > {end}")
        self.assertEqual(self.client.call("system.health")["parts"]["audit"]["state"], "degraded")
        self.assertIn(("missing", end + 1), flaws())
        self.assertIn("audit.damaged", self.whats(kind="audit"))
        # The counter serves its citizens all the same.
        self.renew()

    def test_a_key_that_others_may_read_is_refused(self):
        self.world.daemon.stop()
        key = self.world.folder / "audit.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        key.chmod(0o644)
        command = [program("madoguchid"), "--config", str(self.world.configuration)]
        ended = subprocess.run(command, env=os.environ | self.world.pcscd.env, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 77)
        self.assertIn("chmod 0600", ended.stdout + ended.stderr)
        key.chmod(0o600)
        self.world.start_again()
        self.assertTrue(self.world.client().call("audit.verify")["ok"])


if __name__ == "__main__":
    unittest.main()
