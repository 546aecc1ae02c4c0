"""A proxy comes, once or twice."""

from second_client.flow import LICENCE, NEW_PINS, STAFF, Flow, codes, today

PROXY = {"role": "proxy"}


class ByProxy(Flow):
    def form(self, card, **more):
        """The reply form that came with the notice, in the envelope that the holder sealed."""
        return {"type": "reply_form", "source": "notice", "sealed": True, "expires_on": card.made["expires_on"], **more}

    def two_visits(self, speaks, documents, **facts):
        """A first visit at which an application is received, and the envelope's reason why it is not more."""
        card, reader = self.seat()
        case = self.open(card, reader, visitor=PROXY, documents=documents(card), **facts)
        self.assertEqual((case["state"], case["decision"]["outcome"]), ("waiting", "two_visits"))
        self.assertEqual(codes(case["decision"], "second_visit"), {speaks})
        return card, reader, case

    def listed(self, method, **params):
        """All that a list has, a page after the other, by case."""
        items, page = [], {"next": None}
        while "next" in page:
            page = method(**params, **({"cursor": page["next"]} if page["next"] else {}))
            items += page["items"]
        return {each["case"]: each for each in items}

    def second_visit(self, case, card, reader):
        """With the form of the letter; PINs are asked for anew."""
        form = self.api.proxy_two_visit.status(case=case["id"])["form"]
        facts = {
            "visit": 2,
            "first_visit_on": case["facts"]["at"][:10],
            "pins": dict.fromkeys(case["facts"]["pins"], "unverified"),
            "documents": [LICENCE, {**form, "sealed": True}],
        }
        case = self.api.cases.update(case=case["id"], facts=facts, reader=reader, staff=STAFF)
        self.assertEqual((case["state"], case["decision"]["outcome"]), ("open", "complete_today"))
        self.assertEqual(self.api.proxy_two_visit.status(case=case["id"])["phase"], "second_visit")
        return self.done(case, card, by="staff")

    def test_one_visit(self):
        card, reader = self.seat()
        case = self.open(card, reader, visitor=PROXY, documents=[LICENCE, self.form(card)])
        self.assertEqual(case["decision"]["outcome"], "complete_today")
        self.done(case, card, by="staff")

    def test_not_without_photo_identification(self):
        card, reader = self.seat()
        insurance = {"type": "eligibility_certificate", "of": "visitor"}
        case = self.open(card, reader, visitor=PROXY, documents=[insurance, self.form(card)])
        self.assertEqual(case["decision"]["outcome"], "not_today")
        self.assertEqual(case["decision"]["missing"], ["photo_identity_document"])
        self.refused("conflict", self.api.cases.issue, case=case["id"], staff=STAFF)

    def test_no_form(self):
        card, reader, case = self.two_visits("proxy.reply_form_missing", lambda card: [LICENCE])
        self.assertTrue(all(each["ja"] and each["en"] for each in case["held_by"]))
        proxy = self.api.proxy_two_visit
        self.assertIn(case["id"], self.listed(proxy.to_mail, office=case["facts"]["office"]))
        letter = proxy.letter
        self.refused("conflict", letter, case=case["id"], staff=STAFF)  # this city's rules name no term
        first = letter(case=case["id"], return_by=today(14), staff=STAFF)
        self.assertEqual((first["reprint"], first["letter"]["return_by"]), (False, today(14)))
        again = letter(case=case["id"], staff=STAFF)
        self.assertEqual((again["reprint"], again["letter"]), (True, first["letter"]))
        self.assertEqual(proxy.mailed(case=case["id"], staff=STAFF)["phase"], "mailed")
        self.refused("conflict", proxy.mailed, case=case["id"], staff=STAFF)
        self.assertEqual(proxy.mailed(case=case["id"], again=True, staff=STAFF)["phase"], "mailed")
        self.assertIn(case["id"], self.listed(proxy.lapsing, within_days=14))
        self.assertNotIn(case["id"], self.listed(proxy.lapsing, within_days=13))
        self.refused("conflict", proxy.lapsed, case=case["id"], staff=STAFF)
        self.world.restart()
        self.api = self.connect()
        back = self.api.proxy_two_visit.returned(case=case["id"], staff=STAFF)
        self.assertEqual((back["phase"], back["returned_on"]), ("returned", today()))
        self.assertIn(case["id"], self.listed(self.api.proxy_two_visit.list, phase="returned"))
        case = self.second_visit(case, card, reader)
        self.assertEqual(case["facts"]["visit"], 2)
        words = [each["kind"] for each in self.api.cases.timeline(case=case["id"])["entries"]]
        self.assertEqual((words.count("case.opened"), words.count("case.completed")), (1, 1))

    def test_form_whose_day_has_passed(self):
        past = {"source": "city", "expires_on": today(-1)}
        *_, case = self.two_visits("proxy.reply_form_expired", lambda card: [LICENCE, self.form(card, **past)])
        self.assertEqual(self.cancel(case)["state"], "cancelled")

    def test_form_out_of_its_envelope(self):
        *_, case = self.two_visits("proxy.reply_form_not_sealed", lambda card: [LICENCE, self.form(card, sealed=False)])
        self.cancel(case)

    def test_pin_on_the_form_does_not_match(self):
        card, reader = self.seat()
        case = self.open(card, reader, visitor=PROXY, documents=[LICENCE, self.form(card)])
        wrong = {"pin": "authentication", "value": "0001", "entered_by": "staff", "staff": STAFF}
        self.refused("pin.wrong", self.api.cases.verify_pin, case=case["id"], **wrong)
        case = self.api.cases.get(case=case["id"])
        self.assertEqual((case["state"], codes(case["decision"], "second_visit")), ("waiting", {"proxy.pin_mismatch"}))
        new = {"pin": "authentication", "value": NEW_PINS["authentication"], "entered_by": "staff", "staff": STAFF}
        self.refused("conflict", self.api.cases.reset_pin, case=case["id"], **new)
        self.refused("conflict", self.api.cases.issue, case=case["id"], staff=STAFF)
        proxy = self.api.proxy_two_visit
        self.assertEqual(proxy.status(case=case["id"])["pins"], ["authentication"])
        letter = proxy.letter(case=case["id"], return_by=today(20), staff=STAFF)["letter"]
        self.assertEqual(set(letter["pins"]), {"resident_register", "authentication", "signature"})
        proxy.mailed(case=case["id"], staff=STAFF)
        self.second_visit(case, card, reader)

    def test_letter_that_lapsed(self):
        long_ago = f"{today(-40)}T10:00:00+09:00"
        card, reader, case = self.two_visits("proxy.reply_form_missing", lambda card: [LICENCE], at=long_ago)
        proxy = self.api.proxy_two_visit
        proxy.mailed(case=case["id"], on=today(-39), return_by=today(-9), staff=STAFF)
        self.assertIn(case["id"], self.listed(proxy.overdue))
        self.assertEqual(proxy.lapsed(case=case["id"], staff=STAFF)["phase"], "lapsed")
        self.assertIn(case["id"], self.listed(proxy.list, phase="lapsed"))
        self.assertNotIn(case["id"], self.listed(proxy.overdue))
        letter = proxy.letter(case=case["id"], anew=True, return_by=today(20), staff=STAFF)
        self.assertEqual(letter["letter"]["issued_on"], today())
        proxy.mailed(case=case["id"], staff=STAFF)
        self.second_visit(case, card, reader)

    def test_without_an_inquiry(self):
        card, reader = self.seat()
        case = self.open(card, reader)
        proxy = self.api.proxy_two_visit
        self.assertEqual(proxy.status(case=case["id"])["phase"], "none")
        for method in (proxy.mailed, proxy.returned, proxy.lapsed):
            self.refused("conflict", method, case=case["id"], staff=STAFF)
        self.refused("not_found", proxy.status, case="000000-00000000")
