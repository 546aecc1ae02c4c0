#!/usr/bin/env python3
"""Thousands of random visits, decided by Utsunomiya's policy and by a second reading of the rules in this file.

The rules are written down here once more, plainly and without a look at the daemon's: what both get wrong alike has to
be a misreading of the page. Run by ctest; by hand: MADOGUCHI=build/debug/bin/madoguchi test_oracle.py [SEED [COUNT]].
"""

import calendar
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[4]
POLICY = ROOT / "config" / "policy" / "utsunomiya"
DAY = datetime.timedelta(1)
HOURS = {
    "citizens-division": (8 * 60 + 30, 19 * 60),
    "district-centers": (8 * 60 + 30, 17 * 60 + 15),
    "branch-offices": (8 * 60 + 30, 17 * 60 + 15),
    "banba-branch": (10 * 60, 17 * 60 + 15),
}
PHOTO = {"my_number_card", "drivers_licence", "passport", "residence_card", "disability_handbook"}
IDENTITY = {"drivers_licence", "passport", "residence_card", "disability_handbook", "eligibility_certificate"}
PAPER_INSURANCE_ENDED = datetime.date(2025, 12, 1)
SEVERITY = {
    "channel.counter_only": "block",
    "office.closed": "block",
    "office.after_last_reception": "override",
    "residence.not_registered_here": "block",
    "window.too_early": "block",
    "certificate.expired": "info",
    "certificate.revoked": "info",
    "certificate.unknown": "info",
    "certificate.state_needed": "advise",
    "certificate.not_issued": "advise",
    "certificate.capped": "advise",
    "expiry_check.pin_needed": "advise",
    "expiry_check.other_ways": "advise",
    "expiry_check.holder_only": "block",
    "card.renewal_required": "redirect",
    "documents.missing": "require",
    "pin.reset_required": "info",
    "pin.retry_possible": "advise",
    "crowding.expected": "advise",
    "legal_representative.required": "block",
    "legal_representative.not_applicable": "info",
    "legal_representative.proof_missing": "require",
    "legal_representative.proof_too_old": "require",
    "legal_representative.proof_not_original": "require",
    "proxy.reply_form_missing": "second_visit",
    "proxy.reply_form_expired": "second_visit",
    "proxy.reply_form_not_sealed": "second_visit",
    "proxy.pin_mismatch": "second_visit",
    "proxy.pin_reset_needs_inquiry": "second_visit",
    "proxy.inquiry_days": "info",
    "notice.expected": "info",
}


def read_holidays():
    text = (ROOT / "config" / "holidays" / "japan.yaml").read_text()
    return {date(found) for found in re.findall(r"^  (\d{4}-\d\d-\d\d): ", text, re.MULTILINE)}


def date(text):
    return datetime.date.fromisoformat(text) if text else None


