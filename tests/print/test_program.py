"""The program as it is run: options, exit statuses, and a file that is whole or not there."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest
from unittest import mock

from sheets import INQUIRY, RECEIPT, ROOT, changed, output

PROGRAM = pathlib.Path(os.environ.get("MADOGUCHI_BIN", ROOT / "build" / "bin")) / "madoguchi-print"


def run(*options, document=None, environment=None, output=subprocess.PIPE):
    data = document if isinstance(document, bytes) else json.dumps(document or RECEIPT).encode()
    return subprocess.run([PROGRAM, *options], input=data, stdout=output, stderr=subprocess.PIPE, timeout=120,
                          env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(environment or {})})


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_writes_to_standard_output(self):
        done = run("receipt", "--format", "html")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(RECEIPT["case"].encode(), done.stdout)

    def test_makes_a_pdf_unless_told(self):
        file = self.folder / "sheet.pdf"
        done = run("receipt", "--output", file)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        self.assertTrue(file.read_bytes().startswith(b"%PDF-1.7"))
        self.assertEqual(file.stat().st_mode & 0o777, 0o600, "it may carry names")
        self.assertEqual(os.listdir(self.folder), ["sheet.pdf"])

    def test_the_same_document_gives_the_same_bytes(self):
        """In another process, at another second."""
        first = run("inquiry", document=INQUIRY)
        second = run("inquiry", document=INQUIRY)
        self.assertEqual((first.returncode, second.returncode), (0, 0))
        self.assertTrue(first.stdout == second.stdout, "the PDFs differ")

    def test_a_refused_document_leaves_the_file_as_it_was(self):
        file = self.folder / "sheet.html"
        file.write_text("yesterday's")
        done = run("receipt", "--format=html", "--output", file, document=changed("receipt", "/case", drop=True))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.decode(), "madoguchi-print: /case: is missing\n")
        self.assertEqual(file.read_text(), "yesterday's")
        self.assertEqual(os.listdir(self.folder), ["sheet.html"])

    def test_says_so_when_it_cannot_write(self):
        done = run("receipt", "--format", "html", "--output", self.folder / "gone" / "sheet.html")
        self.assertEqual(done.returncode, 4)
        self.assertIn("cannot write", done.stderr.decode())
        done = run("receipt", "--format", "html", "--output", "/dev/full")
        self.assertEqual(done.returncode, 4)
        with open("/dev/full", "wb") as full:
            done = run("receipt", "--format", "html", output=full)
        self.assertEqual((done.returncode, done.stderr),
                         (4, b"madoguchi-print: cannot write stdout (No space left on device)\n"))

    def test_an_interrupted_write_leaves_nothing_behind(self):
        file = self.folder / "sheet.pdf"
        file.write_text("yesterday's")
        with mock.patch("os.replace", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            output.write(b"today's", str(file))
        self.assertEqual(os.listdir(self.folder), ["sheet.pdf"])
        self.assertEqual(file.read_text(), "yesterday's")

    def test_speaks_japanese_when_asked_or_set(self):
        wrong = changed("receipt", "/case", drop=True)
        asked = run("receipt", "--lang", "ja", document=wrong)
        by_locale = run("receipt", document=wrong, environment={"LC_ALL": "ja_JP.UTF-8"})
        for done in (asked, by_locale):
            self.assertEqual(done.stderr.decode(), "madoguchi-print: /case: 項目がありません\n")

    def test_a_command_line_that_is_not_understood(self):
        for options in ((), ("poster",), ("receipt", "--format", "docx"), ("receipt", "--no-such")):
            with self.subTest(options):
                done = run(*options)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertTrue(done.stderr.startswith(b"madoguchi-print: "))
        self.assertEqual(run("--help").returncode, 0)

    def test_a_caller_environment_changes_nothing(self):
        (self.folder / "jinja2.py").write_text("raise SystemExit('not ours')")
        done = run("receipt", "--format", "html", environment={"PYTHONPATH": str(self.folder), "TZ": "America/New_York"})
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn("2026年2月12日 10:10", done.stdout.decode(), "in Japan, wherever the machine believes to be")

    def test_runs_where_it_is_installed(self):
        installed = self.folder / "usr"
        for source, target in (("sdk/print/madoguchi-print", "bin/madoguchi-print"),
                               ("sdk/print/madoguchi_print", "share/madoguchi/print/madoguchi_print"),
                               ("config/templates", "share/madoguchi/templates")):
            (installed / target).parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-r", ROOT / source, installed / target], check=True)
        done = subprocess.run([installed / "bin" / "madoguchi-print", "receipt", "--format", "html"],
                              input=json.dumps(RECEIPT).encode(), capture_output=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, b""))


if __name__ == "__main__":
    unittest.main()
