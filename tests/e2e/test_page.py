"""The city's page, sentence by sentence, over the socket: which test proves which of them stands in README.md.

The tests of the class Decisions are made from the rows of fixture/page.py, one for each id of the decision list.
"""

import datetime
import functools
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from day.expected import differences, instant
from day.people import LICENCE
from day.town import BANBA, BRANCH, CENTRE, HALL, OFFICES, Town, moment
from fixture.counter import STAFF
from fixture.page import BASE, ROWS, merged
from fixture.world import madoguchi

DONE = "2026-10-16T10:30:00+09:00"
MINUTE = datetime.timedelta(minutes=1)
DECISIONS = ("outcome", "findings", "policy")


class ListedTown(Town):
    """With the two weekend openings that the decision list has invented."""

    listed = "[2026-02-14, 2026-03-01]"


@functools.cache
def town():
    """One for all classes; taken down at the end of the run."""
    made = ListedTown().start()
    unittest.addModuleCleanup(made.stop)
    return made


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = town()

    def call(self, method, **params):
        return self.town.front_end.call(method, **params)

    def evaluate(self, **changes):
        return self.call("policy.evaluate", facts=merged(BASE, changes))

    def message(self, decision, code):
        return next(each for each in decision["findings"] if each["code"] == code)["message"]

    def status(self, office, at):
        return self.call("offices.status", office=office, at=at)


class Decisions(Page):
    def decides(self, name):
        for row, facts, says in ROWS:
            if row == name:
                with self.subTest(at=facts["at"], office=facts["office"]):
                    decision = self.call("policy.evaluate", facts=facts)
                    self.assertEqual(differences(says, decision), [])
                    self.assertLessEqual(set(DECISIONS), set(decision))


def test_name(row):
    return f"test_{row.lower().replace('-', '_')}"


for each in {row for row, _, _ in ROWS}:
    setattr(Decisions, test_name(each), functools.partialmethod(Decisions.decides, each))


class Words(Page):
    """What a visitor is told, where the page says it in words."""

    def test_when_the_notice_was_due_by_post(self):
        told = next(each for each in self.evaluate(documents=[])["findings"] if each["code"] == "notice.expected")
        self.assertEqual((told["params"]["from"], told["params"]["to"]), ("2026-01-10", "2026-02-10"))
        self.assertEqual(told["severity"], "info", "it is not needed")

    def test_the_other_two_ways_to_learn_the_last_day(self):
        """Whoever cannot have it looked up: a proxy, a holder who has left the card at home or forgotten a PIN."""
        cases = (
            {"visitor": {"role": "proxy"}, "documents": [LICENCE]},
            {"card": {"presented": False}},
            {"pins": {"authentication": "forgotten"}},
        )
        for changes in cases:
            with self.subTest(**changes):
                told = self.message(self.evaluate(purpose="expiry_check", **changes), "expiry_check.other_ways")["ja"]
                self.assertIn("マイナンバーカードの表面(カードの有効期限の下)に記入", told)
                self.assertIn("空白の場合", told)
                self.assertIn("電子証明書の写し", told)
                self.assertIn("利用者クライアントソフト", told)
                self.assertIn("有効期限通知書", told)
        codes = {each["code"] for each in self.evaluate(purpose="expiry_check")["findings"]}
        self.assertNotIn("expiry_check.other_ways", codes, "whoever can is not sent elsewhere")

    def test_the_first_day_and_the_first_counter_day(self):
        decision = self.evaluate(at="2026-01-09T10:00:00+09:00")
        self.assertIn("1月11日", self.message(decision, "window.too_early")["ja"])
        self.assertIn("1月13日", self.message(decision, "window.too_early")["ja"])

    def test_services_stop_until_completion(self):
        decision = self.evaluate(at="2026-04-13T10:00:00+09:00")
        self.assertIn("サービスは利用できない", self.message(decision, "certificate.expired")["ja"])

    def test_no_estimate_is_printed_before_completion(self):
        facts = merged(BASE, {"at": "2026-02-06T10:00:00+09:00", "visitor": {"role": "proxy"}, "documents": [LICENCE]})
        facts["certificates"] = {name: {"state": "valid", "expires_on": "2026-02-04"} for name in facts["certificates"]}
        case = self.call("cases.open", facts=facts, staff=STAFF)
        self.assertEqual(case["state"], "waiting")
        with self.assertRaises(madoguchi.Error) as refused:
            self.call("cases.receipt", case=case["id"])
        self.assertEqual(refused.exception.reason, "conflict")
        letter = self.call("proxy-two-visit.letter", case=case["id"], staff=STAFF)
        self.assertEqual(letter["letter"]["kind"], "inquiry", "it goes to the holder")
        self.call("cases.cancel", case=case["id"], reason="a test", staff=STAFF)

    def test_a_counter_that_is_open_is_named_beside_a_closed_one(self):
        decision = self.evaluate(at="2026-02-12T18:00:00+09:00", office=CENTRE)
        told = self.message(decision, "office.closed")["ja"]
        self.assertIn("市民課", told)
        self.assertIn("18:45", told)