def add_months(day, months):
    """Clamped to the end of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def birthday(born, year):
    """29 February is 28 February in other years, for the end of certificates."""
    return datetime.date(year, born.month, min(born.day, calendar.monthrange(year, born.month)[1]))


def nth_birthday_after(born, day, count):
    first = day.year if birthday(born, day.year) > day else day.year + 1
    return birthday(born, first + count - 1)


def age(born, day):
    """One born on 29 February is a year older on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Visit:
    """One visit with what follows from it."""

    holidays = read_holidays()

    def __init__(self, facts):
        self.facts = facts
        at = datetime.datetime.fromisoformat(facts["at"])
        self.day, self.minute = at.date(), at.hour * 60 + at.minute
        self.said, self.missing, self.expected = set(), set(), {"opens_on": None, "next_opening": None}
        self.role, self.purpose = facts["visitor"]["role"], facts["purpose"]
        holder = facts["holder"]
        self.born = date(holder["birth_date"])
        self.represented = holder["adult_ward"] or age(self.born, self.day) < 15
        self.proxy = self.role == "proxy" or (self.role == "legal_representative" and not self.represented)
        self.certificates = facts["certificates"]
        read = self.certificates["authentication"]
        unread = self.certificates["signature"]["state"] == "unknown"
        self.pin_tells = unread and self.only_its_pin_tells(read)
        taken = read if unread and not self.pin_tells else self.certificates["signature"]
        self.taken = {"authentication": read, "signature": taken}
        self.card_ends = date(facts["card"].get("expires_on"))

    def only_its_pin_tells(self, read):
        """The signature certificate alone, beside one that is not due: after that was renewed it says nothing of it."""
        alone = self.purpose == "renewal" and set(self.facts["wanted"]) == {"signature"}
        barred = self.represented or self.facts["card"]["face_authentication"]
        return alone and not barred and self.in_force(read) and self.day < add_months(date(read["expires_on"]), -3) + DAY

    def decide(self):
        self.where_and_when()
        self.who()
        self.actions()
        self.previews()
        self.pins()
        self.papers()
        self.representative()
        self.reply_form()
        self.notice()
        return self.conclude()

    def where_and_when(self):
        facts, office = self.facts, self.facts["office"]
        if facts["channel"] != "counter":
            self.said.add("channel.counter_only")
        hours = self.hours(office, self.day)
        if not hours or not hours[0] <= self.minute < hours[1]:
            self.said.add("office.closed")
            day = self.day
            while not (self.hours(office, day) and (day > self.day or self.hours(office, day)[0] > self.minute)):
                day += DAY
            opens = self.hours(office, day)[0]
            self.expected["next_opening"] = f"{day}T{opens // 60:02}:{opens % 60:02}:00+09:00"
        elif self.minute > hours[1] - 15:
            self.said.add("office.after_last_reception")
        if (3, 11) <= (self.day.month, self.day.day) <= (4, 10):
            self.said.add("crowding.expected")

    def hours(self, office, day):
        year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return None if day.weekday() >= 5 or year_end or day in self.holidays else HOURS[office]

    def who(self):
        if not self.facts["holder"]["resident"]:
            self.said.add("residence.not_registered_here")
        if self.purpose == "expiry_check" and self.role != "holder":
            self.said.add("expiry_check.holder_only")
        if self.role == "legal_representative" and not self.represented:
            self.said.add("legal_representative.not_applicable")

    def expired(self, certificate):
        return certificate["state"] == "valid" and date(certificate["expires_on"]) < self.day

    def in_force(self, certificate):
        return certificate["state"] == "valid" and not self.expired(certificate)

    def actions(self):
        self.action, opens = {}, []
        for name in ("authentication", "signature"):
            self.action[name] = "none"
            if name not in self.facts["wanted"]:
                continue
            told, taken = self.certificates[name], self.taken[name]
            if told["state"] == "unknown":
                self.said.add("certificate.unknown")
            if self.expired(told) or (told["state"] == "unknown" and self.expired(taken)):
                self.said.add("certificate.expired")
            if self.purpose == "pin_reset" and told["state"] == "revoked":
                self.said.add("certificate.revoked")
            barred = self.represented or self.facts["card"]["face_authentication"]
            if name == "signature" and not self.in_force(told) and barred:
                continue
            if self.purpose != "renewal" or taken["state"] == "unknown":
                continue
            if not self.in_force(taken):
                self.action[name] = "issue_new"
                continue
            first_day = add_months(date(taken["expires_on"]), -3) + DAY
            if self.day >= first_day:
                self.action[name] = "renew"
            else:
                opens.append(first_day)
        self.todo = [name for name, action in self.action.items() if action != "none"]
        if opens and not self.todo:
            self.said.add("window.too_early")
            self.expected["opens_on"] = str(min(opens))
            barred = self.represented or self.facts["card"]["face_authentication"]
            untold = self.certificates["signature"]["state"] == "unknown" and not barred
            if "signature" in self.facts["wanted"] and untold:
                self.said.add("certificate.state_needed")
        elif self.purpose == "renewal" and not self.todo:
            self.nothing_to_do()

    def nothing_to_do(self):
        if not self.facts["card"]["presented"] or (self.card_ends and self.card_ends < self.day):
            return
        unread = self.pin_tells or self.certificates["authentication"]["state"] == "unknown" and (
            "authentication" in self.facts["wanted"]
            or self.taken["signature"]["state"] == "unknown"
            and not (self.represented or self.facts["card"]["face_authentication"])
        )
        self.said.add("certificate.state_needed" if unread else "certificate.not_issued")

    def previews(self):
        self.new = {}
        card_expired = self.card_ends and self.card_ends < self.day
        for name in self.todo if not card_expired else []:
            ends = nth_birthday_after(self.born, self.day, 6 if self.action[name] == "renew" else 5)
            caps = [self.card_ends] if self.card_ends else []
            if name == "signature":
                read = self.certificates["authentication"]
                if "authentication" in self.new:
                    caps.append(self.new["authentication"])
                elif self.in_force(read):
                    caps.append(date(read["expires_on"]))
            self.new[name] = min([ends, *caps])
        if self.held_back():
            self.said.add("certificate.capped")
        ends_with_card = [
            name
            for name in self.todo
            if self.action[name] == "renew" and self.card_ends and date(self.taken[name]["expires_on"]) >= self.card_ends
        ]
        if card_expired or ends_with_card:
            self.said.add("card.renewal_required")

    def held_back(self):
        """The other certificate caps this one, and could be renewed with it."""
        other = self.certificates["authentication"]
        if "signature" not in self.new or "authentication" in self.facts["wanted"] or not self.in_force(other):
            return False
        ends = date(other["expires_on"])
        in_window = self.day > add_months(ends, -3)
        return in_window and self.new["signature"] == ends and not (self.card_ends and self.card_ends <= ends)

    def pins(self):
        face = self.facts["card"]["face_authentication"]
        self.required = ["resident_register", *self.todo] if self.todo and not face else []
        if self.pin_tells:
            self.required.append("signature")
        judged = self.required
        if self.purpose == "pin_reset" and not face:
            there = [name for name in self.facts["wanted"] if self.certificates[name]["state"] != "absent"]
            judged = ["resident_register", *there]
        state = self.facts["pins"]
        if self.purpose == "expiry_check" and self.role == "holder" and not face:
            if any(state[pin] in ("forgotten", "locked") for pin in self.facts["wanted"]):
                self.said.add("expiry_check.pin_needed")
        self.resets = [] if self.proxy else [pin for pin in judged if state[pin] in ("forgotten", "locked")]
        if self.resets:
            self.said.add("pin.reset_required")
        if not self.proxy and any(state[pin] == "mismatched" for pin in judged):
            self.said.add("pin.retry_possible")

    def brought(self, types):
        for document in self.facts["documents"]:
            ended = date(document.get("expires_on")) and date(document["expires_on"]) < self.day
            another = self.role != "holder" and document.get("of", "visitor") != "visitor"
            insurance = document["type"] == "health_insurance_card" and self.day <= PAPER_INSURANCE_ENDED
            counts = document["type"] in types or (insurance and types is IDENTITY)
            if counts and document.get("original", True) and not ended and not another:
                return True
        return False

    def papers(self):
        if not self.facts["card"]["presented"]:
            self.missing.add("my_number_card")
        if self.purpose == "expiry_check" and self.role != "holder":
            return
        if self.role != "holder":
            if not self.brought(PHOTO):
                self.missing.add("photo_identity_document")
        elif self.resets and not self.brought(IDENTITY):
            self.missing.add("identity_document")

    def first(self, kind):
        return next((d for d in self.facts["documents"] if d["type"] == kind), None)

    def representative(self):
        if not self.represented or self.purpose == "expiry_check":
            return
        holder, visitor = self.facts["holder"], self.facts["visitor"]
        if self.role != "legal_representative":
            self.said.add("legal_representative.required")
        elif holder["adult_ward"]:
            paper = self.first("guardianship_registration")
            flaws = {"proof_missing"} if paper is None else set()
            if paper and add_months(date(paper["issued_on"]), 3) < self.day:
                flaws.add("proof_too_old")
            if paper and not paper.get("original", True):
                flaws.add("proof_not_original")
            self.said |= {"legal_representative." + flaw for flaw in flaws}
            if flaws:
                self.missing.add("guardianship_registration")
        else:
            parent_at_home = visitor["same_household"] and visitor["relationship"] == "parent"
            if not parent_at_home and not holder["domicile_in_city"] and not self.first("family_register"):
                self.said.add("legal_representative.proof_missing")
                self.missing.add("family_register")

    def reply_form(self):
        if not self.proxy:
            return
        if self.purpose == "pin_reset":
            self.said.add("proxy.pin_reset_needs_inquiry")  # these visits are all first ones
        if self.purpose != "renewal":
            return
        form = self.first("reply_form")
        if form is None:
            self.said.add("proxy.reply_form_missing")
        else:
            ends = [date(form.get("expires_on"))]
            if form["source"] == "notice":
                wanted = [self.taken[name] for name in self.facts["wanted"]]
                ends += [date(taken.get("expires_on")) for taken in wanted]
            if min(day for day in ends if day) < self.day:
                self.said.add("proxy.reply_form_expired")
            if not form["sealed"]:
                self.said.add("proxy.reply_form_not_sealed")
        if any(self.facts["pins"][pin] not in ("matched", "unverified") for pin in self.required):
            self.said.add("proxy.pin_mismatch")

    def untold(self):
        """Why the last day is not told here and now, if it is asked for."""
        lost = [pin for pin in self.facts["wanted"] if self.facts["pins"][pin] in ("forgotten", "locked")]
        card = self.facts["card"]
        return self.role != "holder" or not card["presented"] or (lost and not card["face_authentication"])

    def notice(self):
        if self.purpose == "expiry_check" and self.untold():
            self.said.add("expiry_check.other_ways")
            return
        ends = any(self.taken[name]["state"] == "valid" for name in self.facts["wanted"])
        if self.purpose != "pin_reset" and ends and not self.first("expiry_notice"):
            self.said.add("notice.expected")

    def conclude(self):
        weights = {SEVERITY[code] for code in self.said}
        received = not weights & {"block", "redirect"} and "photo_identity_document" not in self.missing
        if "second_visit" in weights and received:
            self.said.add("proxy.inquiry_days")
        if "second_visit" in weights:
            self.missing.discard("my_number_card")
        if self.missing:
            self.said.add("documents.missing")
        if "block" in weights:
            outcome = "not_today"
        elif "redirect" in weights:
            outcome = "other_procedure"
        elif "second_visit" in weights:
            outcome = "not_today" if "photo_identity_document" in self.missing else "two_visits"
        else:
            outcome = "not_today" if self.missing or "require" in weights else "complete_today"
        certificates = {
            name: {"action": action, "new_expires_on": str(self.new[name]) if name in self.new else None}
            for name, action in self.action.items()
        }
        return self.expected | {
            "outcome": outcome,
            "certificates": certificates,
            "pins_required": self.required,
            "pin_resets": self.resets,
            "missing": sorted(self.missing),
            "fee_yen": 0,
            "findings": sorted(self.said),
            "no_findings": sorted(SEVERITY.keys() - self.said),
        }


