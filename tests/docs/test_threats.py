"""daemon/threats.md: every test that it names is there, and every threat has one or says why not."""

import re
import unittest

from documents import ROOT

NAMED = re.compile(r"`([\w./]+)::([\w.]+)`")
ROW = re.compile(r"^\| (.+) \| (.+) \| ?(.*?) ?\|$", re.MULTILINE)
EXCUSED = re.compile(r"\*(outside|by design)\*")


def is_there(file, test):
    path = ROOT / "tests" / file
    if not path.exists():
        return False
    text = path.read_text()
    if file.endswith(".py"):
        return re.search(rf"^\s+def {re.escape(test)}\(", text, re.MULTILINE) is not None
    suite, _, name = test.partition(".")
    return re.search(rf"^TEST(_F|_P)?\({suite},\s*{name}\)", text, re.MULTILINE) is not None


def odd(text):
    found = []
    for threat, but, tests in ROW.findall(text):
        if threat in ("tries to", "---"):
            continue
        named = NAMED.findall(tests)
        if not named and not EXCUSED.search(but):
            found.append(f"{threat}: no test and no reason")
        found += [f"{threat}: no test {file}::{test}" for file, test in named if not is_there(file, test)]
    return found


class Threats(unittest.TestCase):
    text = (ROOT / "daemon" / "threats.md").read_text()

    def test_every_one_is_held_by_a_test_that_is_there(self):
        self.assertGreater(len(NAMED.findall(self.text)), 40)
        self.assertEqual(odd(self.text), [])

    def test_what_is_wrong_is_found(self):
        row = "| lie | is caught | `server/server_test.cpp::ServerTest.{}` |"
        self.assertEqual(odd(row.format("WhoHasNoRoleIsRefusedWithAReason")), [])
        self.assertEqual(odd(row.format("Nobody")), ["lie: no test server/server_test.cpp::ServerTest.Nobody"])
        self.assertEqual(odd("| lie | is caught | |"), ["lie: no test and no reason"])
        self.assertEqual(odd("| lie | *outside*: not ours | |"), [])


if __name__ == "__main__":
    unittest.main()
