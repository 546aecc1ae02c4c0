"""What a holder is told beside the renewal itself, over the socket: the certificates' status, from when services work, when the office opens."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.program import wait_until
from fixture.world import World, madoguchi


class WithLists(World):
    """Its responder is away, so that the lists have to answer."""

    responder = "http://127.0.0.1:9/ocsp"

    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        lists = ", ".join(self.authority.ocsp_url.replace("/ocsp", f"/crl/{kind}") for kind in ("signature", "authentication"))
        known = f"    ocsp_url: {self.authority.ocsp_url}\n"
        assert text.count(known) == 1
        self.configuration.write_text(text.replace(known, f"    ocsp_url: {self.responder}\n    crl_urls: [{lists}]\n"))


class Status(unittest.TestCase):
    world_class, source = World, "ocsp"

    def setUp(self):
        self.world = self.world_class()
        self.world.start()
        self.addCleanup(self.world.stop)
        self.client = self.world.client()
        self.card = self.world.make_card("expiring-soon")
        self.reader = self.world.insert(self.card)

    def inspected(self, **params):
        return self.client.call("card.inspect", reader=self.reader, **params)["certificates"]["authentication"]

    def test_is_told_by_its_source_and_then_a_fact(self):
        certificate = self.inspected()
        self.assertNotIn("status", certificate)
        status = self.inspected(status=True)["status"]
        self.assertEqual((status["status"], status["source"]), ("good", self.source))
        self.assertIn("as_of", status)
        self.world.authority.revoke(certificate["serial"])
        typed = {"authentication": {"state": "valid", "expires_on": certificate["expires_on"]}}
        facts = self.card.facts(certificates=typed)
        case = self.client.call("cases.open", facts=facts, reader=self.reader, staff="clerk-7", status=True)
        self.assert_revoked(case)

    def assert_revoked(self, case):
        self.assertEqual(case["certificate_status"]["authentication"]["status"], "revoked")
        self.assertEqual(case["facts"]["certificates"]["authentication"]["state"], "revoked")
        self.assertEqual(case["decision"]["certificates"]["authentication"]["action"], "issue_new")

    def test_of_an_authority_that_is_away_is_unknown_and_keeps_nobody(self):
        self.world.authority.stop()
        status = self.inspected(status=True)["status"]
        self.assertEqual((status["status"], status["source"], status["reason"]), ("unknown", "none", "unreachable"))
        self.assertTrue(status["ja"] and status["en"])
        case = self.client.call("cases.open", facts=self.card.facts(), reader=self.reader, staff="clerk-7", status=True)
        self.assertEqual(case["facts"]["certificates"]["authentication"]["state"], "valid")


class StatusOnceOpened(unittest.TestCase):
    world_class, setUp = World, Status.setUp

    def test_of_a_signature_certificate_is_asked_once_its_pin_has_opened_it(self):
        self.world.authority.revoke(self.card.held()["slots"]["signature"]["certificate"]["serial"])
        case = self.client.call("cases.open", facts=self.card.facts(), reader=self.reader, staff="clerk-7")
        self.assertEqual(case["decision"]["certificates"]["signature"]["action"], "renew")
        for pin in case["decision"]["pins_required"]:
            case = self.client.call("cases.verify_pin", case=case["id"], pin=pin, value=self.card.pins[pin], entered_by="holder", staff="clerk-7")["case"]
        self.assertEqual(case["certificate_status"]["signature"]["status"], "revoked")
        actions = {name: one["action"] for name, one in case["decision"]["certificates"].items()}
        self.assertEqual(actions, {"authentication": "renew", "signature": "issue_new"})
        self.assertEqual(case["state"], "ready")
        done = self.client.call("cases.issue", case=case["id"], staff="clerk-7")
        self.assertEqual(done["state"], "completed")


class StatusByLists(Status):
    world_class, source = WithLists, "crl"

    def assert_revoked(self, case):
        """A list is kept for a while: it still says good, and as of when; a daemon that has none asks for it."""
        self.assertEqual(case["certificate_status"]["authentication"]["status"], "good")
        self.world.daemon.stop()
        self.world.start_again()
        case = self.world.front_end.call("cases.update", case=case["id"], reader=self.reader, staff="clerk-7", status=True)
        self.assertEqual(case["certificate_status"]["authentication"]["source"], "crl")
        super().assert_revoked(case)


class Page(unittest.TestCase):
    """Sentence by sentence."""

    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.world.start()
        cls.addClassCleanup(cls.world.stop)
        cls.client = cls.world.client()

    def forecast(self, **params):
        answer = self.client.call("availability.forecast", completed_at="2026-02-12T10:30:00+09:00", **params)
        self.assertIn("更に時間がかかる場合", answer["caveat"]["ja"])
        for row in answer["services"]:
            self.assertTrue(row["estimate"])
        told = ("available_from", "by", "immediate")
        return {row["service"]: {key: row[key] for key in told if key in row} for row in answer["services"]}

    def test_from_when_each_service_works(self):
        self.assertEqual(self.forecast(), {
            "convenience_store": {"available_from": "2026-02-12T13:30:00+09:00"},
            "mynaportal": {"available_from": "2026-02-13T10:30:00+09:00"},
            "mynapoint": {},
            "health_insurance": {"by": "2026-02-13"},
            "e_tax": {"available_from": "2026-02-13"},
        })

    def test_insurance_depends_on_when_the_holder_applies(self):
        at_once = self.forecast(insurance_applied_at="2026-02-12T10:30:00+09:00")
        self.assertEqual(at_once["health_insurance"], {"by": "2026-02-13"})
        later = self.forecast(insurance_applied_at="2026-02-12T11:30:00+09:00")
        self.assertEqual(later["health_insurance"], {"immediate": True})

    def test_a_card_without_pins_is_told_only_what_works_with_it(self):
        self.assertEqual(list(self.forecast(face_authentication=True)), ["health_insurance"])

    def test_an_office_that_is_closed_says_when_it_opens_and_whom_to_ask(self):
        sunday = self.client.call("offices.status", office="banba-branch", at="2026-02-15T12:00:00+09:00")
        self.assertEqual((sunday["open"], sunday["today"]), (False, []))
        self.assertEqual(sunday["next_opening"], "2026-02-16T10:00:00+09:00")
        monday = self.client.call("offices.status", office="banba-branch", at="2026-02-16T12:00:00+09:00")
        self.assertEqual((monday["open"], monday["today"]), (True, ["10:00-17:15"]))
        self.assertEqual(monday["last_reception"], "2026-02-16T17:00:00+09:00")
        contact = self.client.call("offices.status", office="citizens-division")["contact"]
        self.assertEqual((contact["phone"], contact["fax"]), ("028-632-2265", "028-651-5163"))

    def test_from_mid_march_to_early_april_it_is_crowded(self):
        for day, crowded in (("03-10", False), ("03-11", True), ("04-10", True), ("04-11", False)):
            status = self.client.call("offices.status", office="citizens-division", at=f"2026-{day}T12:00:00+09:00")
            told = status["crowding"]
            self.assertEqual((told["expected"], "混み合います" in told.get("ja", "")), (crowded, crowded), day)

    def test_an_expiry_check_that_cannot_be_done_names_the_other_ways(self):
        wait_until(lambda: self.client.call("readers.list")["readers"], "the daemon has met its reader")
        with self.assertRaises(madoguchi.Error) as raised:
            self.client.call("card.check_expiry", reader=self.world.pcscd.names[0])
        self.assertEqual(raised.exception.reason, "card.absent")
        self.assertIn("電子証明書の写し", raised.exception.details["other_ways"]["ja"])


if __name__ == "__main__":
    unittest.main()
