"""The counter's RA key stays in a TPM: what the daemon says to the authority is signed there, by a provider of OpenSSL's that
the configuration names. An HSM differs in nothing but the provider's name and the key's URI."""

import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import Visit
from fixture.pin_search import search, search_folder
from fixture.program import PATIENCE, program
from fixture.tpm import WorldWithTpm

NOT_PERMITTED = 77
WRONG_PIN = "71-ken-no-kagi"


class RsaWithoutPin(WorldWithTpm):
    algorithm, pin = "rsa2048", None


class KeyInTpm(unittest.TestCase):
    def start(self, world):
        self.addCleanup(world.stop)
        return world.start()

    def daemon(self, world, *arguments):
        """Runs it to its end; its status and what it says."""
        done = subprocess.run(
            [program("madoguchid"), "--config", world.configuration, *arguments],
            env=world.env, text=True, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def examined(self, world):
        """The examination's findings about the RA key, as [(id, state)], and what it says in all."""
        _, said, _ = self.daemon(world, "--examine", "--part", "credentials")
        findings = [json.loads(line)["finding"] for line in said.splitlines() if "finding" in json.loads(line)]
        for each in findings:
            if each["state"] != "ok":
                self.assertTrue(each["do"]["ja"] and each["do"]["en"], each)
        return [(each["id"], each["state"]) for each in findings if each["id"].startswith("ra_key.")], said

    def renew(self, world):
        before = len(world.authority.issued())
        card = world.make_card("expiring-soon")
        visit = Visit(world.client(), card, world.insert(card))
        visit.open()
        visit.verify_all()
        self.assertEqual(visit.issue()["state"], "completed")
        self.assertEqual(len(world.authority.issued()), before + 4, "the card's two, and two new ones")

    def test_a_renewal_with_an_ec_key_behind_a_pin(self):
        world = self.start(WorldWithTpm())
        self.renew(world)
        self.assertEqual(self.daemon(world, "--check")[0], 0)
        self.assertEqual(self.examined(world)[0], [("ra_key.ok", "ok")])
        self.assertEqual(world.tpm.tries_failed(), 0)
        self.check_pin_is_not_told(world)

    def test_a_renewal_with_an_rsa_key_without_a_pin(self):
        self.renew(self.start(RsaWithoutPin()))

    def check_pin_is_not_told(self, world):
        left = {hit[0] for hit in search_folder(world.folder, {world.pin})}
        left = {path for path in left if not path.startswith(str(world.tpm.folder))}
        self.assertEqual(left, {str(world.pin_file)}, "nowhere but where it was put, and in the TPM")

    def test_a_wrong_pin_ends_the_daemon_for_good_and_uses_one_try(self):
        world = self.start(WorldWithTpm())
        self.assertEqual(world.daemon.stop(), 0)
        world.put_pin(WRONG_PIN)
        status, _, said = self.daemon(world)
        self.assertEqual(status, NOT_PERMITTED, said)
        self.assertIn("authority development: it does not sign with this PIN", said)
        self.assertEqual(world.tpm.tries_failed(), 1)
        found, told = self.examined(world)
        self.assertEqual(found, [("ra_key.pin_refused", "wrong")])
        self.assertEqual(world.tpm.tries_failed(), 2)
        self.assertEqual(search((said + told).encode(), {WRONG_PIN}), [])
        # With the third it would be locked.
        world.put_pin(world.pin)
        world.start_again()
        self.renew(world)

    def test_what_is_not_as_it_should_be_is_named(self):
        world = self.start(WorldWithTpm())
        self.assertEqual(world.daemon.stop(), 0)
        good = world.configuration.read_text()
        for old, new, finding in (
            (f"handle:{world.handle}?pass", "handle:0x81000009", "ra_key.no_key"),
            (f"handle:{world.handle}?pass", "pkcs11:token=ra", "ra_key.unopened"),
            (f"handle:{world.handle}?pass", f"handle:{world.handle}", "ra_key.silent"),
            (", pin: ra.pin", "", "ra_key.pin_missing"),
            ("providers: [tpm2]", "providers: [no-such-hsm]", "ra_key.no_provider"),
            ("providers: [tpm2]", "providers: [tpm2], openssl_conf: no-such.cnf", "ra_key.no_conf"),
            ("ra-in-tpm.crt.pem", "ca/ra.crt.pem", "ra_key.foreign"),
        ):
            with self.subTest(finding=finding):
                self.assertEqual(good.count(old), 1)
                world.configuration.write_text(good.replace(old, new))
                found, told = self.examined(world)
                self.assertEqual(found, [(finding, "wrong")], told)
                self.assertEqual(self.daemon(world, "--check")[0], 2)
        world.configuration.write_text(good)
        world.tpm.stop()
        self.assertEqual(self.examined(world)[0], [("ra_key.no_provider", "wrong")], "nobody answers at its device")
        status, _, said = self.daemon(world)
        self.assertEqual(status, 1, "a device may come: it is started again")
        self.assertIn("provider tpm2", said)


if __name__ == "__main__":
    unittest.main()
