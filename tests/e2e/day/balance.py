"""The report at the end: every ticket, case, certificate, PIN, event and audit entry is accounted for, or is named."""

import collections
import dataclasses

from day.acts import BOTH
from day.people import CANCELLED, COMPLETED, NO_CASE, NO_SHOW, RECALLED, SERVED, WITHDRAWN
from day.play import TOPICS
from fixture.entered import RIGHT, pins_sent
from fixture.opensc import same_serial

PAGE = 50
# How a ticket's fate is counted by the board.
COUNTED = {SERVED: "served", RECALLED: "served", NO_SHOW: "no_show", WITHDRAWN: "left"}


@dataclasses.dataclass
class Line:
    """One account: what the script says, what the daemon or the authority says, and everything that does not match."""

    ja: str
    en: str
    count: int
    odd: list


def all_cases(play):
    cases, more = [], {}
    while True:
        reply = play.call("cases.list", limit=PAGE, **more)
        cases += reply["cases"]
        if "next" not in reply:
            return cases
        more = {"cursor": reply["next"]}


def tickets(play):
    """By office and day, as the waiting line's own report counts them."""
    wanted = collections.defaultdict(collections.Counter)
    for ticket in play.tickets:
        wanted[ticket.office, ticket.day].update(["taken", COUNTED[ticket.fate]])
    odd, seen = [], 0
    for office in play.call("queue-board.report")["offices"]:
        for day in [*office["days"], office["today"]]:
            told = {key: day.get(key, 0) for key in ("taken", "served", "no_show", "left")}
            said = wanted.pop((office["office"], day["day"]), collections.Counter())
            # Until the day ends they may still be called once more.
            told["no_show"] += day.get("absent", 0)
            seen += told["taken"]
            if told != {key: said[key] for key in told}:
                odd.append(f"{office['office']} {day['day']}: {dict(said)} by the script, {told} by the line")
            if any(day.get(place) for place in ("waiting", "called")):
                odd.append(f"{office['office']} {day['day']}: somebody is still in line")
    odd += [f"{office} {day}: not in the line's report" for office, day in wanted]
    return Line("番号札", "tickets", seen, odd)


def cases(play):
    """Each is somebody's, and has ended as the page says."""
    known = {each["id"]: each for each in all_cases(play)}
    odd, owners = [], {}
    for citizen in play.citizens:
        case = known.get(citizen.case)
        found = case["state"] if case else NO_CASE
        if found != citizen.end:
            odd.append(f"{citizen.key}: {citizen.end} by the page, {found} by the daemon")
        if citizen.case:
            owners[citizen.case] = citizen
    odd += [f"{case}: nobody's" for case in known if case not in owners]
    return Line("案件", "cases", len(known), odd)


def certificates(play):
    """Each that the authority has issued is on the card of the citizen for whom it was, or was replaced there."""
    register = {int(each["serial"], 16): each for each in play.town.authority.issued()}
    left, odd = set(register), []

    def take(serial, standing, whose):
        number = int(serial, 16)
        left.discard(number)
        found = register.get(number, {"status": "unknown"})
        if found["status"] != standing or not found.get("confirmed", True):
            odd.append(f"{whose}: {serial} is {found['status']}, not {standing}")

    for citizen in play.citizens:
        if not citizen.card:
            continue
        case = play.call("cases.get", case=citizen.case) if citizen.case else {"certificates": {}}
        done = {name: one for name, one in case["certificates"].items() if one["phase"] == "done"}
        if {name: one["new"]["serial"] for name, one in done.items()} != citizen.certificates:
            odd.append(f"{citizen.key}: {citizen.certificates} by the script, {done} by the daemon")
        held = citizen.card.held()["slots"]
        for name in [each for each in BOTH if held[each]["certificate"]]:
            here = held[name]["certificate"]["serial"]
            if name not in done:
                take(here, "good", citizen.key)
                continue
            old, new = done[name]["old"], done[name]["new"]
            if not same_serial(here, new["serial"]):
                odd.append(f"{citizen.key}: the card's {name} certificate is another one")
            take(new["serial"], "good", citizen.key)
            # One that had ended by itself is not revoked any more.
            take(old["serial"], "revoked" if old["expires_on"] >= new["issued_on"] else "good", citizen.key)
    odd += [f"{register[each]['serial']} ({register[each]['kind']}): on nobody's card" for each in left]
    return Line("電子証明書", "certificates", len(register), odd)


