"""A clerk serves representatives, forgotten PINs, a proxy without the card and a look-up, and tells all that is needed."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.program import PATIENCE, program
from test_clerk import DONE, NOT_TODAY, AtTheCommandLine
from test_two_visits import PostingWorld


class Visitors(AtTheCommandLine):
    @classmethod
    def setUpClass(cls):
        cls.world = PostingWorld(timeout=2, patience=2)
        cls.world.start()
        cls.addClassCleanup(cls.world.stop)

    def in_words(self, *arguments, pins=None):
        """What it says on standard output, in words, and its exit status."""
        lines = "".join(f"{pin}={value}\n" for pin, value in (pins or {}).items())
        command = [program("madoguchi"), "--socket", str(self.world.socket), *arguments, "--lang", "ja", "--pin-stdin"]
        done = subprocess.run(command, input=lines, text=True, capture_output=True, timeout=PATIENCE, check=False)
        self.said = done.stderr
        return done.stdout, done.returncode

    def at_the_counter(self):
        return ("--office", "citizens-division", "--birth-date", self.card.made["birth"])

    def tells(self, said, *parts):
        for part in parts:
            self.assertIn(part, said)

    def test_a_child_alone_is_told_who_has_to_come_with_what_and_then_it_goes_on(self):
        self.card = self.world.make_card("expired", birth="2014-07-07", card_expires="2031-07-07", expires="2026-10-07")
        self.reader = self.world.insert(self.card)
        self.addCleanup(self.world.take_out, self.card)
        said, status = self.in_words("renew", *self.at_the_counter())
        self.assertEqual(status, NOT_TODAY, said)
        self.tells(said, "来庁する方ご自身の顔写真付きの本人確認書類", "戸籍謄本", "不要なことがあります",
                   "利用者証明用電子証明書(数字4桁)", "028-632-2265")  # fmt: skip
        self.assertNotIn("署名用電子証明書(英数字", said)
        pins = {name: self.card.pins[name] for name in ("authentication", "resident_register")}
        mother = ("--legal-representative", "--relationship", "parent", "--document", "drivers_licence")
        elsewhere, status = self.renew(*mother, "--other-household", "--domicile-elsewhere", pins=pins)
        self.assertEqual((status, elsewhere["decision"]["missing"]), (NOT_TODAY, ["family_register"]), self.said)
        self.assertIn(f"cases resume {elsewhere['id']} --document family_register", self.said)
        case, status = self.renew(*mother, "--same-household", pins=pins)
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)

    def test_the_guardian_of_a_ward_is_told_how_old_the_proof_may_be(self):
        self.arrive("expiring-soon")
        ward = ("--legal-representative", "--adult-ward", "--document", "my_number_card")
        for proof in ((), ("--document", "guardianship_registration@2020-01-01")):
            said, status = self.in_words("renew", *self.at_the_counter(), *ward, *proof)
            self.assertEqual(status, NOT_TODAY, said)
            self.tells(said, "登記事項証明書(", "原本", "発行後3か月以内")

    def test_a_forgotten_pin_is_set_anew_alone_or_before_the_renewal(self):
        self.arrive("expiring-soon")
        forgot = ("--forgotten", "authentication")
        said, status = self.in_words("renew", *self.at_the_counter(), *forgot)
        self.assertEqual(status, NOT_TODAY, said)
        self.tells(said, "本人確認書類(運転免許証、", "新しく設定する暗証番号(考えておいてください): 利用者証明用")
        said, status = self.in_words("renew", *self.at_the_counter(), *forgot, "--pins-only", "--document", "passport",
                                     pins={"new.authentication": "8052"})  # fmt: skip
        self.assertEqual(status, DONE, said + self.said)
        self.assertIn("暗証番号の再設定が終わりました", said)

    def test_a_proxy_without_the_card_applies_and_comes_again_with_it(self):
        self.card = self.world.make_card("expiring-soon")
        case, status = self.renew_without_a_card("--proxy")
        self.assertEqual((status, case["state"]), (NOT_TODAY, "waiting"), self.said)
        _, status = self.madoguchi("inquiry", "mailed", case["id"])
        self.assertEqual(status, DONE, self.said)
        self.reader = self.world.insert(self.card)
        self.addCleanup(self.world.take_out, self.card)
        case, status = self.madoguchi("cases", "resume", case["id"], "--pin-stdin", "--second-visit", "--sealed",
                                      "--document", "drivers_licence", pins=self.known())  # fmt: skip
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)
        said, status = self.in_words("renew", *self.at_the_counter(), "--no-card")
        self.assertEqual(status, NOT_TODAY)
        self.tells(said, "・マイナンバーカード\n", "カードを紛失された場合")

    def renew_without_a_card(self, *who):
        return self.madoguchi(
            "renew", *self.at_the_counter(), *who, "--no-card", "--document", "drivers_licence", "--pin-stdin"
        )

    def test_the_last_days_are_told_to_the_holder_and_to_nobody_else(self):
        self.arrive("fresh")
        said, status = self.in_words("expiry", *self.at_the_counter(), pins={"signature": self.card.pins["signature"]})
        self.assertEqual(status, DONE, said + self.said)
        last_day = self.card.held()["slots"]["signature"]["certificate"]["expires_on"]
        self.assertEqual(said.count(f"有効期限 {last_day}"), 2)
        self.tells(said, "更新の受付は", "有効期限通知書")
        said, status = self.in_words("expiry", *self.at_the_counter(), "--proxy")
        self.assertEqual(status, NOT_TODAY, said)
        self.tells(said, "「電子証明書の写し」", "JPKI利用者クライアントソフト")

    def test_after_the_end_the_holder_hears_from_when_the_services_work(self):
        self.arrive("expiring-soon")
        said, status = self.in_words("renew", *self.at_the_counter(), pins=self.known())
        self.assertEqual(status, DONE, said + self.said)
        self.tells(said, "コンビニ交付: ", "マイナポイントの申込: 情報はありません", "目安です。", "cases receipt ")


if __name__ == "__main__":
    unittest.main()
