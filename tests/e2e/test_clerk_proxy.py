"""A clerk serves a proxy at the command line: both visits, the letter in between, and a PIN that was a slip."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from test_clerk import DONE, NOT_TODAY, AtTheCommandLine
from test_two_visits import TERM_DAYS, PostingWorld, day

HOLDER = '{"name": "髙橋 花子", "postal_code": "320-0026", "address": "栃木県宇都宮市馬場通り4丁目1番1号"}'


class Proxies(AtTheCommandLine):
    @classmethod
    def setUpClass(cls):
        cls.world = PostingWorld(timeout=2, patience=2)
        cls.world.start()
        cls.addClassCleanup(cls.world.stop)

    def setUp(self):
        self.arrive("expiring-soon")

    def inquiry(self, *words):
        answer, status = self.madoguchi("inquiry", *words)
        self.assertEqual(status, DONE, self.said)
        return answer

    def apply(self, *more, pins=None):
        case, status = self.renew("--proxy", "--document", "drivers_licence", *more, pins=pins)
        self.assertEqual((status, case["state"]), (NOT_TODAY, "waiting"), self.said)
        return case["id"]

    def complete(self, case, *more, pins=None):
        resume = ("cases", "resume", case, "--pin-stdin", "--reader", self.reader)
        case, status = self.madoguchi(*resume, *more, pins=pins or self.known())
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)
        self.assertEqual(self.inquiry("list")["items"], [])

    def test_from_the_application_to_the_certificates(self):
        case = self.apply()
        self.assertEqual([each["case"] for each in self.inquiry("list", "--phase", "to_mail")["items"]], [case])
        (self.world.folder / "holder.json").write_text(HOLDER)
        sheet = self.world.folder / "letter.html"
        made = self.inquiry("letter", case, "--holder", f"@{self.world.folder}/holder.json", "--format", "html",
                            "--output", str(sheet))  # fmt: skip
        self.assertEqual((made["return_by"], made["reprint"]), (day(-TERM_DAYS), False))
        text = sheet.read_text()
        for part in ("320-0026", "宇都宮市長", case, "028-632-2265"):
            self.assertIn(part, text)
        self.assertEqual(self.inquiry("mailed", case)["phase"], "mailed")
        self.assertEqual(len(self.inquiry("list", "--within-days", str(TERM_DAYS))["items"]), 1)
        self.assertEqual(self.inquiry("returned", case)["phase"], "returned")
        refused, status = self.madoguchi("cases", "resume", case, "--pin-stdin", pins=self.known())
        self.assertEqual((status, refused["state"]), (1, "waiting"))
        self.assertIn(f"cases resume {case} --second-visit", self.said)
        self.complete(case, "--second-visit", "--sealed", "--document", "drivers_licence")
        for file in (self.world.folder / "cases.db", self.world.log):
            self.assertNotIn("馬場通り".encode(), file.read_bytes())

    def test_with_a_form_that_came_with_the_notice_one_visit_does(self):
        case, status = self.renew("--proxy", "--form-source", "notice", "--sealed", "--document", "drivers_licence")
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)
        timeline, _ = self.madoguchi("cases", "timeline", case["id"])
        typed = {entry["details"]["entered_by"] for entry in timeline["entries"] if "entered_by" in entry.get("details", {})}
        self.assertEqual(typed, {"staff"})

    def test_a_slip_in_typing_is_put_right_on_the_same_day(self):
        right = self.card.pins["authentication"]
        wrong = right[:-1] + ("1" if right[-1] == "0" else "0")
        case = self.apply("--form-source", "notice", "--sealed", pins=self.known() | {"authentication": wrong})
        self.assertIn(f"cases resume {case} --retry-pins", self.said)
        self.complete(case, "--retry-pins")

    def test_a_letter_of_a_pin_reset_asks_for_the_pins_to_be_set(self):
        case = self.apply("--facts", '{"purpose": "pin_reset", "pins": {"authentication": "forgotten"}}')
        sheet = self.world.folder / "reset.pdf"
        self.inquiry("letter", case, "--holder", HOLDER, "--output", str(sheet))
        self.assertTrue(sheet.read_bytes().startswith(b"%PDF-"))
        asked = {each["action"] for each in self.inquiry("show", case)["certificates"]}
        self.assertEqual(asked, {"reset_pin"})
        _, status = self.madoguchi("cases", "cancel", case, "--reason", "withdrawn")
        self.assertEqual(status, DONE, self.said)

    def test_a_letter_asks_about_a_pin_that_is_forgotten_beside_the_renewal(self):
        case = self.apply("--form-source", "none", "--forgotten", "authentication")
        self.assertEqual(self.inquiry("show", case)["pin_resets"], ["authentication"])
        sheet = self.world.folder / "both.pdf"
        self.inquiry("letter", case, "--holder", HOLDER, "--output", str(sheet))
        self.assertTrue(sheet.read_bytes().startswith(b"%PDF-"))
        self.inquiry("mailed", case)
        new = self.known() | {"new.authentication": "8642"}
        self.complete(case, "--second-visit", "--sealed", "--document", "drivers_licence", pins=new)

    def test_an_unsealed_form_goes_through_the_post(self):
        case = self.apply("--form-source", "notice", "--unsealed")
        self.assertEqual(self.inquiry("show", case)["reasons"], ["reply_form_not_sealed"])
        self.inquiry("mailed", case)
        self.complete(case, "--second-visit", "--sealed", "--document", "drivers_licence")


if __name__ == "__main__":
    unittest.main()
