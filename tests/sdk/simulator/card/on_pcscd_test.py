#!/usr/bin/env python3
"""The simulated card behind real PC/SC: a private pcscd with vpcd's readers, and OpenSC as an independent client."""

import argparse
import json
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "e2e" / "fixture"))
import scard  # noqa: E402
from pcsc import PrivatePcscd  # noqa: E402

OPTIONS = None
SELECT_JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")


def verify(short_id, pin):
    return bytes([0x00, 0x20, 0x00, 0x80 | short_id, len(pin)]) + pin.encode()


class Runner:
    """One `madoguchi-card run`."""

    def __init__(self, folder, state, port, *arguments):
        self.path = str(folder / f"{pathlib.Path(state).stem}-{port}.control")
        self.log = folder / f"{pathlib.Path(state).stem}-{port}.log"
        command = [OPTIONS.card, "run", "--state", str(state), "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, "--control", self.path, "--log", str(self.log), *arguments], stdin=subprocess.DEVNULL
        )

    def control(self, **request):
        deadline = time.monotonic() + 5
        while True:
            with socket.socket(socket.AF_UNIX) as client:
                try:
                    client.connect(self.path)
                except (FileNotFoundError, ConnectionRefusedError):
                    if time.monotonic() > deadline or self.process.poll() is not None:
                        raise
                    time.sleep(0.005)
                    continue
                client.sendall(json.dumps(request).encode() + b"\n")
                return json.loads(client.makefile().readline())

    def stop(self):
        self.process.terminate()
        self.process.wait(5)