class Offices(Page):
    def test_hours_of_each_office(self):
        hours = {HALL: ("08:30", "19:00"), CENTRE: ("08:30", "17:15"), BRANCH: ("08:30", "17:15"), BANBA: ("10:00", "17:15")}
        for office, (opens, closes) in hours.items():
            status = self.status(office, "2026-02-12T10:00:00+09:00")
            self.assertEqual(status["today"], [f"{opens}-{closes}"])
            quarter = instant(f"2026-02-12T{closes}:00+09:00") - 15 * MINUTE
            self.assertEqual(instant(status["last_reception"]), quarter)
            self.assertEqual(status["service_minutes"], 15)

    def test_weekend_openings_are_the_main_office_alone(self):
        for office in OFFICES:
            today = self.status(office, "2026-02-14T09:00:00+09:00")["today"]
            self.assertEqual(today, ["08:30-16:00"] if office == HALL else [], office)

    def test_contact(self):
        contact = self.status(HALL, "2026-02-12T10:00:00+09:00")["contact"]
        self.assertEqual(contact, {"phone": "028-632-2265", "fax": "028-651-5163"})

    def test_fees(self):
        fees = self.call("offices.list")["fees"]
        self.assertEqual((fees["renewal_yen"], fees["new_issuance_yen"]), (0, 0))

    def test_a_doubtful_opening_is_told_when_the_rules_are_read(self):
        """On the Sunday after the third Saturday the national system stops; a listed date is never inferred or dropped."""
        file = self.town.folder / "policy.yaml"
        text = file.read_text()
        self.addCleanup(self.call, "policy.reload")
        self.addCleanup(file.write_text, text)
        file.write_text(text.replace(ListedTown.listed, "[2026-02-22]"))
        told = self.town.log.stat().st_size
        self.call("policy.reload")
        warned = [line for line in self.town.log.read_text()[told:].splitlines() if "policy.notice" in line]
        self.assertTrue(any("2026-02-22" in line and "maintenance" in line for line in warned), warned)
        self.assertEqual(self.status(HALL, "2026-02-22T09:00:00+09:00")["today"], ["08:30-16:00"])

    def test_names_on_the_public_line(self):
        lines = {each["office"]: each for each in self.call("queue-board.status")["offices"]}
        label = "窓口手続き(マイナンバーカード以外)"
        wanted = {HALL: "電子証明書発行/更新", CENTRE: label, BRANCH: label}
        self.assertEqual({office: lines[office]["label"]["ja"] for office in wanted}, wanted)

    def test_no_line_is_no_information(self):
        self.town.calendar.move_to(max(moment("02-17 10:30"), self.town.calendar.now))
        lines = {each["office"]: each for each in self.call("queue-board.status")["offices"]}
        self.assertFalse(lines[BANBA]["live"])
        self.assertNotIn("waiting", lines[BANBA])
        self.assertIn("情報はありません", lines[BANBA]["notice"]["ja"])


class Line(Page):
    def test_how_long_people_waited_by_weekday_and_hour(self):
        """Two came at nine on Tuesday and waited ten and thirty minutes; the next one is told what that makes."""
        self.town.calendar.move_to(moment("02-10 09:00"))
        for _ in range(2):
            self.call("queue-board.take", office=BRANCH, procedure="renewal", staff=STAFF)
        for minute in ("10", "30"):
            self.town.calendar.move_to(moment(f"02-10 09:{minute}"))
            self.call("queue-board.call_next", office=BRANCH, window="1", staff=STAFF)
        waits = self.call("queue-board.waits", office=BRANCH)["waits"]
        self.assertEqual(waits, [{"weekday": 2, "from": "09:00", "people": 2, "minutes": 20}])
        self.town.calendar.move_to(moment("02-17 09:00"))
        told = self.call("queue-board.take", office=BRANCH, procedure="renewal", staff=STAFF)["wait"]
        self.assertTrue(told["estimate"])


class Services(Page):
    """The table of what works from when; the completion is on a Friday."""

    def forecast(self, done=DONE, **more):
        reply = self.call("availability.forecast", completed_at=done, **more)
        self.assertIn("更に時間がかかる場合", reply["caveat"]["ja"])
        self.assertTrue(all(each["estimate"] for each in reply["services"]), "all of it is a guide")
        return {each["service"]: each for each in reply["services"]}

    def test_dc_58(self):
        self.assertEqual(instant(self.forecast()["convenience_store"]["available_from"]), instant("2026-10-16T13:30:00+09:00"))

    def test_dc_59(self):
        self.assertEqual(instant(self.forecast()["mynaportal"]["available_from"]), instant("2026-10-17T10:30:00+09:00"))

    def insurance(self, applied):
        told = self.forecast(insurance_applied_at=f"2026-10-16T{applied}:00+09:00")["health_insurance"]
        return told.get("by"), told.get("immediate", False)

    def test_dc_60(self):
        self.assertEqual(self.insurance("10:35"), ("2026-10-17", False))

    def test_dc_61(self):
        self.assertEqual(self.insurance("11:30"), (None, True))

    def test_dc_62(self):
        self.assertEqual(self.insurance("11:29"), ("2026-10-17", False))

    def test_dc_63(self):
        self.assertEqual(self.forecast()["e_tax"]["available_from"], "2026-10-17")

    def test_dc_64(self):
        told = self.forecast("2026-10-16T18:55:00+09:00")
        self.assertEqual(instant(told["convenience_store"]["available_from"]), instant("2026-10-16T21:55:00+09:00"))
        self.assertEqual(instant(told["mynaportal"]["available_from"]), instant("2026-10-17T18:55:00+09:00"))
        self.assertEqual(told["e_tax"]["available_from"], "2026-10-17")

    def test_dc_66(self):
        self.assertIn("目安", self.call("availability.forecast", completed_at=DONE)["caveat"]["ja"])

    def test_nothing_about_mynapoint(self):
        self.assertEqual(set(self.forecast()["mynapoint"]), {"service", "name", "estimate"})


if __name__ == "__main__":
    unittest.main()
