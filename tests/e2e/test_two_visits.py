"""A proxy's two visits over the socket: application, inquiry by post, second visit; across restarts and policies."""

import datetime
import os
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import STAFF, Visit, events_until
from fixture.program import wait_until
from fixture.world import World, madoguchi

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
LICENCE = {"type": "drivers_licence"}
TERM_DAYS, LIKELY_DAYS = 30, 14


def day(ago=0):
    """The date that many days before today, as Japan has it."""
    return (datetime.datetime.now(JAPAN) - datetime.timedelta(days=ago)).date().isoformat()


def noon(ago):
    return f"{day(ago)}T12:00:00+09:00"


class PostingWorld(World):
    """A city whose forms are good for thirty days, and which says how long an inquiry is likely to take."""

    def _policy_without_closing_time(self):
        file = super()._policy_without_closing_time()
        text = file.read_text()
        for old, new in {
            "      notice_ends_with_certificate: true\n": "      notice_ends_with_certificate: true\n"
            f"      city_valid_days: {TERM_DAYS}\n",
            "    pins_must_match: true\n": f"    pins_must_match: true\n    inquiry: {{likely_days: {LIKELY_DAYS}}}\n",
        }.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file.write_text(text)
        return file


class IsolatedPostingWorld(PostingWorld):
    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        old = "name: proxy-two-visit, isolate: none"
        assert text.count(old) == 1
        self.configuration.write_text(text.replace(old, "name: proxy-two-visit, isolate: process, deadline_ms: 10000"))