class OnPcscd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="card-")
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.ca = cls.folder / "ca"
        subprocess.run([OPTIONS.maker, str(cls.ca)], check=True)
        cls.first = cls.make("first")
        cls.second = cls.make("second", "--citizen", "one-try-left")
        cls.pcscd = PrivatePcscd(cls.folder / "pcscd", readers=1).start()
        scard.activate(cls.pcscd.socket)
        cls.reader, cls.port = cls.pcscd.names[0], cls.pcscd.ports[0]

    @classmethod
    def tearDownClass(cls):
        cls.pcscd.close()
        cls.temporary.cleanup()

    @classmethod
    def make(cls, name, *arguments):
        state = cls.folder / f"{name}.json"
        kind = () if "--citizen" in arguments else ("--citizen", "expiring-soon")
        made = subprocess.run(
            [OPTIONS.card, "make", "--ca", str(cls.ca), "--out", str(state), *kind, *arguments],
            check=True,
            capture_output=True,
        )
        return json.loads(made.stdout)

    def setUp(self):
        self.context = scard.Context()
        self.addCleanup(self.context.close)
        self.context.wait(self.reader, scard.STATE_EMPTY)

    def insert(self, card, *arguments):
        runner = Runner(self.folder, card["file"], self.port, *arguments)
        self.addCleanup(runner.stop)
        return runner

    def connect(self):
        self.context.wait(self.reader, scard.STATE_PRESENT)
        card = self.context.connect(self.reader)
        self.addCleanup(card.disconnect, scard.RESET_CARD)
        return card

    def tool(self, *command, check=True):
        return subprocess.run(command, env=self.pcscd.env, check=check, capture_output=True, timeout=60)

    def test_round_trip_is_quick(self):
        self.insert(self.first)
        card = self.connect()
        self.assertEqual(card.transmit(SELECT_JPKI), b"\x90\x00")
        times = []
        for _ in range(400):
            begin = time.perf_counter()
            answer = card.transmit(bytes.fromhex("00B08A0000"))
            times.append((time.perf_counter() - begin) * 1000)
            self.assertEqual(len(answer), 258)
        times.sort()
        median, late = statistics.median(times), times[int(len(times) * 0.99)]
        print(f"APDU round trip: p50 {median:.3f} ms, p99 {late:.3f} ms", file=sys.stderr)
        # 44 ms is what a card sees that does not acknowledge vpcd's first write at once.
        self.assertLess(median, 5.0)

    def test_opensc_reads_and_signs(self):
        self.insert(self.first)
        self.context.wait(self.reader, scard.STATE_PRESENT)
        listing = self.tool("pkcs15-tool", "-D").stdout.decode()
        for words in ("User Authentication Certificate", "Digital Signature Certificate CA", "Tries left     : 5"):
            self.assertIn(words, listing)
        pins = self.first["pins"]
        for number, which in (("01", "authentication"), ("02", "signature")):
            access = ("--verify-pin", "--auth-id", number, "--pin", pins[which])
            pem = self.tool("pkcs15-tool", "--read-certificate", number, *access).stdout
            certificate = self.folder / f"{which}.pem"
            certificate.write_bytes(pem)
            serial = self.tool("openssl", "x509", "-in", str(certificate), "-noout", "-serial").stdout.decode()
            expected = self.first["slots"][which]["certificate"]["serial"]
            self.assertEqual(int(serial.strip().split("=")[1], 16), int(expected, 16))
            self.tool("openssl", "verify", "-CAfile", str(self.ca / f"{which}.crt.pem"), str(certificate))
            self.check_signature(number, pins[which], certificate)

    def check_signature(self, number, pin, certificate):
        message, digest = self.folder / "message", self.folder / "digest"
        signature, public = self.folder / "signature", self.folder / "public.pem"
        message.write_text("窓口\n")
        self.tool("openssl", "dgst", "-sha256", "-binary", "-out", str(digest), str(message))
        inputs = ("--input", str(digest), "--output", str(signature), "--raw")
        self.tool("pkcs15-crypt", "--sign", "--key", number, "--pin", pin, "--sha-256", "--pkcs1", *inputs)
        public.write_bytes(self.tool("openssl", "x509", "-in", str(certificate), "-noout", "-pubkey").stdout)
        check = ("-verify", str(public), "-signature", str(signature), str(message))
        self.assertIn(b"Verified OK", self.tool("openssl", "dgst", "-sha256", *check).stdout)

    def test_opensc_refuses_the_closed_certificate(self):
        self.insert(self.first)
        self.context.wait(self.reader, scard.STATE_PRESENT)
        self.assertNotEqual(self.tool("pkcs15-tool", "--read-certificate", "02", check=False).returncode, 0)

    def test_log_hides_pins_and_tries_are_kept(self):
        pin = self.second["pins"]["signature"]
        runner = self.insert(self.second)
        card = self.connect()
        card.transmit(SELECT_JPKI)
        self.assertEqual(card.transmit(verify(0x18, "0000")), b"\x63\xc0")
        self.assertEqual(card.transmit(verify(0x1B, pin)), b"\x90\x00")
        shown = subprocess.run([OPTIONS.card, "show", "--json", self.second["file"]], check=True, capture_output=True)
        self.assertEqual(json.loads(shown.stdout)["tries"]["authentication"], 0)
        self.assertEqual(json.loads(shown.stdout)["tries"]["signature"], 5)
        log = runner.log.read_text().lower()
        self.assertIn("bytes hidden", log)
        self.assertNotIn(pin.encode().hex(), log)
        self.assertNotIn(pin.lower(), log)

    def test_vanishes_and_comes_back(self):
        runner = self.insert(self.first, "--fault", "vanish-after:ins=B0")
        card = self.connect()
        card.transmit(SELECT_JPKI)
        # pcsc-lite calls this a success without any byte.
        self.assertEqual(card.transmit(bytes.fromhex("00B08A0004")), b"")
        self.context.wait(self.reader, scard.STATE_EMPTY)
        status = runner.control(command="status")
        self.assertFalse(status["inserted"])
        self.assertEqual(status["instructions"], ["A4", "B0"])
        self.assertTrue(runner.control(command="insert")["connected"])
        self.context.wait(self.reader, scard.STATE_PRESENT)

    def test_swaps_delays_and_goes_mute(self):
        runner = self.insert(self.first)
        card = self.connect()
        self.assertTrue(runner.control(command="fault", fault="delay:ms=120,ins=84")["ok"])
        begin = time.monotonic()
        self.assertEqual(len(card.transmit(bytes.fromhex("0084000008"))), 10)
        self.assertGreaterEqual(time.monotonic() - begin, 0.12)
        self.assertFalse(runner.control(command="fault", fault="nonsense")["ok"])

        event, _ = self.context.status(self.reader)
        self.assertTrue(runner.control(command="swap", state=self.second["file"])["ok"])
        # The count of events in the upper half tells that the card was away, however short.
        event, _ = self.context.status(self.reader, event & ~scard.STATE_CHANGED, 5000)
        self.assertEqual(runner.control(command="status")["kind"], "one-try-left")

        card.disconnect()
        runner.control(command="remove")
        self.context.wait(self.reader, scard.STATE_EMPTY)
        runner.control(command="fault", fault="mute")
        runner.control(command="insert")
        self.context.wait(self.reader, scard.STATE_MUTE)

    def test_torn_write_is_what_the_next_session_finds(self):
        state = self.make("torn")
        runner = self.insert(state, "--fault", "torn-write:byte=2")
        card = self.connect()
        card.transmit(SELECT_JPKI)
        self.authenticate(card)
        card.transmit(bytes.fromhex("00A4020C02000C"))
        self.assertEqual(card.transmit(bytes.fromhex("00D6000004") + b"\x11\x22\x33\x44"), b"")
        self.context.wait(self.reader, scard.STATE_EMPTY)
        card.disconnect()
        runner.control(command="insert")
        again = self.connect()
        again.transmit(SELECT_JPKI)
        self.assertEqual(again.transmit(bytes.fromhex("00B08C0004")), bytes.fromhex("1122FFFF9000"))

    def authenticate(self, card):
        import hmac

        key = bytes.fromhex((self.ca / "terminal.key.hex").read_text().strip())
        challenge = card.transmit(bytes.fromhex("0084000010"))[:-2]
        proof = hmac.digest(key, challenge, "sha256")
        self.assertEqual(card.transmit(bytes.fromhex("0082000120") + proof), b"\x90\x00")

    def test_finds_its_reader_again(self):
        runner = self.insert(self.first)
        self.context.wait(self.reader, scard.STATE_PRESENT)
        self.pcscd.kill()
        self.pcscd.start()
        # A context of the old pcscd is dead for ever; a new one sees the card come back by itself.
        self.context = scard.Context()
        self.addCleanup(self.context.close)
        self.assertEqual((self.pcscd.names[0], self.pcscd.ports[0]), (self.reader, self.port))
        self.context.wait(self.reader, scard.STATE_PRESENT)
        self.assertTrue(runner.control(command="status")["connected"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--card", required=True, help="madoguchi-card")
    parser.add_argument("--maker", required=True, help="make_test_ca")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
