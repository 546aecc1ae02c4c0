"""What a sheet is made of is checked before anything is made of it, and complaints name the place."""

import json
import re
import unittest

from sheets import DOCUMENTS, INQUIRY, RECEIPT, ROOT, changed, complaints, rendered, words_of

GOLDEN = ROOT / "tests" / "e2e" / "golden"
FILLED = {"<words>": "言葉", "<time>": "2026-02-12T10:10:00+09:00", "<date>": "2026-02-12"}


def filled(value):
    """A golden reply with something for each of its placeholders."""
    if isinstance(value, dict):
        return {name: filled(member) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(item) for item in value]
    return FILLED.get(value, value) if isinstance(value, str) else value


def answer(method):
    return filled(json.loads((GOLDEN / f"{method}.json").read_text("utf-8"))["result"])


class Documents(unittest.TestCase):
    def refused(self, sheet, document, *expected, language="en"):
        self.assertEqual(complaints(sheet, document, language), (list(expected), 2))

    def test_of_every_sheet_are_taken(self):
        for sheet, document in DOCUMENTS.items():
            with self.subTest(sheet):
                self.assertEqual(complaints(sheet, document), ([], 0))

    def test_the_inquiry_of_the_readme_is_taken(self):
        readme = (ROOT / "sdk" / "print" / "README.md").read_text("utf-8")
        (example,) = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
        self.assertEqual(complaints("inquiry", json.loads(example)), ([], 0))

    def test_what_the_daemon_answers_is_taken_as_it_is(self):
        self.assertEqual(complaints("receipt", answer("cases.receipt")), ([], 0))

    def test_the_letter_that_the_daemon_answers_is_taken_with_what_the_front_end_adds(self):
        letter = answer("proxy-two-visit.letter")["letter"]
        letter["template_version"] = "1"
        self.refused("inquiry", letter, "/holder: is missing")
        letter["holder"] = INQUIRY["holder"]
        self.assertEqual(complaints("inquiry", letter), ([], 0))

    def test_a_letter_of_a_pin_reset_names_what_is_to_be_reset(self):
        letter = answer("proxy-two-visit.letter")["letter"]
        reset = [{"certificate": "authentication", "action": "reset_pin"}]
        letter |= {"template_version": "1", "holder": INQUIRY["holder"], "certificates": reset, "pins": ["authentication"]}
        self.assertEqual(complaints("inquiry", letter), ([], 0))
        self.refused("inquiry", letter | {"certificates": []}, "/certificates: is empty")
        self.assertEqual(complaints("inquiry", letter | {"pin_resets": ["authentication"]}), ([], 0))
        self.refused("inquiry", letter | {"pin_resets": []}, "/pin_resets: is empty")

    def test_a_certificate_that_nobody_has_read_is_told_as_that(self):
        unread = {"certificate": "signature", "title": words_of("署名用電子証明書", "signature certificate"), "done": True}
        for sheet in ("receipt", "incident"):
            document = changed(sheet, "/certificates/1", unread | {"unread": True})
            self.assertEqual(complaints(sheet, document), ([], 0))
            page = rendered(sheet, document, "html")
            page = page if isinstance(page, str) else page.decode()
            self.assertEqual(page.count("この窓口では読み取っていません"), 1 if sheet == "receipt" else 0)
        self.refused("receipt", changed("receipt", "/certificates/1", unread | {"unread": False}),
                     "/certificates/1/unread: must be one of True")  # fmt: skip

    def test_a_missing_field_is_named(self):
        self.refused("receipt", changed("receipt", "/certificates/1/serial", drop=True), "/certificates/1/serial: is missing")
        self.refused("inquiry", changed("inquiry", "/holder/name", drop=True), "/holder/name: is missing")

    def test_a_complaint_is_there_in_japanese_too(self):
        document = changed("inquiry", "/return_by", drop=True)
        self.refused("inquiry", document, "/return_by: 項目がありません", language="ja")

    def test_an_unknown_field_is_named_and_not_quoted(self):
        document = changed("inquiry", "/holder/pin", "1234")
        self.refused("inquiry", document, "/holder/pin: is not a field of this sheet")
        self.refused("receipt", changed("receipt", "/a~b", 1), "/a~0b: is not a field of this sheet")

    def test_every_fault_is_said_at_once(self):
        document = changed("receipt", "/case", drop=True)
        document["fee_yen"] = "0"
        self.refused("receipt", document, "/case: is missing", "/fee_yen: has the wrong type (integer is needed)")

    def test_a_certificate_that_was_not_issued_needs_no_serial(self):
        document = changed("receipt", "/certificates/1", {
            "certificate": "signature", "title": words_of("署名用電子証明書", "signature certificate"), "done": False,
            "old": {"serial": "2B90", "expires_on": "2026-04-10"}})
        self.assertEqual(complaints("receipt", document), ([], 0))

    def test_of_another_sheet_is_refused(self):
        said, status = complaints("receipt", DOCUMENTS["incident"])
        self.assertIn("/kind: must be one of completed", said)
        self.assertEqual(status, 2)

    def test_days_and_times_are_real_ones(self):
        for wrong in ("2026-02-30", "20260213", "2026-W07-5", "2026-02-13 ", "令和8年2月13日"):
            with self.subTest(wrong):
                document = changed("inquiry", "/issued_on", wrong)
                self.refused("inquiry", document, "/issued_on: must be a date, such as 2026-02-12")
        document = changed("receipt", "/printed_at", "2026-02-12T10:10:00")
        self.refused("receipt", document, "/printed_at: must be a time, such as 2026-02-12T10:10:00+09:00")

    def test_the_form_cannot_be_due_before_the_letter_is_written(self):
        self.refused("inquiry", changed("inquiry", "/return_by", "2026-02-12"), "/return_by: is before the day of issue")
        self.assertEqual(complaints("inquiry", changed("inquiry", "/return_by", "2026-02-13")), ([], 0))

    def test_the_template_is_the_version_that_was_asked_for(self):
        document = changed("inquiry", "/template_version", "2")
        self.refused("inquiry", document, "/template_version: the template in use has another version, 1")

    def test_the_postal_code_has_its_form(self):
        for wrong in ("3200026", "320-0026 ", "320-00261", "320-0026\n", "３２０-００２６"):
            with self.subTest(wrong):
                said, status = complaints("inquiry", changed("inquiry", "/holder/postal_code", wrong))
                self.assertEqual(status, 2)
                self.assertIn("/holder/postal_code: ", said[0])

    def test_lengths_are_bounded_by_what_the_window_shows(self):
        document = changed("inquiry", "/holder/address", "番" * 141)
        self.refused("inquiry", document, "/holder/address: is too long (at most 140)")

    def test_a_control_character_is_no_text(self):
        for wrong in ("花\u0000子", "花\u001b[2J子", "花\ud842子"):
            self.refused("inquiry", changed("inquiry", "/holder/name", wrong), "/holder/name: holds a control character")

    def test_a_character_without_a_font_is_not_printed_as_a_box(self):
        document = changed("inquiry", "/holder/name", "花\U000F1234子")
        self.refused("inquiry", document,
                     "/holder/name: no installed font has the character \U000F1234 (U+F1234); install one that has")

    def test_what_is_no_document_is_refused(self):
        self.refused("receipt", b"[]", "the input must be a JSON object")
        self.refused("receipt", b"{", "the input is not JSON (Expecting property name enclosed in double quotes, 1:2)")
        self.refused("receipt", b'{"a": NaN}', "the input is not JSON (NaN)")
        self.refused("receipt", b"\xff{}", "the input is not UTF-8")
        self.refused("receipt", b"[" * 100000, "the input is not JSON (nesting)")
        self.refused("receipt", b'{"case": "1", "case": "2"}', "case: is there twice")
        self.refused("receipt", b" " * (1 << 20) + b"{}", "the input is too big (at most 1048576 bytes)")

    def test_what_the_daemon_does_not_say_is_left_out(self):
        for name in ("municipality", "office_name", "contact", "fee_yen", "services", "caveat", "office", "card"):
            with self.subTest(name):
                self.assertEqual(complaints("receipt", changed("receipt", "/" + name, drop=True)), ([], 0))
        self.assertIn("services", RECEIPT)


if __name__ == "__main__":
    unittest.main()
