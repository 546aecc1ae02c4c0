"""Somebody comes for those whom the law represents; and cards that have no PINs."""

from second_client.flow import LICENCE, OFFICE, STAFF, Flow, codes, today

REPRESENTATIVE = {"role": "legal_representative", "relationship": "parent"}


def years_ago(years):
    return f"{int(today()[:4]) - years}-06-01"


class Represented(Flow):
    def seat_child(self):
        """A child's card, which has no signature certificate; that it outlives its certificate is for the test."""
        return self.seat(
            "no-signature", birth=years_ago(11), issued=years_ago(4), expires=today(40), card_expires=today(400)
        )

    def test_child_of_the_same_household(self):
        card, reader = self.seat_child()
        alone = self.refused("policy.blocked", self.open, card=card, reader=reader)
        self.assertIn("legal_representative.required", codes(alone.details["decision"], "block"))
        mother = {**REPRESENTATIVE, "same_household": True}
        case = self.open(card, reader, visitor=mother, documents=[LICENCE])
        self.assertEqual(case["decision"]["pins_required"], ["resident_register", "authentication"])
        case = self.done(case, card, by="staff")
        self.assertEqual(list(case["certificates"]), ["authentication"])

    def test_child_whose_parent_has_to_bring_the_register(self):
        card, reader = self.seat_child()
        case = self.open(card, reader, visitor=REPRESENTATIVE, documents=[LICENCE])
        self.assertEqual((case["decision"]["outcome"], case["decision"]["missing"]), ("not_today", ["family_register"]))
        brought = [LICENCE, {"type": "family_register", "issued_on": today(-100)}]
        case = self.api.cases.update(case=case["id"], facts={"documents": brought}, staff=STAFF)
        self.done(case, card, by="staff")

    def test_adult_ward(self):
        card, reader = self.seat()
        holder = {"birth_date": card.made["birth"], "adult_ward": True}
        for document, speaks in (
            ({"issued_on": today(-100)}, "legal_representative.proof_too_old"),
            ({"issued_on": today(-10), "original": False}, "legal_representative.proof_not_original"),
            ({"issued_on": today(-10)}, None),
        ):
            proof = {"type": "guardianship_registration", **document}
            guardian = {"role": "legal_representative", "relationship": "guardian"}
            facts = {"office": OFFICE, "holder": holder, "visitor": guardian, "documents": [LICENCE, proof]}
            case = self.api.cases.open(facts=facts, reader=reader, staff=STAFF)
            self.assertEqual(codes(case["decision"], "require") >= {speaks}, speaks is not None, case["decision"])
        self.assertEqual(case["decision"]["certificates"]["signature"]["action"], "none")
        self.done(case, card, by="staff")

    def test_card_without_pins(self):
        card, reader = self.seat("face-authentication")
        self.assertEqual(self.api.card.inspect(reader=reader)["tries_left"], {})
        case = self.open(card, reader)
        self.assertEqual((case["state"], case["decision"]["pins_required"]), ("ready", []))
        case = self.issue(case)
        self.check_card(case, card)
        works = self.api.cases.receipt(case=case["id"])["services"]
        self.assertEqual([each["service"] for each in works], ["health_insurance"])
