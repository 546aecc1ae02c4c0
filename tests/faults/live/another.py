"""Somebody at another window, who asks about the same card and the same case at the same time."""

import threading
import types

from fixture.counter import enter_pin
from fixture.entered import Entered
from fixture.world import madoguchi

COLLEAGUE = "clerk-8"
# Of the right form, and nobody's.
WRONG = {"signature": "WRONG1", "authentication": "0001", "resident_register": "0001"}
DEEDS = (
    "opens", "updates", "cancels", "cancels_a_lost_card", "enters", "mistypes", "issues", "inspects", "looks_up", "reads",
)  # fmt: skip


class Another:
    def __init__(self, world, card, facts):
        self.world, self.card, self.facts = world, card, facts
        self.threads = []
        self.violations, self.mistyped = [], []
        # Its own count, since two threads count.
        self.lent = types.SimpleNamespace(pins=card.pins, entered=Entered())

    def begin(self, what, case, pin):
        """One deed, in a thread of its own. `pin` is what is entered in those that take one; none: a card for the face."""
        thread = threading.Thread(target=self._ask, args=(what, case, pin))
        self.threads.append(thread)
        thread.start()

    def finish(self):
        for thread in self.threads:
            thread.join()
        self.threads.clear()
        self.card.entered.take_over(self.lent.entered)

    def _ask(self, what, case, pin):
        try:
            client = madoguchi.Client(str(self.world.socket), timeout=30)
        except OSError:
            return  # nobody is there
        try:
            getattr(self, what)(client, case, pin)
        except madoguchi.Error as error:
            if error.reason == "internal":
                self.violations.append(f"internal, to another clerk: {error}")
        except (madoguchi.Lost, OSError):
            pass  # the daemon has ended
        finally:
            client.close()

    def opens(self, client, *_):
        if self.facts is not None:
            client.call("cases.open", facts=self.facts, reader=self.world.pcscd.names[0], staff=COLLEAGUE)

    def updates(self, client, case, _):
        if case:
            client.call("cases.update", case=case, facts={}, reader=self.world.pcscd.names[0], staff=COLLEAGUE)

    def cancels(self, client, case, _):
        if case:
            client.call("cases.cancel", case=case, reason="the citizen has left", staff=COLLEAGUE)

    def cancels_a_lost_card(self, client, case, _):
        if case:
            client.call("cases.cancel", case=case, reason="the card is lost", card_gone=True, staff=COLLEAGUE)

    def enters(self, client, case, pin):
        if case and pin:
            enter_pin(client, self.lent, case, pin)

    def mistypes(self, client, case, pin):
        if case and pin:
            self.mistyped.append(pin)
            enter_pin(client, self.lent, case, pin, WRONG[pin])

    def issues(self, client, case, _):
        if case:
            client.call("cases.issue", case=case, staff=COLLEAGUE)

    def inspects(self, client, *_):
        client.call("card.inspect", reader=self.world.pcscd.names[0])

    def looks_up(self, client, *_):
        client.call("card.check_expiry", reader=self.world.pcscd.names[0])

    def reads(self, client, case, _):
        if case:
            client.call("cases.timeline", case=case)
            client.call("cases.receipt", case=case, kind="incident")