class Visits:
    """Random visits, crowded around the days and minutes where something changes."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, share):
        return self.random.random() < share

    def near(self, day):
        return str(day + self.random.choice([-400, -30, -1, 0, 1, 30, 60, 88, 89, 90, 91, 92, 93, 120, 500]) * DAY)

    def certificate(self, day):
        state = self.random.choices(["valid", "revoked", "absent", "unknown"], [12, 1, 1, 1])[0]
        return {"state": state} | ({"expires_on": self.near(day)} if state in ("valid", "revoked") else {})

    def birth(self, day):
        fifteen = birthday(day, day.year - 15)
        return self.random.choice(
            [fifteen - DAY, fifteen, fifteen + DAY, datetime.date(2015, 6, 1), datetime.date(2012, 2, 29)]
            + [datetime.date(1930 + self.random.randrange(70), 1, 1) + self.random.randrange(366) * DAY] * 15
        )

    def documents(self, day):
        all_ = [{"type": "expiry_notice"}] if self.chance(0.6) else []
        others = ["my_number_card", "passport", "eligibility_certificate", "health_insurance_card", "company_badge"]
        for kind in [kind for kind in others if self.chance(0.12)] + ["drivers_licence"] * self.chance(0.5):
            document = {"type": kind}
            if self.chance(0.15):
                document["expires_on"] = self.near(day)
            if self.chance(0.05):
                document["original"] = False
            if self.chance(0.15):
                document["of"] = self.random.choice(["holder", "visitor"])
            all_.append(document)
        if self.chance(0.6):
            form = {"type": "reply_form", "of": "holder", "sealed": self.chance(0.85), "expires_on": self.near(day)}
            all_.append(form | {"source": self.random.choice(["notice", "city"])})
        if self.chance(0.4):
            all_.append({"type": "family_register", "of": "holder"})
        if self.chance(0.5):
            issued = add_months(day, -3) + self.random.choice([-2, -1, 0, 1, 20, 60]) * DAY
            paper = {"type": "guardianship_registration", "of": "holder", "issued_on": str(issued)}
            all_.append(paper | ({"original": False} if self.chance(0.2) else {}))
        return all_

    def one(self):
        choose = self.random.choice
        day = datetime.date(2025, 10, 1) + self.random.randrange(800) * DAY
        minute = 11 * 60
        if self.chance(0.3):
            edges = [edge for hours in HOURS.values() for edge in (hours[0], hours[1] - 15, hours[1])]
            minute = choose(edges) + choose([-1, 0, 1])
        authentication = self.certificate(day)
        pin = ["matched"] * 10 + ["unverified"] * 3 + ["mismatched", "forgotten", "locked"]
        card_ends = day + choose([-1, 0, 1, 30, 60, 900, 1800, 1900, 3000]) * DAY
        return {
            "at": f"{day}T{minute // 60:02}:{minute % 60:02}:{choose([0, 59]):02}+09:00",
            "office": choose(list(HOURS)),
            "channel": choose(["counter"] * 20 + ["online", "phone", "mail"]),
            "purpose": choose(["renewal"] * 10 + ["expiry_check", "pin_reset"]),
            "wanted": choose([["signature", "authentication"]] * 4 + [["signature"], ["authentication"]]),
            "holder": {
                "birth_date": str(self.birth(day)),
                "resident": self.chance(0.95),
                "adult_ward": self.chance(0.12),
                "domicile_in_city": self.chance(0.3),
            },
            "visitor": {
                "role": choose(["holder"] * 5 + ["proxy"] * 4 + ["legal_representative"] * 3),
                "relationship": choose(["parent", "guardian", "other"]),
                "same_household": self.chance(0.5),
            },
            "card": {
                "presented": self.chance(0.9),
                "expires_on": str(card_ends),
                "face_authentication": self.chance(0.06),
            },
            "certificates": {
                "authentication": authentication,
                "signature": dict(authentication) if self.chance(0.6) else self.certificate(day),
            },
            "pins": {name: choose(pin) for name in ("signature", "authentication", "resident_register")},
            "documents": self.documents(day),
        }


def main(seed=20260410, count=2000):
    visits = Visits(int(seed))
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        for number in range(int(count)):
            facts = visits.one()
            case = {"name": f"visit {number} of seed {seed}", "facts": facts, "expect": Visit(facts).decide()}
            file.write("- " + json.dumps(case) + "\n")  # JSON is YAML
        file.flush()
        command = [os.environ["MADOGUCHI"], "policy", "test", file.name, "--policy", str(POLICY)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    print(ran.stdout[-6000:], ran.stderr[-2000:])
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
