"""Who comes to the counters: the row of a citizen, and what a visit brings."""

import dataclasses
import datetime
from collections.abc import Callable

from day.town import BANBA, moment

# How a citizen's business ends by the page, once the two weeks are over.
COMPLETED = "completed"
WAITING = "waiting"  # for the holder's answer by post
CANCELLED = "cancelled"
NO_CASE = "no case"  # asked, refused or referred to another procedure: nothing was begun

# What becomes of a ticket.
SERVED, NO_SHOW, RECALLED, WITHDRAWN, NO_TICKET = "served", "no_show", "recalled", "withdrawn", "no ticket"

# The base case of the decision list: born on 10 April, the certificates end on 2026-04-10, the card five years later.
ADULT = {
    "citizen": "expiring-soon", "birth": "1980-04-10", "issued": "2021-06-15", "expires": "2026-04-10",
    "card_expires": "2031-04-10",
}  # fmt: skip
# No signature certificate, as children and adult wards have none. Their certificates end with the card as a rule; the
# later end of the card is for the sake of the test.
CHILD = {
    "citizen": "no-signature", "birth": "2015-06-01", "issued": "2021-06-15", "expires": "2026-04-10",
    "card_expires": "2033-06-01",
}  # fmt: skip
WARD = {**ADULT, "citizen": "no-signature"}

LICENCE = {"type": "drivers_licence", "of": "visitor"}
OWN_LICENCE = {"type": "drivers_licence", "of": "holder"}
NOTICE = {"type": "expiry_notice"}
FAMILY_REGISTER = {"type": "family_register"}


def form(expires="2026-04-10", sealed=True):
    """The form that came with the notice."""
    return {"type": "reply_form", "of": "holder", "source": "notice", "expires_on": expires, "sealed": sealed}


def registration(issued_on, original=True):
    return {"type": "guardianship_registration", "issued_on": issued_on, "original": original}


def proxy(*documents, **more):
    return {"visitor": {"role": "proxy"}, "documents": list(documents), **more}


# A question is asked without a card: what stands on it is told.
TOLD = {
    "card": {"expires_on": "2031-04-10"},
    "certificates": {"authentication": {"state": "valid", "expires_on": "2026-04-10"}},
}


def representative(relationship, *documents, same_household=False):
    visitor = {"role": "legal_representative", "relationship": relationship, "same_household": same_household}
    return {"visitor": visitor, "documents": list(documents)}


@dataclasses.dataclass
class Visit:
    at: datetime.datetime
    office: str
    act: Callable
    facts: dict
    line: str
    wait: int  # minutes
    card: bool  # lies on the counter


def visit(at, office, act, facts=None, line=None, wait=5, card=True):
    """`line`: what becomes of the ticket; where an office has no line, and before closed doors, there is none."""
    if line is None:
        line = NO_TICKET if office == BANBA else SERVED
    return Visit(moment(at), office, act, facts or {}, line, wait, card)


@dataclasses.dataclass
class Citizen:
    key: str
    ja: str
    en: str
    page: str  # by ../README.md: what says how it has to end
    end: str
    made: dict | None  # options of the card; none has been brought without
    visits: list
    holder: dict
    revoked: tuple = ()  # certificates that the authority has revoked before the visit
    card: object = None
    case: str = ""
    reasons: int = 0  # that a clerk has given for going on
    certificates: dict = dataclasses.field(default_factory=dict)  # name: serial of the new one

    @property
    def name(self):
        return self.card.made["name"].replace("\u3000", " ") if self.card else "-"


def citizen(key, ja, en, page, end, made, *visits, revoked=(), **holder):
    return Citizen(key, ja, en, page, end, made, list(visits), holder, revoked)