def pins(play):
    """What was entered reached the card, once each, and no other PIN did."""
    odd, count = [], 0
    for citizen in play.citizens:
        if not citizen.card or not citizen.card.trace.exists():  # never in a reader
            continue
        answers = pins_sent(citizen.card)
        count += len(answers)
        entered = citizen.card.entered
        if len(answers) != entered.right + entered.wrong or answers.count(RIGHT) != entered.right:
            odd.append(f"{citizen.key}: {entered.right} right and {entered.wrong} wrong entered, {answers} on the card")
    return Line("暗証番号の照合", "PINs sent", count, odd)


def sequence(play):
    """Events: one sequence without a gap across restarts, and none about a case of nobody's."""
    play.hear()
    odd, last = [], play.first_seq
    owners = {each.case for each in play.citizens if each.case}
    for event in play.events:
        if event["seq"] != last + 1:
            odd.append(f"after {last} comes {event['seq']} ({event['type']})")
        last = event["seq"]
        if event["topic"] not in TOPICS or event.get("case", "") not in owners | {""}:
            odd.append(f"{event['seq']}: {event['type']} of {event.get('case')}")
    return Line("イベント", "events", len(play.events), odd)


def events(play):
    """Beside that, as many as there were tickets and completions."""
    line = sequence(play)
    told = collections.Counter(each["type"] for each in play.events)
    ended = sum(each.end == COMPLETED for each in play.citizens)
    if told["case.completed"] != ended:
        line.odd.append(f"case.completed: {ended} by the script, {told['case.completed']} events")
    for kind, fate in (("queue-board.taken", None), ("queue-board.withdrawn", WITHDRAWN)):
        said = sum(fate in (None, each.fate) for each in play.tickets)
        if told[kind] != said:
            line.odd.append(f"{kind}: {said} by the script, {told[kind]} events")
    return line


def audit_entries(play):
    entries, since = [], 0
    while True:
        page = play.call("audit.query", since=since, limit=500)
        entries += page["entries"]
        if "next" not in page:
            return entries
        since = page["next"]


def chain(entries):
    """Where an entry does not follow on the one before it."""
    pairs = zip(entries, entries[1:])
    return [f"{b['seq']} does not follow {a['seq']}" for a, b in pairs if (b["seq"], b["prev"]) != (a["seq"] + 1, a["hash"])]


def audit_of(citizen, entries):
    """What is missing about the citizen's case."""
    told = collections.Counter(each["what"] for each in entries)
    wanted = {"case.opened": 1, f"case.{citizen.end}": citizen.end in (COMPLETED, CANCELLED)}
    wanted["case.overridden"] = citizen.reasons
    if citizen.card:
        told["right"] = told["pin.matched"] + told["pin.reset"]
        wanted["right"] = citizen.card.entered.right
    odd = [f"{citizen.key}: {told[what]} of {what}, not {int(count)}" for what, count in wanted.items() if told[what] != count]
    serials = {int(each["serial"], 16) for each in entries if each.get("serial")}
    return odd + [f"{citizen.key}: nothing of {each}" for each in citizen.certificates.values() if int(each, 16) not in serials]


def audit(play):
    """One unbroken chain: every case is in it from its beginning to its end, every PIN that was right and every new
    certificate, and nothing about a case of nobody's."""
    entries = audit_entries(play)
    whole = play.call("audit.verify")
    odd = chain(entries) + ([] if whole["ok"] else [f"audit.verify: {whole['problems']}"])
    owners = {each.case: each for each in play.citizens if each.case}
    about = collections.defaultdict(list)
    for entry in entries:
        about[entry.get("case", "")].append(entry)
    for case, citizen in owners.items():
        odd += audit_of(citizen, about.pop(case, []))
    # Without a case: the daemon itself, its rules and plugins, and PINs that were only used to look a last day up.
    told = collections.Counter(each["what"] for each in about[""])
    looked_up = sum(each.card.entered.right for each in play.citizens if each.card and not each.case)
    wanted = {**play.town.history, "pin.matched": looked_up}
    odd += [f"{told[what]} of {what}, not {count}" for what, count in wanted.items() if told[what] != count]
    odd += [f"about {case}: nobody's" for case in about if case]
    return Line("監査記録", "audit entries", len(entries), odd)


def balance(play):
    return [account(play) for account in (tickets, cases, certificates, pins, events, audit)]
