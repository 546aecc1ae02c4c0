"""What the flows have in common: a counter, citizens who come to it, and a clerk's usual steps."""

import datetime
import unittest

from fixture.world import World

from second_client.api import Api, Record, Refused

STAFF = "clerk-7"
OFFICE = "citizens-division"
JAPAN = datetime.timezone(datetime.timedelta(hours=9))
# Begins with a zero, as those of the fixture do, and for the same reason.
NEW_PINS = {"authentication": "0583", "resident_register": "0927", "signature": "ZQXJK0739"}
LICENCE = {"type": "drivers_licence", "of": "visitor"}


def today(days=0):
    return (datetime.datetime.now(JAPAN).date() + datetime.timedelta(days=days)).isoformat()


def codes(decision, severity=None):
    return {each["code"] for each in decision["findings"] if severity in (None, each["severity"])}


class Counter(World):
    """A counter with all the plugins that come with the daemon, and for all who work there the same user."""

    roles = ("clerk", "supervisor", "admin")
    queued_events = 1024

    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        begin, end = text.index("access:"), text.index("store:")
        users = f'{{users: ["{self.uid}"]}}'
        access = "".join(f"  {role}: {users}\n" for role in self.roles)
        text = f"{text[:begin]}access:\n{access}{text[end:]}"
        last = "    - {name: holiday-openings, isolate: none, allow_unsigned: true}\n"
        assert text.count(last) == 1
        text = text.replace(last, last + last.replace("holiday-openings", "queue-board").replace("}", ", critical: false}"))
        self.configuration.write_text(text + f"api: {{max_queued_events: {self.queued_events}}}\n")

    def restart(self, roles=None, queued_events=None):
        """With other roles for its user, or another limit."""
        self.roles = roles or type(self).roles
        self.queued_events = queued_events or type(self).queued_events
        self.daemon.stop()
        self._configure()
        self.start_again()


class Flow(unittest.TestCase):
    """`api`: a connection of this test's own."""

    world, record = None, Record()

    def setUp(self):
        self.api = self.connect()

    def connect(self):
        api = Api(self.world.socket, record=self.record)
        self.addCleanup(api.close)
        return api

    def seat(self, citizen="expiring-soon", **options):
        """A citizen whose card lies in the reader."""
        self.world.vacate()
        card = self.world.make_card(citizen, **options)
        return card, self.world.insert(card)

    def open(self, card, reader=None, **facts):
        params = {"facts": card.facts(**facts), "staff": STAFF}
        return self.api.cases.open(**params, **({"reader": reader} if reader else {}))

    def enter(self, case, card, *pins, by="holder"):
        """Those PINs, or all that the decision asks for, in its order; the case then."""
        for pin in pins or case["decision"]["pins_required"]:
            told = self.api.cases.verify_pin(
                case=case["id"], pin=pin, value=card.pins[pin], entered_by=by, staff=STAFF
            )
            self.assertEqual(told["tries_left"], 5 if pin == "signature" else 3)
            case = told["case"]
        return case

    def reset(self, case, card, pin):
        """The holder's new PIN, which the card has from then on; the case then."""
        card.pins[pin] = NEW_PINS[pin]
        told = self.api.cases.reset_pin(case=case["id"], pin=pin, value=card.pins[pin], entered_by="holder", staff=STAFF)
        return told["case"]

    def issue(self, case):
        """Issues to the end, which the card then shows too."""
        case = self.api.cases.issue(case=case["id"], staff=STAFF)
        self.assertEqual(case["state"], "completed", case.get("attention"))
        return case

    def check_card(self, case, card):
        """The card holds what the case tells, and what the decision foretold."""
        held = card.held()
        for name, told in case["certificates"].items():
            self.assertEqual(told["phase"], "done")
            self.assertEqual(told["new"]["expires_on"], case["decision"]["certificates"][name]["new_expires_on"])
            self.assertEqual(int(held["slots"][name]["certificate"]["serial"], 16), int(told["new"]["serial"], 16))

    def done(self, case, card, by="holder"):
        """The usual end: PINs, issue."""
        case = self.issue(self.enter(case, card, by=by))
        self.check_card(case, card)
        return case

    def refused(self, reason, method, /, **params):
        with self.assertRaises(Refused) as caught:
            method(**params)
        self.assertEqual(caught.exception.reason, reason, caught.exception)
        return caught.exception

    def cancel(self, case):
        return self.api.cases.cancel(case=case["id"], reason="the visitor has left", staff=STAFF)

    def put_back(self, card):
        """The card, after it left the reader in the middle."""
        self.world.await_reader("empty")
        card.order("clear")
        card.put_in()
        self.world.await_reader("present")
