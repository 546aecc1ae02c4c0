"""What is held about people: told by kind, sealed, and sealed anew when the city changes its key."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.program import PATIENCE, program
from fixture.sealed import Key, everything_in
from fixture.world import World

STAFF = "clerk-7"


class Privacy(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.stop)
        self.world.start()
        self.card = self.world.make_card("expiring-soon")
        reader = self.world.insert(self.card)
        client = self.world.client()
        self.case = client.call("cases.open", facts=self.card.facts(), reader=reader, staff=STAFF)["id"]

    def command(self, *arguments):
        env = {**os.environ, "MADOGUCHI_SOCKET": str(self.world.socket)}
        command = [program("madoguchi"), *arguments]
        done = subprocess.run(command, env=env, text=True, capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_report_tells_kinds_and_no_more(self):
        report = json.loads(self.command("--json", "privacy", "report", "--card", self.card.made["card_number"]))
        (held,) = report["cases"]
        self.assertEqual(held["id"], self.case)
        self.assertEqual(held["rule"], "left_behind")
        self.assertIn("facts", held["held"])
        for text in (json.dumps(report), self.command("privacy", "report")):
            for personal in (self.card.made["card_number"], self.card.made["birth"]):
                self.assertNotIn(personal, text)
        self.assertEqual(json.loads(self.command("--json", "privacy", "report", "--card", "1" * 15))["cases"], [])

    def test_nothing_is_seen_in_the_files(self):
        store = self.world.folder / "cases.db"
        personal = [self.card.made["card_number"].encode(), self.card.made["birth"].encode()]
        for moment in ("running", "ended"):
            if moment == "ended":
                self.assertEqual(self.world.daemon.stop(), 0)
            for file in self.world.folder.glob("cases.db*"):
                for text in personal:
                    self.assertNotIn(text, file.read_bytes(), f"{file.name}, {moment}")
        opened = " ".join(text for _, _, text in everything_in(store, Key(self.world.folder / "store.key")))
        for text in personal:
            self.assertIn(text.decode(), opened, "it is there, for whoever has the key")

    def test_a_new_key_takes_the_place_of_the_old_one(self):
        self.assertEqual(self.world.daemon.stop(), 0)
        key = self.world.folder / "city.key"
        key.write_text("ab" * 32 + "\n")
        key.chmod(0o600)
        (configuration,) = [file for file in self.world.folder.glob("*.yaml") if "store: {path:" in file.read_text()]
        configuration.write_text(configuration.read_text().replace("store: {path:", "store: {key: city.key, path:"))
        self.world.start_again()
        own = Key(self.world.folder / "store.key")
        self.assertIn(own.id.hex(), self.command("privacy", "report"))
        self.command("privacy", "reseal")
        self.assertNotIn(own.id.hex(), self.command("privacy", "report"))
        self.assertEqual(self.world.daemon.stop(), 0)
        (self.world.folder / "store.key").unlink()
        self.world.start_again()
        self.assertEqual(self.world.client().call("cases.get", case=self.case)["card"], self.card.made["card_number"])
        everything_in(self.world.folder / "cases.db", Key(key))


if __name__ == "__main__":
    unittest.main()
