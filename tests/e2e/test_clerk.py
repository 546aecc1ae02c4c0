"""A clerk at the command line: every kind of citizen gets what the decision allows, and hears the rest in words."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.program import PATIENCE, program
from fixture.world import World

# Exit statuses of the command (sdk/cli/README.md).
DONE, NOT_TODAY, UNFINISHED = 0, 6, 7


class WorldOfBody(World):
    """A world whose authority is asked in another body type of CMP."""

    body = "cr"

    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        self.configuration.write_text(text.replace("body: cr", f"body: {self.body}"))


class AtTheCommandLine(unittest.TestCase):
    body = "cr"

    @classmethod
    def setUpClass(cls):
        cls.world = WorldOfBody(timeout=2, patience=2)
        cls.world.body = cls.body
        cls.world.start()
        cls.addClassCleanup(cls.world.stop)

    def arrive(self, citizen):
        self.card = self.world.make_card(citizen)
        self.reader = self.world.insert(self.card)
        self.addCleanup(self.world.take_out, self.card)

    def madoguchi(self, *arguments, pins=None):
        """The case or error that it ends with, and its exit status; what it says to people is in `self.said`."""
        lines = [f"{pin}={value}\n" for pin, value in (pins or {}).items()]
        command = [program("madoguchi"), *arguments, "--json", "--lang", "ja"]
        done = subprocess.run(
            command, input="".join(lines), text=True, capture_output=True, timeout=PATIENCE, check=False,
            env={**os.environ, "MADOGUCHI_SOCKET": str(self.world.socket)},
        )  # fmt: skip
        self.said = done.stderr
        self.assertEqual(done.stdout.count("\n"), 1, done.stdout + done.stderr)
        return json.loads(done.stdout), done.returncode

    def known(self):
        return {pin: value for pin, value in self.card.pins.items() if pin != "card_surface_input"}

    def renew(self, *more, pins=None):
        return self.madoguchi(
            "renew", "--reader", self.reader, "--birth-date", self.card.made["birth"], "--office", "citizens-division",
            "--pin-stdin", *more, pins=self.known() if pins is None else pins,
        )  # fmt: skip


class Citizens(AtTheCommandLine):
    def test_locked_pins_are_set_anew_once_a_document_was_seen(self):
        self.arrive("blocked")
        case, status = self.renew()
        self.assertEqual((status, case["decision"]["missing"]), (NOT_TODAY, ["identity_document"]))
        resume = ("cases", "resume", case["id"], "--pin-stdin")
        self.assertIn(" ".join(resume[:3]) + " --document", self.said)
        fresh = {"new.authentication": "8052", "new.signature": "NEWPASS26"}
        pins = {"resident_register": self.card.pins["resident_register"], **fresh}
        case, status = self.madoguchi(*resume, "--document", "drivers_licence", pins=pins)
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)

    def test_a_card_without_a_signature_certificate_keeps_to_the_other_one(self):
        self.arrive("no-signature")
        case, status = self.renew("--wanted", "authentication")
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)
        self.assertIn("new", case["certificates"]["authentication"])
        self.assertIsNone(self.card.held()["slots"]["signature"]["certificate"])

    def test_a_face_authentication_card_is_asked_for_no_pin(self):
        self.arrive("face-authentication")
        case, status = self.renew("--facts", '{"card":{"face_authentication":true}}', pins={})
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)
        self.assertEqual(case["decision"]["pins_required"], [])

    def test_a_card_that_ends_with_its_certificates_is_renewed_first(self):
        self.arrive("card-ends-with-certificate")
        answer, status = self.renew()
        self.assertEqual((status, answer["error"]["reason"]), (NOT_TODAY, "policy.blocked"))
        severities = [finding["severity"] for finding in answer["error"]["details"]["decision"]["findings"]]
        self.assertIn("redirect", severities)

    def test_a_card_with_an_unfinished_case_gets_no_second_one(self):
        self.arrive("expiring-soon")
        self.world.authority.order({"fault": "lose_reply", "body": "cr", "count": 1000})
        answer, status = self.renew()
        self.assertNotEqual(status, DONE)
        begun = answer["error"]["case"]
        self.world.authority.order({"clear": True})
        self.world.take_out(self.card)
        self.world.insert(self.card)
        case, status = self.renew()
        self.assertEqual((status, case["id"]), (UNFINISHED, begun))
        self.assertIn(f"cases resume {begun}", self.said)
        case, status = self.madoguchi("cases", "resume", begun, "--pin-stdin", pins=self.known())
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)


class BodyType:
    """What the setting says is what the authority gets, and nothing else."""

    anew = None  # what a new issuance is sent as, where not as the rest

    def setUp(self):
        self.expected = self.body
        self.before = dict(self.world.authority.state()["received"])
        self.addCleanup(self.check_received)

    def check_received(self):
        after = self.world.authority.state()["received"]
        new = {body for body in ("ir", "cr", "p10cr", "kur") if after.get(body, 0) > self.before.get(body, 0)}
        self.assertEqual(new, {self.expected})

    def test_renewal(self):
        self.completes("expiring-soon")

    def test_new_issuance(self):
        self.expected = self.anew or self.body
        self.completes("expired")

    def completes(self, citizen):
        self.arrive(citizen)
        case, status = self.renew()
        self.assertEqual((status, case["state"]), (DONE, "completed"), self.said)
        for name, certificate in case["certificates"].items():
            self.assertEqual(certificate["new"]["expires_on"], certificate["preview_expires_on"], name)


class Pkcs10(BodyType, AtTheCommandLine):
    body = "p10cr"


class KeyUpdate(BodyType, AtTheCommandLine):
    body = "kur"
    anew = "cr"  # a key update updates a certificate in force (RFC 4210 section 5.3.5); there is none


if __name__ == "__main__":
    unittest.main()
