"""What a vendor does: begin a plugin, build it outside of this project, have it checked, sign it."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["MADOGUCHI_BIN"])
SDK = pathlib.Path(os.environ["MADOGUCHI_SDK"])
BAD = pathlib.Path(os.environ["BAD_PLUGINS"])


def run(*command, status=0, **options):
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, check=False, **options)
    if done.returncode != status:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def madoguchi(*arguments, status=0):
    return run(BIN / "madoguchi", *arguments, status=status)


def check(manifest, *options, status=0):
    report = json.loads(madoguchi("--json", "plugin", "check", manifest, "--calls", "300", *options, status=status))
    return report, {f["about"]: f for f in report["findings"]}


class Template(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._temporary.cleanup)
        cls.folder = pathlib.Path(cls._temporary.name) / "queue-board"
        madoguchi("plugin", "new", "queue-board", cls.folder)
        run("cmake", "-S", cls.folder, "-B", cls.folder / "build", f"-DMadoguchiSdk_DIR={SDK}")
        run("cmake", "--build", cls.folder / "build", timeout=500)
        cls.manifest = cls.folder / "build" / "queue-board.json"

    def test_is_renamed_throughout(self):
        text = "".join(p.read_text() for p in self.folder.iterdir() if p.is_file())
        for name in ("my-rules", "my_rules", "MyRules"):
            self.assertNotIn(name, text)
        self.assertIn("queue_board.ticket_needed", text)
        self.assertTrue((self.folder / "queue_board.cpp").exists())

    def test_passes_the_check(self):
        report, findings = check(self.manifest, "--section", self.folder / "section.json")
        self.assertTrue(report["good"])
        self.assertEqual(report["plugin"]["name"], "queue-board")
        for about in ("decide: the same answer twice", "schedule: the same answer twice", "decide: survives hostile requests",
                      "call: answers 3 requests as it should", "call: the same answer twice", "call: survives hostile requests",
                      "decide: keeps no memory", "check: complains about an unknown key",
                      "only madoguchi_plugin_query is exported"):
            self.assertEqual(findings[about]["result"], "passed", about)

    def test_lists_are_given_what_came_of_the_events_before(self):
        section = self.folder / "proxy.json"
        section.write_text('{"reply_form": {"document": "reply_form", "city_valid_days": 30}}')
        shipped = BIN.parent / "lib" / "madoguchi" / "plugins" / "proxy-two-visit.json"
        report, findings = check(shipped, "--section", section)
        self.assertTrue(report["good"], findings)
        for about in ("advance: the same answer twice", "call: the same answer twice", "call: keeps no memory"):
            self.assertEqual(findings[about]["result"], "passed", about)

    def test_is_signed_by_openssls_own_measure(self):
        key, certificate = self.folder / "vendor.key.pem", self.folder / "vendor.crt.pem"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
            "-out", certificate, "-subj", "/O=example/CN=Signing of plugins", "-days", "2", "-addext", "extendedKeyUsage=codeSigning")
        madoguchi("plugin", "sign", self.manifest, "--certificate", certificate, "--key", key)
        run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", f"{self.manifest}.p7s", "-content", self.manifest,
            "-CAfile", certificate, "-purpose", "any", "-out", os.devnull)
        _, findings = check(self.manifest, "--section", self.folder / "section.json")
        self.assertEqual(findings["it is signed as a counter wants it"]["result"], "passed", findings)

    def test_is_not_signed_in_anothers_name(self):
        key, certificate = self.folder / "other.key.pem", self.folder / "other.crt.pem"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
            "-out", certificate, "-subj", "/CN=other", "-days", "2", "-addext", "extendedKeyUsage=codeSigning")
        madoguchi("plugin", "sign", self.manifest, "--certificate", certificate, "--key", key, status=2)

    def test_a_folder_that_is_there_is_left_alone(self):
        madoguchi("plugin", "new", "queue-board", self.folder, status=2)

    def test_a_name_that_would_leave_its_folder_is_refused(self):
        madoguchi("plugin", "new", "../x", self.folder / "other", status=2)


class Bad(unittest.TestCase):
    def fails(self, name, section, about):
        options = []
        if section:
            file = tempfile.NamedTemporaryFile("w", suffix=".json")
            self.addCleanup(file.close)
            json.dump(section, file)
            file.flush()
            options = ["--section", file.name]
        report, findings = check(BAD / f"{name}.json", *options, status=1)
        self.assertFalse(report["good"])
        self.assertEqual(findings[about]["result"], "failed", findings)
        return findings[about]["what"]

    def test_what_the_check_finds(self):
        self.assertIn("not exported", self.fails("bad-no-symbol", None, "the library can be loaded"))
        self.assertIn("ABI 2.0", self.fails("bad-wrong-major", None, "it starts in a process of its own, and its ABI fits"))
        self.assertIn("signal 6", self.fails("bad-moody", {"mood": "aborts"}, "decide: answers every good request"))
        self.assertIn("threw", self.fails("bad-moody", {"mood": "throws"}, "decide: answers every good request"))
        self.assertIn("proxy.", self.fails("bad-moody", {"mood": "foreign_code"}, "decide: its answers are as they should be"))
        answers = "advance: its answers are as they should be"
        self.assertIn("at most 65536", self.fails("bad-follower", {"mood": "hoards"}, answers))
        self.assertIn("topic", self.fails("bad-follower", {"mood": "odd_effect"}, answers))
        self.assertIn("signal 6", self.fails("bad-follower", {"mood": "aborts"}, answers))
        self.assertIn("only reads", self.fails("bad-follower", {"mood": "writes_in_reading"}, "call: its answers are as they should be"))
        self.assertIn("reply/sum", self.fails("bad-follower", {"mood": "another_reply"}, "call: its answers are as they should be"))
        self.assertIn("differed", self.fails("bad-follower", {"mood": "fickle"}, "advance: the same answer twice"))
        self.assertIn("not asked about", self.fails("bad-moody", {"mood": "schedules_another_year"},
                                                    "schedule: its answers are as they should be"))


if __name__ == "__main__":
    unittest.main()
