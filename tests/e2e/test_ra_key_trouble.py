"""An RA key in a TPM that cannot be used: what is wrong is named before anybody stands at the counter, and no more of the
TPM's tries are used up than have to be."""

import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.pin_search import search
from fixture.program import PATIENCE, program
from fixture.tpm import WorldWithTpm

NOT_PERMITTED = 77
WRONG_PIN = "71-ken-no-kagi"


class Trouble(unittest.TestCase):
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
        """The examination's findings about the RA key, as [(id, state)], and what it says in all; the authority is asked too."""
        _, said, _ = self.daemon(world, "--examine", "--part", "credentials", "--part", "authorities")
        findings = [json.loads(line)["finding"] for line in said.splitlines() if "finding" in json.loads(line)]
        for each in findings:
            if each["state"] != "ok":
                self.assertTrue(each["do"]["ja"] and each["do"]["en"], each)
        return [(each["id"], each["state"]) for each in findings if each["id"].startswith("ra_key.")], said

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
        self.assertEqual(world.renew(), ("completed", 2))

    def test_what_is_not_as_it_should_be_is_named(self):
        world = self.start(WorldWithTpm())
        self.assertEqual(world.daemon.stop(), 0)
        self.assertEqual(self.daemon(world, "--check")[0], 0)
        self.assertEqual(self.examined(world)[0], [("ra_key.ok", "ok")])
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
