"""What comes out of the printer: one page a sheet, everything on it and inside its margins, in embedded fonts."""

import re
import unittest

from sheets import INCIDENT, INQUIRY, RECEIPT, Pdf, changed, rendered

# Ours come with Debian; what else a page is set in would be a substitute.
OURS = re.compile(r"(BIZ-UDPGothic|BIZ-UDPMincho|Noto-(Sans|Serif)-CJK-JP)(-Bold)?$")
LONG_NAME = "アレクサンドリア・マリア・フェルナンデス・デ・ラ・クルス・ゴンザレス・イ・ロドリゲス・デ・サンタマリア・エスコバル・モンテネグロ"
LONG_ADDRESS = ("栃木県宇都宮市東宿郷三丁目100番地200号 宇都宮グランドプレミアムレジデンス・イーストタワー・アネックス"
                "第二期棟3312号室 特定非営利活動法人とちぎ地域生活支援ネットワーク気付 グループホームひだまりの丘")


class Paper(unittest.TestCase):
    def pdf(self, sheet, document=None):
        made = Pdf(rendered(sheet, document))
        self.addCleanup(made.close)
        return made

    def shows(self, pdf, *texts):
        whole = pdf.text()
        for text in texts:
            self.assertIn(re.sub(r"\s", "", text), whole)

    def inside(self, pdf, left, top, right, bottom):
        for page, boxes in enumerate(pdf.boxes(), 1):
            self.assertTrue(boxes)
            for text, *sides in boxes:
                fits = sides[0] >= left and sides[1] >= top and sides[2] <= right and sides[3] <= bottom
                self.assertTrue(fits, f"page {page}: {text} at {sides}")

    def test_every_sheet_has_its_pages_of_a4_and_only_embedded_fonts(self):
        for sheet, pages in (("receipt", "1"), ("incident", "1"), ("inquiry", "2")):
            with self.subTest(sheet):
                pdf = self.pdf(sheet)
                self.assertEqual(pdf.info()["Pages"], pages)
                self.assertIn("(A4)", pdf.info()["Page size"])
                fonts = pdf.fonts()
                self.assertEqual(set(fonts.values()), {"yes"})
                for name in fonts:
                    self.assertRegex(name, OURS)

    def test_a_file_is_dated_by_its_document(self):
        for sheet, told in (("receipt", "2026-02-12T10:10:00+09"), ("inquiry", "2026-02-13")):
            info = self.pdf(sheet).info()
            self.assertTrue(info["CreationDate"].startswith(told), info["CreationDate"])
            self.assertNotIn("ModDate", info)

    def test_a_receipt_shows_what_it_is_made_of(self):
        pdf = self.pdf("receipt")
        self.inside(pdf, 16.9, 12, 193.1, 292)
        for one in RECEIPT["certificates"]:
            self.shows(pdf, one["title"]["ja"], one["title"]["en"], one["serial"], one["replaces"]["serial"], one["issuer"])
        self.shows(pdf, RECEIPT["case"], RECEIPT["card"], "2032年4月10日", "10 April 2032", "更新前", "宇都宮市", "市役所1階 市民課",
                   "028-632-2265", "028-651-5163", "無料", "free", RECEIPT["caveat"]["ja"], RECEIPT["caveat"]["en"])
        self.shows(pdf, "2026年2月12日 13:10ごろから", "from about 13:10 on 12 February 2026", "2026年2月13日から",
                   "11:10より前に申込: 2026年2月13日中", "applied for before 11:10: by the end of 13 February 2026",
                   "11:10以降に申込: すぐに使えます", "applied for from 11:10 on: at once", "案内できる情報がありません")
        self.assertEqual(pdf.text().count("目安estimate"), 3, "of four services one is told nothing")
        for name in ("left", "right"):
            left = 0 if name == "left" else 194
            self.assertFalse(pdf.ink(1, left, 0, left + 16, 297), name)

    def test_a_receipt_of_a_part_says_what_was_not_issued(self):
        document = changed("receipt", "/certificates/1", {
            "certificate": "signature", "title": RECEIPT["certificates"][1]["title"], "done": False,
            "old": {"serial": "2B90117F0D", "expires_on": "2026-04-10"}})
        document["fee_yen"] = 1200
        pdf = self.pdf("receipt", document)
        self.shows(pdf, "今回は発行していません", "Not issued this time", "手続き前", "2B90117F0D", "1,200円")
        self.assertNotIn(RECEIPT["certificates"][1]["serial"], pdf.text())

    def test_a_receipt_of_a_part_that_can_be_finished_says_how_on_one_page(self):
        document = changed("receipt", "/certificates/1", {
            "certificate": "signature", "title": RECEIPT["certificates"][1]["title"], "done": False,
            "old": {"serial": "2B90117F0D", "expires_on": "2026-04-10"}, "usable_until": "2026-04-10"})
        document["remaining"] = {
            "ja": "署名用電子証明書の手続きはまだ終わっていません。" + "別の日でも続きから手続きできます。" * 6,
            "en": "The signature certificate is not done yet. " + "It can be finished on another day. " * 6}
        document["next_opening"] = "2026-02-13T08:30:00+09:00"
        document["services"] = document["services"] + document["services"][:2]
        pdf = self.pdf("receipt", document)
        self.inside(pdf, 16.9, 12, 193.1, 292)
        self.assertEqual(pdf.info()["Pages"], "1")
        self.shows(pdf, "残りの手続き", "What remains to be done", document["remaining"]["ja"], document["remaining"]["en"],
                   "手続き前のものが使える期限", "2026年4月10日", "次の受付開始 2026年2月13日 08:30")

    def test_the_fullest_receipt_is_one_page(self):
        document = changed("receipt", "/office_name/ja", "宇都宮市役所河内地区市民センター地域経営グループ証明担当窓口(2階)")
        document["services"] = document["services"] * 2
        for one in document["certificates"]:
            one["serial"] = "0123456789ABCDEF" * 2 + "01234567"
            one["open_questions"] = [{"ja": "更新前の証明書の失効を認証局に確認します。" * 2, "en": "The revocation of the old one is being confirmed. " * 2}] * 2
        pdf = self.pdf("receipt", document)
        self.assertEqual(pdf.info()["Pages"], "1")
        self.inside(pdf, 16.9, 12, 193.1, 292)
        self.shows(pdf, document["certificates"][0]["serial"], document["office_name"]["ja"])

    def test_an_office_of_a_very_long_name_has_its_letter_and_a_receipt_of_one_page(self):
        for length in (58, 120, 200):
            name = ("宇都宮市役所河内地区市民センター地域経営グループ証明担当窓口(2階)兼篠井・富屋・国本・城山出張所総合案内" * 4)[:length]
            with self.subTest(length):
                document = changed("receipt", "/office_name", {"ja": name, "en": ("The Counter of Kawachi District Center " * 8)[:2 * length]})
                document["services"] = document["services"] + document["services"][:1]
                pdf = self.pdf("receipt", document)
                self.assertEqual(pdf.info()["Pages"], "1")
                self.inside(pdf, 16.9, 12, 193.1, 292)
                self.shows(pdf, name)
                letter = changed("inquiry", "/office/name", name)
                letter["office"]["address"] = "宇都宮市中岡本町3221番地4 河内地区市民センター2階東側"
                pdf = self.pdf("inquiry", letter)
                self.assertEqual(pdf.info()["Pages"], "2")
                self.check_window(pdf, letter["holder"])
                self.shows(pdf, name, letter["office"]["address"], "028-632-2265")
                boxes = pdf.boxes()[0]
                head = [box for box in boxes if box[1] > 105 and box[2] < 66]
                self.assertTrue(head)
                title = next(box for box in boxes if box[0].startswith("電子証明書の手続きに関する"))
                self.assertLess(max(box[4] for box in head), title[2], "the head ends above the title")
                warned = max(box[4] for box in boxes if "改めて照会書" in box[0] or "送りすること" in box[0])
                asked = min(box[2] for box in boxes if "お問い合わせ" in box[0])
                self.assertLess(warned, asked, "whom to ask stands below the letter")

    def test_an_incident_slip_says_where_to_look_first(self):
        pdf = self.pdf("incident")
        self.inside(pdf, 16.9, 12, 193.1, 292)
        self.shows(pdf, INCIDENT["look_at"]["ja"], INCIDENT["look_at"]["en"], "card.refused", INCIDENT["reason"]["ja"],
                   "2026-02-12 10:00:01", "受付を開始しました", "The case was opened", "対応記録")

    def test_an_incident_slip_names_what_the_card_shows_beside_what_it_held(self):
        document = changed("incident", "/certificates/0", {
            "certificate": "authentication", "title": RECEIPT["certificates"][0]["title"], "done": False,
            "old": {"serial": "2B90117F0D", "expires_on": "2026-04-10"},
            "on_card": {"serial": "5CE9860031", "expires_on": "2031-03-03"}})
        self.shows(self.pdf("incident", document), "カード 5CE9860031(2031年3月3日まで)", "旧 2B90117F0D(2026年4月10日まで)")

    def test_a_long_story_goes_on_on_the_next_page(self):
        document = changed("incident", "/timeline", INCIDENT["timeline"] * 30)
        pdf = self.pdf("incident", document)
        self.assertEqual(pdf.info()["Pages"], "3")
        self.inside(pdf, 16.9, 12, 193.1, 292)
        self.assertEqual(pdf.text().count("受付を開始しました"), 30)
        self.assertIn("3/3", pdf.text(page=3))

    def check_window(self, pdf, holder):
        """What a window of 90 x 45 mm at 20, 12 mm may show, wherever the sheet lies in the envelope, is the address."""
        page = pdf.boxes()[0]
        seen = [box for box in page if box[1] < 115 and box[2] < 62]
        for text, left, top, right, bottom in seen:
            self.assertTrue(22 <= left and 15 <= top and right <= 96 and bottom <= 57, f"{text} at {left, top, right, bottom}")
        shown = re.sub(r"\s", "", "".join(box[0] for box in seen))
        for part in ("〒" + holder["postal_code"], holder["address"], holder["name"] + "様"):
            self.assertIn(re.sub(r"\s", "", part), shown)
        self.assertEqual(len(shown), len(re.sub(r"\s", "", "〒様" + "".join(holder.values()))), "and nothing else")

    def test_an_inquiry_shows_the_address_in_the_window(self):
        self.check_window(self.pdf("inquiry"), INQUIRY["holder"])

    def test_long_names_and_addresses_are_whole(self):
        document = changed("inquiry", "/holder", {"name": LONG_NAME, "postal_code": "321-0953", "address": LONG_ADDRESS})
        document["city"]["sender"] = "栃木県宇都宮市長職務代理者 宇都宮市副市長 下野 太郎左衛門"
        pdf = self.pdf("inquiry", document)
        self.assertEqual(pdf.info()["Pages"], "2")
        self.check_window(pdf, document["holder"])
        self.shows(pdf, document["city"]["sender"])
        self.inside(pdf, 18, 10, 192, 291)

    def test_a_rooms_number_is_not_torn_apart(self):
        for home in ("宇都宮グランドパークタワーレジデンス東棟1203号室", "宇都宮グランドパークタワーレジデンス1203号室"):
            address = "栃木県宇都宮市旭1丁目1番5号 " + home
            pdf = self.pdf("inquiry", changed("inquiry", "/holder/address", address))
            words = [box[0] for box in pdf.boxes()[0] if box[1] < 115 and box[2] < 62]
            self.assertTrue(any(word.endswith("1203号室") for word in words), words)

    def test_the_longest_that_is_taken_is_whole(self):
        document = changed("inquiry", "/holder", {"name": "長" * 80, "postal_code": "321-0953", "address": "番" * 140})
        self.check_window(self.pdf("inquiry", document), document["holder"])

    def test_a_rare_kanji_of_a_name_is_set_in_an_embedded_font(self):
        pdf = self.pdf("inquiry", changed("inquiry", "/holder/name", "𠮷田 髙﨑"))
        self.shows(pdf, "𠮷田髙﨑様")
        self.assertEqual(set(pdf.fonts().values()), {"yes"})
        self.assertIn("Noto-Serif-CJK-JP", pdf.fonts())

    def test_an_inquiry_says_what_the_page_asks_for(self):
        pdf = self.pdf("inquiry")
        letter, form = pdf.text(page=1), pdf.text(page=2)
        for text in ("令和8年2月13日", "市民第1203号", "宇都宮市長", "回答期限令和8年3月13日(金)", "令和8年2月12日にあなたの代理人から申請",
                     "代理人の顔写真付き本人確認書類", "028-632-2265", "13March2026", "署名用電子証明書(更新)"):
            self.assertIn(text, letter)
        for text in ("宇都宮市長あて", "回答期限令和8年3月13日(金)", "私の意思で申請しました", "私は申請していません", "委任欄", "代理人の住所",
                     "代理人の氏名", "代理人の生年月日", "署名用電子証明書", "6〜16桁の英数字", "利用者証明用電子証明書", "住民基本台帳用暗証番号",
                     "4桁の数字", "目隠しシール貼付位置", "折り線", "第1版", INQUIRY["case"]):
            self.assertIn(text, form)
        self.inside(pdf, 18, 10, 192, 291)

    def test_the_pin_fields_lie_behind_the_fold(self):
        """Folded at 198 mm nothing of the PINs shows outside, and each PIN has as many cells as it may have characters."""
        page = self.pdf("inquiry").boxes()[1]
        tops = [top for text, _, top, _, _ in page if "暗証番号記入欄" in text or "桁の" in text]
        self.assertEqual(len(tops), 4)
        self.assertGreater(min(tops), 198)
        html = rendered("inquiry", None, "html").decode()
        rows = re.findall(r'<table class="cells[^>]*><tr>(.*?)</tr>', html)
        self.assertEqual([row.count("<td></td>") for row in rows], [16, 4, 4])

    def test_only_the_pins_that_are_needed_are_asked_for(self):
        document = changed("inquiry", "/certificates", [{"certificate": "authentication", "action": "issue_new"}])
        form = self.pdf("inquiry", document).text(page=2)
        self.assertNotIn("署名用", form)
        self.assertIn("利用者証明用電子証明書の新規発行の手続き", form)
        document["pins"] = ["authentication"]
        self.assertNotIn("住民基本台帳用", self.pdf("inquiry", document).text(page=2))

    def test_an_inquiry_before_the_card_is_read_leaves_open_what_will_be_done(self):
        both = [{"certificate": name, "action": "undecided"} for name in ("signature", "authentication")]
        pdf = self.pdf("inquiry", changed("inquiry", "/certificates", both))
        self.assertIn("署名用電子証明書(更新又は新規発行)利用者証明用電子証明書(更新又は新規発行)", pdf.text(page=1))
        for text in ("署名用電子証明書の更新又は新規発行及び利用者証明用電子証明書の更新又は新規発行の手続き", "設定している暗証番号", "住民基本台帳用暗証番号"):
            self.assertIn(text, pdf.text(page=2))
        self.folds_behind_the_form(pdf)

    def test_an_inquiry_before_a_pin_reset_asks_for_the_pins_to_come(self):
        both = [{"certificate": name, "action": "reset_pin"} for name in ("signature", "authentication")]
        pdf = self.pdf("inquiry", changed("inquiry", "/certificates", both))
        self.assertIn("署名用電子証明書(暗証番号の初期化)", pdf.text(page=1))
        self.assertNotIn("一致しない", pdf.text(page=1))
        for text in ("利用者証明用電子証明書の暗証番号の初期化及び住民基本台帳用暗証番号の初期化の手続き", "新しく設定する暗証番号"):
            self.assertIn(text, pdf.text(page=2))
        self.folds_behind_the_form(pdf)
        one = changed("inquiry", "/certificates", both[1:]) | {"pins": ["authentication"]}
        self.assertNotIn("住民基本台帳", self.pdf("inquiry", one).text(page=2))

    def test_an_inquiry_about_a_renewal_and_a_lost_pin_asks_for_the_new_one_beside_the_others(self):
        one = changed("inquiry", "/pins", ["resident_register", "authentication", "signature"])
        pdf = self.pdf("inquiry", one | {"pin_resets": ["authentication"]})
        self.assertIn("初期化する暗証番号利用者証明用電子証明書の暗証番号", pdf.text(page=1))
        self.assertIn("暗証番号が一致しない場合", pdf.text(page=1))
        for text in ("及び利用者証明用電子証明書の暗証番号の初期化の手続き", "「初期化」とある欄には新しく設定する暗証番号を",
                     "利用者証明用電子証明書(初期化)"):
            self.assertIn(text, pdf.text(page=2))
        self.assertNotIn("署名用電子証明書(初期化)", pdf.text(page=2))
        self.folds_behind_the_form(pdf)
        self.says_above_the_frame(pdf)
        every = self.pdf("inquiry", one | {"pin_resets": one["pins"]})
        self.assertNotIn("一致しない", every.text(page=1))
        self.assertNotIn("設定している暗証番号", every.text(page=2))
        self.folds_behind_the_form(every)
        self.says_above_the_frame(every)
        two = self.pdf("inquiry", one | {"pin_resets": ["resident_register", "signature"]})
        self.says_above_the_frame(two)

    def test_an_inquiry_for_a_card_without_pins_has_no_fields_for_them(self):
        pdf = self.pdf("inquiry", changed("inquiry", "/pins", []))
        for page in (1, 2):
            self.assertNotIn("暗証番号", pdf.text(page=page))
        self.assertIn("利用者証明用電子証明書の更新の手続きに関する権限", pdf.text(page=2))

    def says_above_the_frame(self, pdf):
        """How the PINs are written in ends well above the frame that the seal goes into, at 221 mm."""
        bottoms = [bottom for text, _, top, _, bottom in pdf.boxes()[1] if 207 < top < 221 and "シール貼付位置" not in text]
        self.assertTrue(bottoms)
        self.assertLess(max(bottoms), 219)

    def folds_behind_the_form(self, pdf):
        """The last row of the part above the fold ends above it."""
        bottoms = [bottom for text, _, _, _, bottom in pdf.boxes()[1] if "本人との関係" in text]
        self.assertEqual(len(bottoms), 1)
        self.assertLess(bottoms[0], 194)

    def test_the_first_fold_is_marked_and_the_rest_of_the_edges_is_clean(self):
        pdf = self.pdf("inquiry")
        self.assertTrue(pdf.ink(1, 0, 98, 5, 100))
        self.assertTrue(pdf.ink(1, 0, 197, 5, 199))
        for top, bottom in ((0, 97), (101, 196), (200, 297)):
            self.assertFalse(pdf.ink(1, 0, top, 18, bottom))
        self.assertFalse(pdf.ink(1, 192, 0, 210, 297))


if __name__ == "__main__":
    unittest.main()
