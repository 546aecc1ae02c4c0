"""Events: in order, without gaps, and from where one was before the connection was lost."""

from second_client.flow import LICENCE, STAFF, Flow


class Heard(Flow):
    def until(self, last, patience=60):
        seen = []
        while not seen or seen[-1]["type"] != last:
            event = self.api.event(patience)
            self.assertIsNotNone(event, f"no {last} after {[each['type'] for each in seen]}")
            seen.append(event)
        return seen

    def check_order(self, events, after):
        """Of all topics: every number once, none left out."""
        self.assertEqual([each["seq"] for each in events], list(range(after + 1, after + 1 + len(events))))
        self.assertEqual([each["at"] for each in events], sorted(each["at"] for each in events))

    def test_a_visit_is_heard(self):
        self.world.vacate()
        since = self.api.events.subscribe()["seq"]
        card, reader = self.seat()
        case = self.done(self.open(card, reader), card)
        events = self.until("case.completed")
        self.check_order(events, since)
        own = [each for each in events if each.get("case") == case["id"]]
        self.assertEqual((own[0]["type"], own[-1]["data"]["state"]), ("case.opened", "completed"))
        states = [each["data"]["state"] for each in own if "state" in each["data"]]
        self.assertEqual(list(dict.fromkeys(states)), ["open", "ready", "issuing", "completed"])
        self.assertIn(("card.inserted", reader), [(each["type"], each.get("reader")) for each in events])
        steps = [each["data"] for each in own if each["type"] == "case.progress"]
        self.assertEqual({each["certificate"] for each in steps}, {"authentication", "signature"})
        self.assertTrue(all(0 <= each["n"] <= each["of"] and each["ja"] and each["en"] for each in steps))
        self.assertNotIn(card.pins["signature"], str(events))

    def test_going_on_after_the_connection_was_lost(self):
        card, reader = self.seat()
        self.api.events.subscribe(topics=["cases"])
        case = self.open(card, reader)
        seen = self.until("case.opened")
        self.api.close()
        other = self.connect()
        for documents in ([LICENCE], []):
            other.cases.update(case=case["id"], facts={"documents": documents}, staff=STAFF)
        self.world.restart()
        self.api = self.connect()
        self.cancel(case)
        self.api.events.subscribe(topics=["cases"], since=seen[-1]["seq"])
        missed = self.until("case.cancelled")
        self.assertEqual([each["type"] for each in missed], ["case.updated", "case.updated", "case.cancelled"])
        self.assertEqual({each["case"] for each in missed}, {case["id"]})
        again = self.connect()
        again.events.subscribe(topics=["cases"], since=missed[0]["seq"])
        self.assertEqual([again.event()["seq"] for _ in missed[1:]], [each["seq"] for each in missed[1:]])

    def test_told_to_read_everything_anew(self):
        subscribed = self.api.events.subscribe(topics=["cases"], since=10**9)
        marker = self.api.event()
        self.assertEqual((marker["type"], marker["seq"]), ("resync", subscribed["seq"]))
        self.assertTrue(marker["data"]["reason"])
        facts = {"office": "citizens-division", "holder": {"birth_date": "1980-04-10"}, "card": {"presented": False}}
        case = self.api.cases.open(facts=facts, staff=STAFF)
        after = self.api.event()
        self.assertEqual((after["case"], after["seq"]), (case["id"], marker["seq"] + 1))

    def test_subscriptions_end(self):
        subscribed = [self.api.events.subscribe(topics=["plugins"])["subscription"] for _ in range(8)]
        self.refused("overloaded", self.api.events.subscribe)
        for each in subscribed:
            self.api.events.unsubscribe(subscription=each)
        self.refused("not_found", self.api.events.unsubscribe, subscription=subscribed[0])
        self.api.plugins.reload()
        self.assertIsNone(self.api.event(patience=0.2))

    def test_policy_and_plugins_are_heard(self):
        since = self.api.events.subscribe(topics=["policy", "plugins"])
        self.api.plugins.reload()
        event = self.api.event()
        self.assertIn(event["topic"], ("policy", "plugins"))
        self.assertGreater(event["seq"], since["seq"])
