"""Two weeks at four offices' counters: every citizen's business ends as the page says, and the accounts balance."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from day.balance import balance
from day.people import CANCELLED
from day.play import Play
from day.script import CITIZENS, DESK_WORK
from day.town import Town


class ScriptedDay(unittest.TestCase):
    def test_two_weeks_end_as_the_page_says_and_balance(self):
        with Town() as town:
            play = Play(town, CITIZENS, DESK_WORK)
            play.run()
            self.assertEqual(play.wrong, [], "not as the page says")
            for account in balance(play):
                with self.subTest(account=account.en):
                    self.assertGreater(account.count, 0)
                    self.assertEqual(account.odd, [])
            self.check_that_each_account_notices(play)

    def check_that_each_account_notices(self, play):
        """Of everything one is left out of the script's own books: the account that it belongs to says so."""
        citizen = play.citizen("alone")
        changes = {
            "tickets": lambda: play.tickets.pop(),
            "cases": lambda: setattr(citizen, "end", CANCELLED),
            "certificates": lambda: citizen.certificates.popitem(),
            "PINs sent": lambda: setattr(citizen.card.entered, "right", citizen.card.entered.right - 1),
            "events": lambda: play.events.pop(len(play.events) // 2),
            "audit entries": lambda: setattr(citizen, "case", ""),
        }
        for change in changes.values():
            change()
        for account in balance(play):
            with self.subTest(noticed=account.en):
                self.assertIn(account.en, changes)
                self.assertTrue(account.odd, "one is missing, and nothing is said")


if __name__ == "__main__":
    unittest.main()
