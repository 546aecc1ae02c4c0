"""Utsunomiya's four offices in February 2026: one counter machine with four readers, and its calendar."""

import collections
import contextlib
import datetime
import os
import signal

from fixture.calendar import JAPAN, Calendar
from fixture.program import ROOT
from fixture.world import World

HALL, CENTRE, BRANCH, BANBA = "citizens-division", "district-centers", "branch-offices", "banba-branch"
OFFICES = (HALL, CENTRE, BRANCH, BANBA)
# Used in turn: the next citizen need not wait until pcscd has noticed that the last card has gone.
READERS = 4
# What the page does not say and each city has to: here the term of a posted form, and how long an inquiry takes.
TERM_DAYS, LIKELY_DAYS = 7, 10
# The page refers to a notice for the Saturdays and Sundays; its dates of this month.
FIRST_NOTICE, SECOND_NOTICE = "[2026-02-14]", "[2026-02-14, 2026-02-21]"


def moment(text):
    """`02-09 08:30` in 2026, or with its year, in Japan."""
    year = "2026-" if text[2] == "-" else ""
    return datetime.datetime.strptime(year + text, "%Y-%m-%d %H:%M").replace(tzinfo=JAPAN)


BEGIN = moment("02-09 07:30")


class Town(World):
    """`with Town() as town:`; it is when `town.calendar` says."""

    listed = FIRST_NOTICE

    def __init__(self, **options):
        super().__init__(layout="spare", readers=READERS, **options)
        self._time = contextlib.ExitStack()
        self._next = 0
        self.history = collections.Counter({"daemon.started": 1})  # as the audit log has to have it

    def start(self):
        self.calendar = self._time.enter_context(Calendar(self.folder / "clock", BEGIN))
        try:
            return super().start()
        except BaseException:
            self._time.close()
            raise

    __enter__ = start

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

    def _policy_without_closing_time(self):
        """The rules as they ship, with their closing times, and with what a city has to fill in."""
        text = (ROOT / "config" / "policy" / "utsunomiya" / "policy.yaml").read_text()
        for old, new in {
            "holidays: ../../holidays/": f"holidays: {ROOT}/config/holidays/",
            "        dates: []\n": f"        dates: {self.listed}\n",
            "      notice_ends_with_certificate: true\n": "      notice_ends_with_certificate: true\n"
            f"      city_valid_days: {TERM_DAYS}\n",
            "    pins_must_match: true\n": f"    pins_must_match: true\n    inquiry: {{likely_days: {LIKELY_DAYS}}}\n",
        }.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        made = self.folder / "policy.yaml"
        made.write_text(text)
        return made

    def publish_second_notice(self):
        """The city lists one more Saturday; the digests before and after the rules were read again."""
        file = self.folder / "policy.yaml"
        text = file.read_text()
        for old, new in {f"dates: {self.listed}": f"dates: {SECOND_NOTICE}", '"2026-01"': '"2026-02"'}.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file.write_text(text)
        before = self.front_end.call("policy.info")["digest"]
        self.history["policy.reloaded"] += 1
        return before, self.front_end.call("policy.reload")["digest"]

    def restart(self, how):
        os.kill(self.daemon.process.pid, how)
        self.daemon.process.wait()
        self.history["daemon.stopped"] += how == signal.SIGTERM
        self.start_again()
        self.history["daemon.started"] += 1

    def place_card(self, card):
        """Puts the card into the next reader; the reader's number."""
        place = self._next % READERS
        self._next += 1
        self.await_reader("empty", place)
        self.insert(card, place)
        return place


def kill(town):
    """As if somebody had pulled the plug."""
    town.restart(signal.SIGKILL)


def end_orderly(town):
    town.restart(signal.SIGTERM)
