"""A counter of genuine cards: the official terminal issues, and the card that comes back proves it."""

from fixture.terminal import TerminalWorld

from second_client.flow import STAFF, Flow


class ByTerminal(Flow):
    @classmethod
    def setUpClass(cls):
        cls.world = TerminalWorld().start()
        cls.addClassCleanup(cls.world.stop)

    def recorded(self, case):
        """Every PIN as the official terminal has taken it; the case then."""
        entry = {"case": case["id"], "entered_by": "holder", "staff": STAFF}
        for pin in case["decision"]["pins_required"]:
            case = self.api.cases.record_pin(pin=pin, outcome="matched", **entry)
        self.assertEqual((case["state"], case["channel"]), ("ready", "terminal"))
        return case

    def issue_again(self, case):
        return self.api.cases.issue(case=case["id"], staff=STAFF)

    def test_renewed_there_and_proved_here(self):
        card, reader = self.seat()
        handed = self.issue_again(self.recorded(self.open(card, reader)))
        self.assertEqual(handed["state"], "issuing")
        self.assertEqual({each["phase"] for each in handed["certificates"].values()}, {"handed_over"})
        steps = handed["terminal"]["steps"]
        self.assertTrue(all(each["ja"] and each["en"] for each in steps))
        self.assertEqual((steps[0]["step"], steps[-1]["step"]), ("take_card", "bring_back"))
        case = self.issue_again(handed)
        self.assertEqual(case["certificates"]["authentication"]["proof"]["verdict"], "unchanged")
        with self.world.official_terminal() as terminal:
            terminal.renew(card, reader)
        case = self.issue_again(case)
        self.assertEqual(case["state"], "issuing", "what only a PIN opens has not been looked at")
        case = self.issue(self.enter(case, card, "authentication", "signature"))
        self.assertEqual({each["proof"]["verdict"] for each in case["certificates"].values()}, {"proved"})
        self.check_card(case, card)
        sheet = self.api.cases.receipt(case=case["id"])
        self.assertEqual({each["serial"] for each in sheet["certificates"]}, self.serials(case))

    def serials(self, case):
        return {each["new"]["serial"] for each in case["certificates"].values()}

    def test_accepted_unread_with_a_reason(self):
        card, reader = self.seat()
        case = self.issue_again(self.recorded(self.open(card, reader)))
        with self.world.official_terminal() as terminal:
            terminal.renew(card, reader)
        case = self.issue_again(case)
        names = [name for name, each in case["certificates"].items() if each["proof"].get("acceptable")]
        asked = {"case": case["id"], "accept": names, "staff": STAFF}
        self.refused("invalid_params", self.api.cases.issue, **asked)
        case = self.api.cases.issue(**asked, accept_reason="the holder has left")
        self.assertEqual(case["state"], "completed")
        self.assertEqual({each["proof"]["accepted"] for each in case["certificates"].values()}, {True})
        self.assertEqual(self.api.cases.receipt(case=case["id"])["kind"], "completed")

    def test_a_pin_that_does_not_match_there(self):
        card, reader = self.seat()
        case = self.open(card, reader)
        entry = {"case": case["id"], "pin": "authentication", "staff": STAFF}
        wrong = {"outcome": "mismatched", "tries_left": 2, "entered_by": "holder"}
        case = self.api.cases.record_pin(**entry, **wrong)
        self.assertEqual(case["pins"]["authentication"], "mismatched")
        self.refused("conflict", self.api.cases.reset_pin, **entry, value="0583", entered_by="holder")
        self.assertEqual(self.cancel(case)["state"], "cancelled")
