"""The table in tests/e2e/README.md: every sentence and case has a row, and every test that it names is there."""

import importlib
import pathlib
import re
import sys
import unittest

from documents import ROOT

E2E = ROOT / "tests" / "e2e"
sys.path.insert(0, str(E2E))
ROW = re.compile(r"^\| ([A-Z]+-?\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w.]+)::([\w.-]+)`")
RANGE = re.compile(r"([A-Z]+-?)(\d+)-\1(\d+)")


def ids(text):
    """Those that the table has to have: `Ids: S1-S3 DC-01-DC-70`."""
    (line,) = re.findall(r"^Ids: (.*)$", text, re.MULTILINE)
    wanted = []
    for kind, first, last in RANGE.findall(line):
        wanted += [f"{kind}{number:0{len(first)}}" for number in range(int(first), int(last) + 1)]
    return wanted


def rows(text):
    """{id: [(file, test)]}; ValueError for an id with two rows."""
    found = {}
    for name, _, tests in ROW.findall(text):
        if name in found:
            raise ValueError(f"{name} has two rows")
        found[name] = NAMED.findall(tests)
    return found


def citizens():
    """By key, what each is to prove."""
    script = importlib.import_module("day.script")
    return {each.key: each.page.split() for each in script.CITIZENS}


def tests_of(file):
    """`Class.test` and plain `test` of every test in it."""
    module = importlib.import_module(pathlib.Path(file).stem)
    found = set()
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, unittest.TestCase):
            names = unittest.defaultTestLoader.getTestCaseNames(value)
            found |= {f"{value.__name__}.{name}" for name in names} | set(names)
    return found


def unproved(text):
    """What is wrong with the table, a line each."""
    table, odd, script = rows(text), [], citizens()
    odd += [f"{name}: no row" for name in ids(text) if name not in table]
    odd += [f"{name}: not among the ids" for name in table if name not in ids(text)]
    for name, tests in table.items():
        if not tests:
            odd.append(f"{name}: no test")
        for file, test in tests:
            if not (E2E / file).exists():
                odd.append(f"{name}: no file {file}")
            elif test not in (script if file == "test_day.py" else tests_of(file)):
                odd.append(f"{name}: no test {test} in {file}")
    return odd


class Trace(unittest.TestCase):
    text = (E2E / "README.md").read_text()

    def test_every_sentence_has_a_test_that_is_there(self):
        self.assertGreater(len(ids(self.text)), 130)
        self.assertEqual(unproved(self.text), [])

    def test_every_citizen_of_the_script_proves_something_that_is_in_the_table(self):
        table = rows(self.text)
        for key, page in citizens().items():
            with self.subTest(citizen=key):
                known = [each for each in page if each.rstrip("abcd") in table]
                self.assertTrue(known or page[0] in ("law:", "issue:"), page)
                self.assertEqual([each for each in page if re.match(r"(S|DC-|R-|L-)\d", each) and each not in known], [])

    def test_what_is_wrong_is_found(self):
        text = self.text
        for old, new, complaint in (
            ("| DC-07 |", "| DC-7 |", "DC-07: no row"),
            ("Decisions.test_dc_15`", "Decisions.test_dc_15x`", "DC-15: no test Decisions.test_dc_15x in test_page.py"),
            ("test_day.py::no-card`", "test_day.py::no-cards`", "S14: no test no-cards in test_day.py"),
            ("`test_queue.py::", "`test_line.py::", "S31: no file test_line.py"),
        ):
            with self.subTest(complaint=complaint):
                self.assertIn(old, text)
                self.assertIn(complaint, unproved(text.replace(old, new)))


if __name__ == "__main__":
    unittest.main()
