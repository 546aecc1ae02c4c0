"""Looking after a counter: the doctor names what was broken on purpose, the store comes back from its copy, and the
support bundle holds nothing personal."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import Visit
from fixture.program import PATIENCE, program, wait_until
from fixture.world import World, madoguchi


class Operation(unittest.TestCase):
    def setUp(self):
        self.world = World(timeout=5, patience=4)
        self.addCleanup(self.world.stop)
        self.world.start()

    def command(self, *arguments, status=0):
        """What `madoguchi --json` says."""
        done = subprocess.run(
            [program("madoguchi"), "--json", "--socket", self.world.socket, *map(str, arguments)],
            env={**os.environ, **self.world.pcscd.env}, capture_output=True, text=True, timeout=PATIENCE,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def doctor(self):
        """The findings by id that are not well; whatever the clock of the machine that runs the tests is like."""
        done = subprocess.run(
            [program("madoguchi"), "--json", "--socket", self.world.socket, "doctor", "--config",
             self.world.configuration],
            env={**os.environ, **self.world.pcscd.env}, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        told = json.loads(done.stdout)
        expected = {"ok": 0, "attention": 7, "wrong": 1}[told["state"]]
        self.assertEqual(done.returncode, expected, done.stdout)
        self.found = {each["id"] for each in told["findings"]}
        ill = {each["id"]: each for each in told["findings"] if each["state"] != "ok"}
        for each in ill.values():
            self.assertTrue(each["do"]["ja"] and each["do"]["en"], each)
        for outside in ("clock.not_synchronised", "unit.not_installed", "disk.low", "reader.kernel_driver"):
            ill.pop(outside, None)
        return ill

    def end_daemon(self):
        self.world.daemon.stop()


class Doctor(Operation):
    def test_one_thing_broken_at_a_time(self):
        # The daemon serves before it has found pcscd.
        wait_until(lambda: not self.doctor(), "all is well")
        self.assertLessEqual({"daemon.ok", "pcscd.ok", "reader.ok", "store.ok", "store_key.ok", "audit.ok", "policy.ok", "plugins.ok",
                              "ra_certificate.ok", "ra_key.ok", "authority.ok", "card.none"}, self.found)  # fmt: skip
        for broken in (self.authority_away, self.authority_at_another_path, self.authority_not_trusted, self.counter_not_accepted, self.nobody_to_ask_for_a_standing, self.issuers_of_nothing, self.key_for_all, self.policy_bad, self.plugin_gone, self.store_for_all,
                       self.store_key_for_all, self.store_key_gone, self.no_pcscd, self.socket_gone, self.no_daemon):  # fmt: skip
            with self.subTest(broken=broken.__name__):
                broken()

    def authority_away(self):
        self.world.authority.stop()
        self.assertEqual(set(self.doctor()), {"authority.unreachable"})
        self.world.authority.start()
        self.assertEqual(self.doctor(), {})

    def changed(self, old, new):
        """What the doctor finds with that in the configuration, which the running daemon does not read again."""
        text = self.world.configuration.read_text()
        self.assertIn(old, text)
        self.world.configuration.write_text(text.replace(old, new))
        try:
            return self.doctor()
        finally:
            self.world.configuration.write_text(text)

    def authority_at_another_path(self):
        url = self.world.authority.url
        self.assertEqual(set(self.changed(url, url.replace("/pkix/", "/elsewhere/"))), {"authority.no_answer"})

    def authority_not_trusted(self):
        (finding,) = self.changed("trust: [ca/root.crt.pem]", "trust: [ca/ra.crt.pem]").values()
        self.assertEqual(finding["id"], "authority.not_believed")
        self.assertIn("expected_sender", finding["do"]["en"])

    def nobody_to_ask_for_a_standing(self):
        url = self.world.authority.ocsp_url
        for wrong in ("http://127.0.0.1:1/ocsp", url + "-elsewhere"):
            (finding,) = self.changed(url, wrong).values()
            self.assertEqual((finding["id"], finding["facts"]["url"]), ("authority.no_status", wrong))

    def issuers_of_nothing(self):
        """What has issued nothing that is on a card: the authority's root, and the counter's own certificate."""
        issuers = "issuers: [ca/signature.crt.pem, ca/authentication.crt.pem]"
        found = self.changed(issuers, "issuers: [ca/root.crt.pem]")
        self.assertEqual(set(found), {"issuers.not_shown"})
        self.assertIn("authentication", found["issuers.not_shown"]["facts"]["shown"].lower())
        found = self.changed(issuers, "issuers: [ca/ra.crt.pem]")
        self.assertEqual(set(found), {"issuers.no_ca", "issuers.not_shown"})
        self.assertIn("issuers", found["issuers.not_shown"]["do"]["en"])

    def counter_not_accepted(self):
        """The right key, and a certificate that the authority has not made."""
        subprocess.run(
            ["openssl", "req", "-x509", "-key", "ca/ra.key.pem", "-subj", "/CN=window", "-days", "90", "-out", "own.crt"],
            cwd=self.world.folder, check=True, capture_output=True,
        )  # fmt: skip
        (finding,) = self.changed("ra_certificate: ca/ra.crt.pem", "ra_certificate: own.crt").values()
        self.assertEqual(finding["id"], "authority.refuses")
        self.assertIn("ra_certificate", finding["do"]["en"])

    def key_for_all(self):
        key = self.world.folder / "ca" / "ra.key.pem"
        mode = key.stat().st_mode
        key.chmod(0o644)
        (finding,) = self.doctor().values()
        key.chmod(mode)
        self.assertEqual(finding["id"], "ra_key.mode")
        self.assertIn(f"chmod 0600 {key}", finding["do"]["en"])

    def policy_bad(self):
        policy = self.world.folder / "policy.yaml"
        text = policy.read_text()
        policy.write_text(text + "\nnonsense: true\n")
        (finding,) = self.doctor().values()
        policy.write_text(text)
        self.assertEqual(finding["id"], "policy.refused")
        self.assertRegex(finding["en"], r"policy\.yaml:\d+:\d+: nonsense")

    def plugin_gone(self):
        text = self.world.configuration.read_text()
        self.world.configuration.write_text(text.replace("  use:\n", "  use:\n    - {name: not-there}\n"))
        (finding,) = self.doctor().values()
        self.world.configuration.write_text(text)
        self.assertEqual(finding["id"], "plugin.missing")
        self.assertIn("not-there", finding["ja"])

    def store_for_all(self):
        store = self.world.folder / "cases.db"
        store.chmod(0o644)
        self.assertEqual(set(self.doctor()), {"store.mode"})
        store.chmod(0o600)

    def store_key_for_all(self):
        key = self.world.folder / "store.key"
        key.chmod(0o644)
        self.assertEqual(set(self.doctor()), {"store_key.unusable"})
        key.chmod(0o600)

    def store_key_gone(self):
        key = self.world.folder / "store.key"
        elsewhere = key.rename(self.world.folder / "elsewhere.key")
        self.assertEqual(set(self.doctor()), {"store_key.lost"})
        elsewhere.rename(key)

    def no_pcscd(self):
        self.world.pcscd.stop()
        self.assertIn("pcscd.not_running", self.doctor())
        self.world.pcscd.start()
        wait_until(lambda: self.doctor() == {}, "pcscd is there again")

    def socket_gone(self):
        self.assertNotIn("connection.refused", self.world.log.read_text(), "whoever looks is no intruder")
        pathlib.Path(self.world.socket).unlink()
        (finding,) = self.doctor().values()
        self.assertEqual(finding["id"], "daemon.socket_gone")

    def no_daemon(self):
        self.end_daemon()
        (finding,) = self.doctor().values()
        self.assertEqual(finding["id"], "daemon.down")
        self.assertIn("systemctl enable --now", finding["do"]["ja"])


    def test_what_hangs_is_named_within_a_minute_and_the_rest_looked_at(self):
        daemon, pcscd = self.world.daemon.process, self.world.pcscd.process
        for hanging, expected in ((daemon, "daemon.silent"), (pcscd, "pcscd.stuck")):
            with self.subTest(expected), contextlib.ExitStack() as held:
                hanging.send_signal(signal.SIGSTOP)
                held.callback(hanging.send_signal, signal.SIGCONT)
                begun = time.monotonic()
                ill = self.doctor()
                self.assertLess(time.monotonic() - begun, 60)
                self.assertIn(expected, ill)
                self.assertLessEqual({"store.ok", "policy.ok", "authority.ok"}, self.found)

    def test_a_store_that_is_gone_is_missed(self):
        self.end_daemon()
        for name in ("cases.db", "cases.db-wal", "cases.db-shm"):
            (self.world.folder / name).unlink(missing_ok=True)
        self.assertEqual(set(self.doctor()), {"daemon.down", "store.lost"})
        client = self.world.start_again()
        self.assertIn(" error store.begun_anew ", self.world.log.read_text())
        health = client.call("system.health")["parts"]["audit"]
        self.assertEqual((health["state"], health["why"]), ("degraded", "missing"))

    @unittest.skipIf(os.getuid() != 0, "only root has rights to give up")
    def test_root_sees_what_the_daemon_sees(self):
        nobody = 65534
        os.chown(self.world.folder, nobody, nobody)  # the store's folder
        ill = self.doctor()
        self.assertLessEqual({"key.not_for_service", "store.unreadable"}, ill.keys())
        self.assertTrue(ill["key.not_for_service"]["facts"]["path"].endswith("ra.key.pem"))


class Copies(Operation):
    def begun(self):
        """A case whose certificates are asked for of an authority that is away."""
        card = self.world.make_card("expiring-soon")
        reader = self.world.insert(card)
        visit = Visit(self.world.front_end, card, reader)
        visit.open()
        visit.verify_all()
        self.world.authority.stop()
        with self.assertRaises(madoguchi.Error):
            visit.issue()
        return visit

    def test_rehearsal(self):
        visit = self.begun()
        copy = self.world.folder / "copy.db"
        with_config = ("--config", self.world.configuration)
        made = self.command("store", *with_config, "backup", copy)
        self.assertEqual(made["cases"], 1)
        self.assertGreater(made["audit"], 3)
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        known = visit.get()

        self.command("store", *with_config, "restore", copy, status=1)  # it runs
        self.assertEqual(visit.get(), known)

        self.world.daemon.kill()
        for each in self.world.folder.glob("cases.db*"):
            if each.name != "cases.db.lock":
                each.unlink()
        (self.world.folder / "cases.db").write_bytes(b"\0" * 8192)
        self.assertIn("store.damaged", self.doctor())

        damaged = self.world.folder / "damaged.db"
        damaged.write_bytes(copy.read_bytes()[:8192] + b"x" * 8192)
        damaged.chmod(0o600)
        self.command("store", *with_config, "restore", damaged, status=1)

        undecodable = self.world.folder / "undecodable.db"
        undecodable.write_bytes(copy.read_bytes())
        with contextlib.closing(sqlite3.connect(undecodable)) as store, store:
            store.execute("UPDATE cases SET body = x'7b7d'")
        told = subprocess.run(
            [program("madoguchi"), "--lang", "en", "store", *map(str, with_config), "restore", undecodable],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.assertEqual(told.returncode, 7, told.stdout + told.stderr)
        self.assertIn("store.unopened", told.stdout)
        for each in self.world.folder.glob("cases.db*"):
            if each.name != "cases.db.lock":
                each.unlink()
        (self.world.folder / "cases.db").write_bytes(b"\0" * 8192)

        key = self.world.folder / "store.key"
        secret = key.read_bytes()
        self.assertNotIn(bytes.fromhex(secret.decode()), copy.read_bytes())
        self.assertNotIn(secret.strip(), copy.read_bytes())
        for others in (None, b"ab" * 32):
            key.unlink()
            if others:
                key.write_bytes(others)
                key.chmod(0o600)
            refused = self.command("store", *with_config, "restore", copy, status=1)
            self.assertEqual(refused["error"]["reason"], "store.other_key")
            self.assertIn(made["keys"][0], json.dumps(refused))
            self.assertEqual((self.world.folder / "cases.db").read_bytes(), b"\0" * 8192, "nothing was changed")
            key.touch()
        key.write_bytes(secret)

        restored = self.command("store", *with_config, "restore", copy)
        self.assertEqual(restored["cases"], 1)
        self.assertEqual(restored["keys"], made["keys"])
        self.assertEqual(pathlib.Path(restored["before"]).read_bytes(), b"\0" * 8192)

        self.world.authority.start()
        client = self.world.start_again()
        again = Visit(client, visit.card, visit.reader, visit.id)
        self.assertEqual(again.get()["decision"], known["decision"])
        again.verify_all()
        self.assertEqual(again.issue()["state"], "completed")
        self.assertTrue(client.call("audit.verify")["ok"])
        checked = self.command("store", *with_config, "check", status=self.status_of_clock())
        self.assertLessEqual({"store.ok", "audit.ok"}, {each["id"] for each in checked["findings"]})

    def test_a_damaged_audit_log_keeps_nobody_from_a_copy(self):
        self.begun()
        self.world.daemon.kill()
        path = self.world.folder / "cases.db"
        with contextlib.closing(sqlite3.connect(path)) as store, store:
            name = "audit_never_changes"
            (trigger,) = store.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
            store.execute(f"DROP TRIGGER {name}")
            store.execute("UPDATE audit SET line = replace(line, 'prev', 'prew') WHERE seq = 2")
            store.execute(trigger)
        copy = self.world.folder / "copy.db"
        flaws = [{"seq": 2, "flaw": "altered"}]
        made = self.command("store", "--config", self.world.configuration, "backup", copy, status=7)
        self.assertEqual(made["audit_flaws"], flaws)
        restored = self.command("store", "restore", "--store", path, copy, status=7)
        self.assertEqual(restored["audit_flaws"], flaws)
        self.assertEqual(restored["cases"], 1)
        self.assertIn("audit.chain_damaged", self.doctor())
        checked = self.world.start_again().call("audit.verify")
        self.assertEqual([(each["seq"], each["flaw"]) for each in checked["problems"]], [(2, "altered")])

    def status_of_clock(self):
        """Where nobody keeps the clock of the machine that runs the tests, that is told, too."""
        return 7 if "clock.not_synchronised" in self.whole_doctor() else 0

    def whole_doctor(self):
        self.doctor()
        return self.found


class OverUnixSocket(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self._path)


class Metrics(Operation):
    def setUp(self):
        super().setUp()
        self.end_daemon()
        with open(self.world.configuration, "a") as configuration:
            configuration.write("metrics: {socket: metrics.sock, mode: 0600}\n")
        self.world.start_again()

    def page(self):
        connection = OverUnixSocket(self.world.folder / "metrics.sock")
        self.addCleanup(connection.close)
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        text = answer.read().decode()
        samples = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return text, {name: float(value) for name, value in samples}

    def test_a_day_in_numbers(self):
        path = self.world.folder / "metrics.sock"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        # A daemon that has just begun answers a moment before it has reached pcscd.
        _, before = wait_until(
            lambda: (seen := self.page())[1]["madoguchi_reader_service_up"] == 1 and seen, "pcscd can be reached"
        )
        self.assertEqual(before.get('madoguchi_cases{state="completed"}', 0), 0)
        card = self.world.make_card("expiring-soon")
        visit = Visit(self.world.front_end, card, self.world.insert(card))
        visit.open()
        with self.assertRaises(madoguchi.Error):
            visit.verify("authentication", "9182")
        visit.verify_all()
        self.assertEqual(visit.issue()["state"], "completed")
        text, after = wait_until(
            lambda: (seen := self.page())[1].get('madoguchi_cases{state="completed"}') == 1 and seen, "it was counted"
        )
        for name, least in {
            'madoguchi_readers{state="present"}': 1,
            'madoguchi_pins_total{pin="authentication",what="pin.mismatched"}': 1,
            'madoguchi_pins_total{pin="authentication",what="pin.matched"}': 1,
            'madoguchi_steps_total{kind="decision",what="case.opened"}': 1,
            'madoguchi_authority_exchange_seconds_count{authority="development",outcome="answered"}': 2,
            'madoguchi_store_commit_seconds_count{outcome="ok"}': 20,
            'madoguchi_plugin_calls_total{plugin="proxy-two-visit"}': 1,
            'madoguchi_part_well{part="audit"}': 1,
            'madoguchi_ra_certificate_not_after_seconds{authority="development"}': int(time.time()),
            "madoguchi_connections": 1,
        }.items():
            self.assertGreaterEqual(after.get(name, 0), least, name)
        serials = [each[which]["serial"] for each in visit.get()["certificates"].values() for which in ("old", "new")]
        words = set(re.findall(r"[\w-]+", text))
        for personal in (visit.id, *serials, *card.pins.values(), card.made["birth"], "9182"):
            self.assertNotIn(str(personal), words)

    def test_one_that_cannot_be_served_keeps_nobody_from_work(self):
        self.end_daemon()
        text = self.world.configuration.read_text()
        self.world.configuration.write_text(text.replace("socket: metrics.sock", "socket: nowhere/metrics.sock"))
        client = self.world.start_again()
        # Its readers are found a moment after it answers.
        wait_until(lambda: client.call("system.health")["state"] == "ok", "all is well")
        self.assertIn("metrics.not_served", self.world.log.read_text())


class Bundle(Operation):
    planted = ("山田太郎", "YAMADA", "0739", "A1234567", "03-1234-5678")

    def test_holds_nothing_personal(self):
        card = self.world.make_card("expiring-soon")
        visit = Visit(self.world.front_end, card, self.world.insert(card))
        visit.open()
        visit.verify_all()
        case = visit.issue()
        self.assertEqual(case["state"], "completed")
        serials = [each[which]["serial"] for each in case["certificates"].values() for which in ("old", "new")]
        log = self.world.folder / "planted.log"
        name, latin, pin, document, phone = self.planted
        log.write_text(
            f'2026-11-28 10:00:00.000 error plugin.failed plugin="{latin}" why="{name} seconds=739 {document}" failures=3\n'
            f'<3>rpc.internal incident="ab" inner="{name} {phone}"\n'
            f'{{"at":"2026-11-28T10:00:00.000+0900","level":"error","id":"rpc.threw","inner":"{pin} {name}","count":2}}\n'
            f"{name} {document}\n"
        )
        configuration = self.world.configuration
        configuration.write_text(f"# {name} {phone}\n" + configuration.read_text())
        output = self.world.folder / "bundle.tar"
        shown = self.command("support-bundle", "--config", configuration, "--log", log, "--output", output, status=5)
        self.assertFalse(shown["written"])
        self.assertFalse(output.exists(), "shown first")
        self.command("support-bundle", "--config", configuration, "--log", log, "--output", output, "--yes")
        log.unlink()  # the PIN in it is planted, and whoever searches what the whole run has left would find it
        self.assertEqual(output.stat().st_mode & 0o777, 0o600)
        with tarfile.open(output) as archive:
            members = {each.name.split("/")[1]: archive.extractfile(each).read().decode() for each in archive}
        self.assertEqual(sorted(each["name"] for each in shown["members"]), sorted(members))
        whole = "\n".join(members.values())
        birth = case["facts"]["holder"]["birth_date"]
        for secret in (*self.planted, *serials, *card.pins.values(), case["id"], birth, "ra.key.pem",
                       self.world.authority.url):  # fmt: skip
            self.assertNotIn(str(secret), whole, secret)
        self.assertEqual(
            json.loads(members["log.json"]),
            [{"at": "2026-11-28 10:00:00.000", "level": "error", "id": "plugin.failed", "failures": 3},
             {"id": "rpc.internal"},
             {"id": "rpc.threw", "at": "2026-11-28T10:00:00.000+0900", "count": 2, "level": "error"}],
        )  # fmt: skip
        self.assertEqual(json.loads(members["store.json"])["cases"], 1)
        self.assertEqual(len(json.loads(members["plugins.json"])), 3)
        self.assertTrue(json.loads(members["configuration.json"])["valid"])
        self.assertIn("store.ok", {each["id"] for each in json.loads(members["doctor.json"])})
        self.command("support-bundle", "--config", configuration, "--output", output, "--yes", status=1)  # is there


if __name__ == "__main__":
    unittest.main()
