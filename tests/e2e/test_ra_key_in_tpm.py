"""The counter's RA key stays in a TPM: what the daemon says to the authority is signed there, by a provider of OpenSSL's that
the configuration names. An HSM differs in nothing but the provider's name and the key's URI."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.pin_search import search_folder
from fixture.tpm import WorldWithTpm

RENEWED = ("completed", 2)


class RsaWithoutPin(WorldWithTpm):
    algorithm, pin = "rsa2048", None


class KeyInTpm(unittest.TestCase):
    def start(self, world):
        self.addCleanup(world.stop)
        return world.start()

    def test_a_renewal_with_an_ec_key_behind_a_pin(self):
        world = self.start(WorldWithTpm())
        self.assertEqual(world.renew(), RENEWED)
        self.assertEqual(world.tpm.tries_failed(), 0)
        self.check_pin_is_not_told(world)

    def test_a_renewal_with_an_rsa_key_without_a_pin(self):
        self.assertEqual(self.start(RsaWithoutPin()).renew(), RENEWED)

    def check_pin_is_not_told(self, world):
        left = {hit[0] for hit in search_folder(world.folder, {world.pin})}
        left = {path for path in left if not path.startswith(str(world.tpm.folder))}
        self.assertEqual(left, {str(world.pin_file)}, "nowhere but where it was put, and in the TPM")


if __name__ == "__main__":
    unittest.main()
