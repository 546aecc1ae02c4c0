"""What goes wrong at a counter, and is finished all the same."""

from second_client.flow import STAFF, Flow
from second_client.line import Closed


class Interrupted(Flow):
    def ready(self):
        card, reader = self.seat()
        case = self.enter(self.open(card, reader), card)
        self.assertEqual(case["state"], "ready")
        return card, reader, case

    def test_card_pulled_in_the_middle(self):
        card, _, case = self.ready()
        card.fault("vanish-after:ins=46,p1=80")
        error = self.refused("card.removed", self.api.cases.issue, case=case["id"], staff=STAFF)
        self.assertTrue(error.retryable)
        self.refused("card.absent", self.api.cases.issue, case=case["id"], staff=STAFF)
        self.put_back(card)
        self.refused("pin.required", self.api.cases.issue, case=case["id"], staff=STAFF)
        case = self.api.cases.get(case=case["id"])
        self.assertEqual(case["state"], "attention")
        self.assertTrue(case["attention"]["look_at"]["ja"] and case["attention"]["look_at"]["en"])
        slip = self.api.cases.receipt(case=case["id"], kind="incident")
        self.assertEqual(slip["reason"]["code"], case["attention"]["reason"])
        self.assertEqual(slip["timeline"], self.api.cases.timeline(case=case["id"])["entries"])
        self.refused("conflict", self.api.cases.cancel, case=case["id"], reason="too early", staff=STAFF)
        self.check_card(self.issue(self.enter(case, card, "authentication", "signature")), card)

    def test_card_that_is_gone_for_good(self):
        card, _, case = self.ready()
        card.fault("vanish-after:ins=46,p1=80")
        self.refused("card.removed", self.api.cases.issue, case=case["id"], staff=STAFF)
        case = self.api.cases.cancel(case=case["id"], reason="the card is broken", card_gone=True, staff=STAFF)
        self.assertEqual((case["state"], case["cancel_reason"]), ("cancelled", "the card is broken"))

    def test_one_certificate_today_the_other_on_another_day(self):
        card, reader, case = self.ready()
        card.fault("keygen-failure:ins=46,p1=80,count=2")
        self.refused("card.refused", self.api.cases.issue, case=case["id"], staff=STAFF)
        case = self.api.cases.get(case=case["id"])
        self.assertEqual((case["state"], case["certificates"]["authentication"]["phase"]), ("partly_completed", "done"))
        self.assertIn(case["id"], [each["id"] for each in self.api.cases.list(states=["partly_completed"])["cases"]])
        slip = self.api.cases.receipt(case=case["id"], kind="incident")
        written = {each["certificate"]: each["done"] for each in slip["certificates"]}
        self.assertEqual(written, {"authentication": True, "signature": False})
        self.world.take_out(card)
        self.world.restart()
        self.api = self.connect()
        self.assertEqual(self.world.insert(card), reader)
        case = self.api.cases.update(case=case["id"], reader=reader, staff=STAFF)
        case = self.issue(self.enter(case, card, "signature"))
        self.check_card(case, card)
        self.assertEqual(self.api.cases.receipt(case=case["id"])["kind"], "completed")

    def test_authority_refuses_once(self):
        card, _, case = self.ready()
        self.world.authority.order({"fault": "reject", "body": "cr", "failure": "badRequest"})
        self.refused("authority.rejected", self.api.cases.issue, case=case["id"], staff=STAFF)
        self.assertEqual(self.api.cases.get(case=case["id"])["state"], "attention")
        self.assertEqual(self.api.cases.receipt(case=case["id"], kind="incident")["reason"]["code"], "authority.rejected")
        self.check_card(self.issue(case), card)

    def test_authority_away(self):
        card, _, case = self.ready()
        self.world.authority.stop()
        self.addCleanup(lambda: self.world.authority.running or self.world.authority.start())
        error = self.refused("authority.unreachable", self.api.cases.issue, case=case["id"], staff=STAFF)
        self.assertTrue(error.retryable)
        self.assertEqual(self.api.system.health()["state"], "degraded")
        self.world.authority.start()
        self.check_card(self.issue(case), card)
        self.assertEqual(self.api.system.health()["state"], "ok")

    def test_another_card(self):
        card, reader, case = self.ready()
        self.world.take_out(card)
        other = self.world.make_card("expiring-soon")
        self.world.insert(other)
        self.refused("card.different", self.api.cases.issue, case=case["id"], staff=STAFF)
        self.refused("card.different", self.api.cases.update, case=case["id"], reader=reader, staff=STAFF)
        self.cancel(case)

    def test_reader_at_work_for_another_case(self):
        card, reader, case = self.ready()
        self.assertEqual(self.api.readers.list()["readers"][0]["state"], "busy")
        busy = self.refused("reader.busy", self.api.card.inspect, reader=reader)
        self.assertTrue(busy.retryable)
        self.refused("reader.busy", self.open, card=card, reader=reader)
        self.cancel(case)
        second = self.open(card, reader)
        self.done(second, card)

    def test_front_end_that_goes_away_while_it_works(self):
        card, _, case = self.ready()
        leaving = self.connect()
        self.api.events.subscribe(topics=["cases"])
        leaving.cases.issue.begin(case=case["id"], staff=STAFF)
        leaving.close()
        while (event := self.api.event())["type"] != "case.completed":
            self.assertEqual(event["case"], case["id"])
        self.check_card(self.api.cases.get(case=case["id"]), card)

    def test_two_at_once_on_one_connection(self):
        """Replies come in any order; a case that somebody works on is nobody else's."""
        _, _, case = self.ready()
        issue, info = self.api.cases.issue, self.api.system.info
        first, second = issue.begin(case=case["id"], staff=STAFF), info.begin()
        self.assertEqual(info.answer(second)["api_level"], 1)
        self.assertEqual(issue.answer(first)["state"], "completed")

    def test_what_is_no_request(self):
        self.api.line.write(b"{nonsense")
        error = self.api.refusal(self.api.line.message()["error"])
        self.assertEqual((error.code, error.reason), (-32700, "parse_error"))
        refusal = self.api.line.reply(self.api.line.send("no.such", {}))["error"]
        self.assertEqual(self.api.refusal(refusal).code, -32601)
        error = self.refused("invalid_params", self.api.cases.get.unchecked, case=7)
        self.assertEqual((error.code, error.details["pointer"]), (-32602, "/case"))
        error = self.refused("invalid_params", self.api.cases.get.unchecked, case="x", more=1)
        self.assertEqual(error.details["pointer"], "/more")
        ask = {"jsonrpc": "2.0", "method": "system.info"}
        self.api.line.write([{**ask, "id": "a"}, {**ask, "id": "b", "method": "system.nothing"}, ask])
        replies = {each["id"]: each for each in self.api.line.message()}
        self.assertEqual(replies.keys(), {"a", "b"})
        self.assertEqual(replies["b"]["error"]["code"], -32601)
        self.api.line.write(b'"' + b"x" * (1 << 20) + b'"')
        self.assertIn("error", self.api.line.message())
        with self.assertRaises((Closed, ConnectionResetError)):
            self.api.line.message()