class TwoVisits(unittest.TestCase):
    world_of = PostingWorld

    def setUp(self):
        self.world = self.world_of()
        self.world.start()
        self.addCleanup(self.world.stop)
        self.card = self.world.make_card("expiring-soon")

    @property
    def client(self):
        return self.world.front_end

    def call(self, method, **params):
        return self.client.call(method, **params)

    def plugin(self, verb, case, **params):
        return self.call(f"proxy-two-visit.{verb}", case=case, staff=STAFF, **params)

    def phase(self, case):
        return self.call("proxy-two-visit.status", case=case)["phase"]

    def listed(self, verb, **params):
        reply = self.call(f"proxy-two-visit.{verb}", **params)
        self.assertNotIn("next", reply)
        return [item["case"] for item in reply["items"]]

    def refused(self, method, **params):
        with self.assertRaises(madoguchi.Error) as refused:
            self.call(method, **params)
        return refused.exception

    def start_again(self, how=signal.SIGKILL):
        os.kill(self.world.daemon.process.pid, how)
        self.world.daemon.process.wait()
        self.world.start_again()

    def apply(self, ago, **more):
        """The first visit, that many days ago: no form, and the holder's card has stayed at home."""
        facts = self.card.facts(
            at=noon(ago),
            visitor={"role": "proxy"},
            card={"expires_on": self.card.made["card_expires_on"]},
            certificates={"authentication": {"state": "valid", "expires_on": day(-30)}},
            documents=[LICENCE],
        )
        return self.call("cases.open", facts=facts | more, staff=STAFF)

    def words(self, case):
        entries = self.call("cases.timeline", case=case)["entries"]
        self.assertTrue(all(entry["ja"] and entry["en"] for entry in entries))
        return [entry["ja"] for entry in entries]

    def come_again(self, case, form, **more):
        """The second visit, today: the card is in the reader, the form as it was posted."""
        reader = self.world.insert(self.card)
        first = self.call("proxy-two-visit.status", case=case)["first_visit_on"]
        facts = {"visit": 2, "first_visit_on": first, "documents": [LICENCE, {**form, "sealed": True}]}
        facts |= more
        updated = self.call("cases.update", case=case, facts=facts, reader=reader, staff=STAFF)
        return Visit(self.client, self.card, reader, case, "staff"), updated

    def complete(self, visit):
        self.assertEqual(visit.verify_all()["state"], "ready")
        self.assertEqual(visit.issue()["state"], "completed")
        self.assertEqual(self.phase(visit.id), "none")
        self.assertEqual(self.listed("list"), [])

    def leave_the_form_at_home(self, case, term):
        """No other letter is promised, and none is to be posted: the one that is out is waited for."""
        which = {"visit": 2, "first_visit_on": day(20)}
        for facts in ({}, which):  # also where nobody says which visit it is
            told = self.call("cases.update", case=case, facts={"documents": [LICENCE], **facts}, staff=STAFF)
            self.assertEqual((told["state"], self.phase(case)), ("waiting", "mailed"))
            self.assertEqual(self.listed("to_mail"), [])
            missing = next(f for f in told["decision"]["findings"] if f["code"] == "proxy.reply_form_missing")
            self.assertIn("郵送済みです", missing["message"]["ja"])
            self.assertIn("期限までにもう一度お越しください", missing["message"]["ja"])
            self.assertNotIn("申請", missing["message"]["ja"])
            self.assertNotIn("proxy.inquiry_days", [f["code"] for f in told["decision"]["findings"]])
        year, month, date = (int(part) for part in term.split("-"))
        self.assertIn(f"期限:{year}年{month}月{date}日", told["held_by"][0]["ja"])

    def test_who_cannot_be_identified_is_told_of_no_application(self):
        facts = {"office": "citizens-division", "holder": {"birth_date": "1980-04-10"}, "visitor": {"role": "proxy"}}
        facts |= {"card": {"presented": False}, "documents": []}
        opened = self.call("cases.open", facts=facts, staff=STAFF)
        self.assertEqual(opened["decision"]["outcome"], "not_today")
        self.assertIn("photo_identity_document", opened["decision"]["missing"])
        missing = next(f for f in opened["decision"]["findings"] if f["code"] == "proxy.reply_form_missing")
        self.assertIn("申請はまだ受け付けていません", missing["message"]["ja"])
        self.assertIn("is not received yet", missing["message"]["en"])
        self.assertEqual(self.phase(opened["id"]), "none")
        identified = self.call("cases.update", case=opened["id"], facts={"documents": [LICENCE]}, staff=STAFF)
        self.assertEqual((identified["state"], self.phase(opened["id"])), ("waiting", "to_mail"))
        # Once it is withdrawn nothing is waited for.
        gone = self.call("cases.cancel", case=opened["id"], reason="withdrawn", staff=STAFF)
        self.assertNotIn("held_by", gone)

    def test_from_the_application_to_the_certificates_across_restarts_and_a_change_of_the_rules(self):
        case = self.apply(ago=20)
        self.assertEqual((case["state"], case["decision"]["outcome"]), ("waiting", "two_visits"))
        told = next(each for each in case["decision"]["findings"] if each["code"] == "proxy.inquiry_days")
        self.assertIn(f"おおむね{LIKELY_DAYS}日", told["message"]["ja"])
        case = case["id"]
        self.assertEqual(self.listed("to_mail"), [case])
        self.assertEqual(self.listed("to_mail", office="banba-branch"), [])

        self.start_again()
        self.assertEqual(self.listed("to_mail"), [case])
        posted = self.plugin("mailed", case, on=day(19))
        term = posted["letter"]["return_by"]
        self.assertEqual(term, day(19 - TERM_DAYS))
        again = self.refused("proxy-two-visit.mailed", case=case, staff=STAFF)
        self.assertEqual((again.reason, again.code), ("conflict", -32002))
        self.assertIn("郵送済み", again.details["ja"])
        letter = self.plugin("letter", case)
        self.assertTrue(letter["reprint"])
        self.assertEqual((letter["letter"]["return_by"], letter["letter"]["contact"]["phone"]), (term, "028-632-2265"))
        self.assertEqual(self.listed("lapsing", within_days=TERM_DAYS), [case])
        self.assertEqual(self.listed("lapsing", within_days=3), [])
        self.leave_the_form_at_home(case, term)
        self.plugin("returned", case, on=day(2))

        # The city shortens the term meanwhile: what was printed stays.
        policy = self.world.folder / "policy.yaml"
        policy.write_text(policy.read_text().replace(f"city_valid_days: {TERM_DAYS}", "city_valid_days: 7"))
        self.call("policy.reload")
        self.start_again(signal.SIGTERM)
        self.assertEqual(self.call("cases.get", case=case)["state"], "waiting")
        status = self.call("proxy-two-visit.status", case=case)
        self.assertEqual((status["phase"], status["letter"]["return_by"]), ("returned", term))

        visit, updated = self.come_again(case, status["form"])
        self.assertEqual((updated["state"], updated["decision"]["outcome"]), ("open", "complete_today"))
        self.assertEqual(self.phase(case), "second_visit")
        self.complete(visit)
        said = "\n".join(self.words(case))
        for words in ("1回目の来庁", "郵送しました", "再び作成しました", "届きました", "2回目の来庁を受け付けました"):
            self.assertIn(words, said)

    def test_a_pin_that_does_not_match_turns_one_visit_into_two(self):
        reader = self.world.insert(self.card)
        visit = Visit(self.client, self.card, reader, entered_by="staff")
        form = {"type": "reply_form", "source": "notice", "sealed": True}
        opened = visit.open(visitor={"role": "proxy"}, documents=[LICENCE, form])
        self.assertEqual((opened["state"], opened["decision"]["outcome"]), ("open", "complete_today"))
        since = self.call("events.subscribe", topics=["cases"])["seq"]
        visit.verify("resident_register")
        right = self.card.pins["authentication"]
        with self.assertRaises(madoguchi.Error) as wrong:
            visit.verify("authentication", right[:-1] + ("1" if right[-1] == "0" else "0"))
        self.assertEqual((wrong.exception.reason, wrong.exception.details["tries_left"]), ("pin.wrong", 2))
        seen = events_until(self.client, "proxy-two-visit.first_visit")
        self.assertTrue(all(each["seq"] > since and each["case"] == visit.id for each in seen))
        case = visit.get()
        self.assertEqual((case["state"], case["held_by"][0]["plugin"]), ("waiting", "proxy-two-visit"))
        self.assertEqual(case["decision"]["pin_resets"], [])
        for method in ("verify_pin", "reset_pin"):
            entry = {"pin": "authentication", "value": right, "entered_by": "staff"}
            error = self.refused(f"cases.{method}", case=visit.id, staff=STAFF, **entry)
            self.assertEqual(error.reason, "conflict")
        self.assertIn("case.redecided", visit.timeline())
        self.world.take_out(self.card)

        self.start_again()
        status = self.call("proxy-two-visit.status", case=visit.id)
        self.assertEqual((status["phase"], status["pins"]), ("to_mail", ["authentication"]))
        self.plugin("letter", visit.id)
        self.plugin("mailed", visit.id)
        # On a later day the PINs of this one are forgotten by themselves; here it is still the same.
        forgotten = {"pins": {"authentication": "unverified"}}
        same = self.call("cases.update", case=visit.id, facts=forgotten, staff=STAFF)
        self.assertEqual(same["state"], "waiting", "the same form once more is no way around the inquiry")
        form = self.call("proxy-two-visit.status", case=visit.id)["form"]
        visit, updated = self.come_again(visit.id, form, **forgotten)
        self.assertEqual(updated["state"], "open")
        self.complete(visit)

    def test_one_letter_asks_about_the_renewal_and_the_lost_pin_and_one_visit_does_both(self):
        case = self.apply(20, pins={"authentication": "forgotten"})["id"]
        letter = self.plugin("letter", case)
        self.assertEqual((letter["purpose"], letter["letter"]["pin_resets"]), ("renewal", ["authentication"]))
        form = self.call("proxy-two-visit.status", case=case)["form"]
        visit, unposted = self.come_again(case, form)
        self.assertEqual((unposted["state"], unposted["decision"]["pin_resets"]), ("waiting", []))
        self.assertIn("郵送した記録がありません", unposted["held_by"][0]["ja"])
        pin = {"pin": "authentication", "value": "8642", "entered_by": "staff"}
        self.assertEqual(self.refused("cases.reset_pin", case=case, staff=STAFF, **pin).reason, "conflict")
        self.world.take_out(self.card)

        self.plugin("mailed", case)
        visit, updated = self.come_again(case, form)
        self.assertEqual((updated["state"], updated["decision"]["outcome"]), ("open", "complete_today"))
        self.assertEqual(updated["decision"]["pin_resets"], ["authentication"])
        self.assertEqual(self.phase(case), "second_visit")
        for other in ("resident_register", "signature"):
            visit.verify(other)
        self.call("cases.reset_pin", case=case, staff=STAFF, **pin)
        self.assertEqual(visit.get()["state"], "ready")
        self.assertEqual(visit.issue()["state"], "completed")
        self.assertEqual(self.phase(case), "none")

    def test_an_inquiry_that_lapsed_is_found_by_date_acted_upon_and_repeated_or_given_up(self):
        case = self.apply(ago=40)["id"]
        other = self.apply(ago=40)["id"]
        for each in (case, other):
            self.plugin("mailed", each, on=day(39))
        self.assertEqual(sorted(self.listed("overdue")), sorted([case, other]))
        self.assertEqual(self.listed("lapsing", within_days=365), [])
        self.plugin("lapsed", case)
        self.start_again()
        self.assertEqual(self.listed("overdue"), [other])
        self.assertEqual(self.listed("list", phase="lapsed"), [case])
        self.assertEqual(self.call("cases.get", case=case)["state"], "waiting")

        # The old form is not good enough, whatever day is told for it.
        late = {"type": "reply_form", "source": "city", "sealed": True, "expires_on": day(-30)}
        facts = {"visit": 2, "first_visit_on": day(40), "documents": [LICENCE, late]}
        updated = self.call("cases.update", case=case, facts=facts, staff=STAFF)
        self.assertEqual((updated["state"], self.phase(case)), ("waiting", "to_mail"))
        letter = self.plugin("letter", case)
        self.assertEqual((letter["round"], letter["letter"]["return_by"]), (2, day(-TERM_DAYS)))
        self.plugin("mailed", case)
        visit, updated = self.come_again(case, self.call("proxy-two-visit.status", case=case)["form"])
        self.assertEqual(updated["state"], "open")

        self.call("cases.cancel", case=other, reason="the proxy withdraws the application", staff=STAFF)
        self.assertIn("照会を取りやめました", "\n".join(self.words(other)))
        self.assertEqual(self.listed("overdue"), [])
        self.complete(visit)

    def test_a_card_that_was_read_at_the_first_visit_and_left_at_home_at_the_second_leaves_the_inquiry_out(self):
        reader = self.world.insert(self.card)
        facts = self.card.facts(at=noon(5), visitor={"role": "proxy"}, documents=[LICENCE])
        case = self.call("cases.open", facts=facts, reader=reader, staff=STAFF)["id"]
        self.plugin("mailed", case, on=day(4))
        status = self.call("proxy-two-visit.status", case=case)
        papers = [LICENCE, {**status["form"], "sealed": True}]
        facts = {"visit": 2, "first_visit_on": status["first_visit_on"], "card": {"presented": False}, "documents": papers}
        told = self.call("cases.update", case=case, facts=facts, reader="", staff=STAFF)
        self.assertEqual((told["decision"]["outcome"], told["decision"]["missing"]), ("not_today", ["my_number_card"]))
        self.assertFalse(told["facts"]["card"]["presented"])
        self.assertEqual(self.phase(case), "mailed")
        self.assertEqual(self.listed("lapsing", within_days=TERM_DAYS), [case])
        fetched = self.call("cases.update", case=case, reader=reader, staff=STAFF)
        self.assertEqual(fetched["decision"]["outcome"], "complete_today")
        self.assertEqual(self.phase(case), "second_visit")
        self.complete(Visit(self.client, self.card, reader, case, "staff"))

    def test_its_methods_are_for_clerks_and_described(self):
        methods = {each["name"]: each for each in self.call("rpc.discover")["methods"]}
        for verb in ("to_mail", "overdue", "lapsing", "list", "status"):
            method = methods[f"proxy-two-visit.{verb}"]
            self.assertEqual((method["x-roles"], method["x-reads"]), (["clerk", "supervisor"], True))
        self.assertIn("cursor", [each["name"] for each in methods["proxy-two-visit.to_mail"]["params"]])
        for verb in ("letter", "mailed", "returned", "lapsed"):
            self.assertIn("staff", [each["name"] for each in methods[f"proxy-two-visit.{verb}"]["params"]])
        plugin = next(each for each in self.call("plugins.list")["plugins"] if each["name"] == "proxy-two-visit")
        wait_until(lambda: plugin["state"] == "ready", "the plugin is ready")
        self.assertEqual(plugin["failures"], 0)


class Isolated(TwoVisits):
    world_of = IsolatedPostingWorld


if __name__ == "__main__":
    unittest.main()
