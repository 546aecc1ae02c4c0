"""What is no single citizen's case: offices, rules, the waiting line, the machine itself."""

from second_client.flow import OFFICE, STAFF, Flow, codes

FACTS = {
    "office": OFFICE,
    "holder": {"birth_date": "1980-04-10"},
    "card": {"expires_on": "2031-04-10"},
    "certificates": {"authentication": {"state": "valid", "expires_on": "2026-04-10"}},
}


class Hall(Flow):
    def test_offices(self):
        offices = {each["office"]: each for each in self.api.offices.list()["offices"]}
        self.assertEqual(offices[OFFICE]["queue_label"]["ja"], "電子証明書発行/更新")
        self.assertEqual(offices[OFFICE]["contact"]["phone"], "028-632-2265")
        status = self.api.offices.status
        for at, expected in (
            ("2026-02-12T09:59:00+09:00", {"open": False, "next_opening": "2026-02-12T10:00:00+09:00"}),
            ("2026-02-12T17:00:00+09:00", {"open": True, "in_time": True, "last_reception": "2026-02-12T17:00:00+09:00"}),
            ("2026-02-12T17:01:00+09:00", {"open": True, "in_time": False}),
            ("2026-02-13T17:15:00+09:00", {"open": False, "next_opening": "2026-02-16T10:00:00+09:00"}),
        ):
            told = status(office="banba-branch", at=at)
            self.assertEqual({key: told.get(key) for key in expected}, expected, at)
            self.assertEqual(told["today"], ["10:00-17:15"])
        self.assertTrue(status(office=OFFICE)["open"])
        self.refused("not_found", status, office="nowhere")
        self.assertEqual(self.refused("invalid_params", status.unchecked, office=OFFICE, at="now").details["pointer"], "/at")

    def test_when_services_work_again(self):
        done = "2026-10-16T10:30:00+09:00"
        forecast = self.api.availability.forecast
        told = {each["service"]: each for each in forecast(completed_at=done)["services"]}
        self.assertTrue(all(each["estimate"] for each in told.values()))
        self.assertEqual(told["convenience_store"]["available_from"], "2026-10-16T13:30:00+09:00")
        self.assertEqual(told["mynaportal"]["available_from"], "2026-10-17T10:30:00+09:00")
        self.assertEqual(told["e_tax"]["available_from"], "2026-10-17")
        self.assertFalse(told["mynapoint"].keys() & {"available_from", "by", "immediate"})
        next_day = {"by": "2026-10-17"}
        for minute, expected in (("10:35", next_day), ("11:29", next_day), ("11:30", {"immediate": True})):
            services = forecast(completed_at=done, insurance_applied_at=f"2026-10-16T{minute}:00+09:00")["services"]
            insurance = next(each for each in services if each["service"] == "health_insurance")
            self.assertEqual({key: insurance[key] for key in insurance.keys() & {"by", "immediate"}}, expected, minute)
        alone = forecast(completed_at=done, face_authentication=True)["services"]
        self.assertEqual([each["service"] for each in alone], ["health_insurance"])

    def test_rules(self):
        evaluate, explain = self.api.policy.evaluate, self.api.policy.explain
        early = evaluate(facts={**FACTS, "at": "2026-01-09T10:00:00+09:00"})
        self.assertEqual((early["outcome"], early["opens_on"]), ("not_today", "2026-01-11"))
        self.assertIn("window.too_early", codes(early, "block"))
        first = {**FACTS, "at": "2026-01-11T10:00:00+09:00"}
        told = explain(facts=first)
        self.assertEqual(told["decision"], evaluate(facts=first))
        self.assertEqual(told["decision"]["outcome"], "complete_today")
        self.assertIn("certificate.unknown", {code for each in told["trace"] for code in each["said"]})
        crowded = evaluate(facts={**FACTS, "at": "2026-03-25T10:00:00+09:00"})
        self.assertIn("crowding.expected", codes(crowded, "advise"))
        online = evaluate(facts={**first, "channel": "online"})
        self.assertIn("channel.counter_only", codes(online, "block"))
        for place, facts in (
            ("/facts/office", {**FACTS, "office": "nowhere"}),
            ("/facts/holder/birth_date", {**FACTS, "holder": {"birth_date": "1980-02-30"}}),
            ("/facts/weather", {**FACTS, "weather": "rain"}),
        ):
            error = self.refused("invalid_params", evaluate.unchecked, facts=facts)
            self.assertEqual(error.details["pointer"], place)

    def test_policy_in_force(self):
        info = self.api.policy.info()
        self.assertEqual(self.api.system.info()["policy"], {key: info[key] for key in ("municipality", "version", "digest")})
        self.assertEqual(evaluated(self.api)["digest"], info["digest"])
        policy = self.world.folder / "policy.yaml"
        good = policy.read_text()
        self.addCleanup(policy.write_text, good)
        policy.write_text(good.replace('version: "2026-01"', 'version: "2026-02"'))
        self.assertEqual(self.api.policy.reload()["version"], "2026-02")
        self.assertEqual(evaluated(self.api)["version"], "2026-02")
        policy.write_text(good.replace("age_of_capacity: 15", "age_of_capacity: many"))
        self.refused("policy.invalid", self.api.policy.reload)
        self.refused("policy.invalid", self.api.plugins.reload)
        self.assertEqual(evaluated(self.api)["version"], "2026-02")
        policy.write_text(good)
        self.api.plugins.reload()
        self.assertEqual(self.api.policy.info(), info)

    def test_plugins(self):
        plugins = {each["name"]: each for each in self.api.plugins.list()["plugins"]}
        self.assertEqual(plugins.keys(), {"legal-representative", "proxy-two-visit", "holiday-openings", "queue-board"})
        for plugin in plugins.values():
            self.assertEqual(plugin["state"], "ready")
            self.assertLessEqual(set(plugin.get("methods", [])), self.api.methods.keys())

    def test_machine(self):
        health = self.api.system.health()
        self.assertLessEqual({"store", "readers", "policy", "plugins"}, health["parts"].keys())
        self.assertEqual(health["parts"]["readers"]["readers"], len(self.api.readers.list()["readers"]))
        self.assertEqual(self.api.rpc.discover(), self.api.document)

    def test_audit_and_privacy(self):
        """Whatever there is of them, with the document's own examples."""
        for name in self.api.methods:
            if name.startswith(("audit.", "privacy.")):
                self.api.methods[name](**self.api.methods[name].examples())

    def test_waiting_line(self):
        board = self.api.queue_board
        place = {"office": OFFICE, "staff": STAFF}
        self.api.events.subscribe(topics=["queue"])
        self.assertFalse(any(each["live"] or "waiting" in each for each in board.status()["offices"]))
        first, second = (board.take(**place, procedure="renewal") for _ in range(2))
        booked = board.take(**place, procedure="renewal", priority=True)
        self.assertEqual((second["ahead"], booked["ahead"], second["wait"]["estimate"]), (1, 0, True))
        self.refused("conflict", board.take, **place, procedure="passport")
        called = board.call_next(**place, window="9")
        self.assertEqual((called["ticket"], called["waiting"]), (booked["ticket"], 2))
        self.assertEqual(board.call_next(**place, window="10")["ticket"], first["ticket"])
        board.no_show(**place, ticket=first["ticket"])
        self.assertEqual(board.ticket(office=OFFICE, ticket=first["ticket"])["state"], "absent")
        board.recall(**place, ticket=first["ticket"])
        self.assertEqual(board.ticket(office=OFFICE, ticket=first["ticket"])["state"], "called")
        self.world.restart()
        self.api = self.connect()
        board = self.api.queue_board
        line = next(each for each in board.status()["offices"] if each["office"] == OFFICE)
        self.assertEqual(line["waiting"], 1)
        self.assertEqual({each["ticket"] for each in line["called"]}, {first["ticket"], booked["ticket"]})
        self.assertEqual(line["label"]["ja"], "電子証明書発行/更新")
        for ticket in (first, booked):
            board.serve(**place, ticket=ticket["ticket"])
        self.assertEqual(board.withdraw(**place, ticket=second["ticket"])["waiting"], 0)
        self.refused("conflict", board.ticket, office=OFFICE, ticket=second["ticket"])
        today = next(each for each in board.report()["offices"] if each["office"] == OFFICE)["today"]
        self.assertEqual({key: today[key] for key in ("taken", "served", "left")}, {"taken": 3, "served": 2, "left": 1})
        self.assertTrue(board.waits(office=OFFICE)["waits"])
        self.refused("conflict", board.waits, office="banba-branch")
        self.assertFalse(board.feed(**place, live=False)["live"])
        page = board.snapshot()
        self.assertNotIn("waiting", next(each for each in page["offices"] if each["office"] == OFFICE))
        self.assertIn("<html", page["html"])
        self.assertTrue(board.feed(**place, live=True)["live"])
        self.judged_by_ticket(board.take(**place, procedure="renewal"))

    def judged_by_ticket(self, ticket):
        """A case is received at the moment at which the ticket was taken, although the wait was long."""
        card, reader = self.seat()
        case = self.open(card, reader, at=ticket["taken_at"])
        self.assertEqual(case["facts"]["at"][:19], ticket["taken_at"][:19])
        self.cancel(case)
        self.api.queue_board.withdraw(office=OFFICE, ticket=ticket["ticket"], staff=STAFF)

    def test_display(self):
        """A screen in the hall: reads what everybody may see."""
        self.world.restart(roles=("display",))
        self.addCleanup(self.world.restart)
        screen = self.connect()
        allowed = {name for name, method in screen.methods.items() if "display" in method.described["x-roles"]}
        self.assertLessEqual({"queue-board.status", "queue-board.snapshot", "offices.status", "events.subscribe"}, allowed)
        self.assertFalse([name for name in allowed if name.startswith(("cases.", "card.", "policy."))])
        screen.queue_board.status()
        screen.offices.status(office=OFFICE)
        for name in screen.methods.keys() - allowed:
            method = screen.methods[name]
            self.assertEqual(self.refused("forbidden", method.unchecked, **method.examples()).code, -32003)
        screen.events.subscribe(topics=["queue"])
        self.refused("forbidden", screen.events.subscribe, topics=["cases"])


def evaluated(api):
    return api.policy.evaluate(facts=FACTS)["policy"]
