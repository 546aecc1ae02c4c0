"""The demonstration that scripts/demo runs once everything is built. Exit status 1 when anything is not as it should."""

import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from day import script, telling  # noqa: E402
from day.balance import balance  # noqa: E402
from day.play import Play  # noqa: E402
from day.town import Town  # noqa: E402
from fixture.opensc import OpenSC, issued_by, verified_by  # noqa: E402
from fixture.program import program  # noqa: E402
from fixture.world import World  # noqa: E402

CITIZENS = (("expiring-soon", "whose certificates end soon"), ("expired", "whose certificates have ended"))
TITLES = {"authentication": "user authentication", "signature": "signature"}
MESSAGE = "宇都宮市長 様\n".encode()


class Wrong(Exception):
    """Something is not as it should be."""


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def say(text=""):
    print(text, flush=True)


def proved(text):
    say(f"  ok  {text}")


def read(opensc, card):
    return {name: opensc.certificate(name, card.pins[name] if name == "signature" else None) for name in TITLES}


def renew(world, card, reader):
    """As a clerk would: the command-line front-end, PINs on its standard input."""
    pins = "".join(f"{pin}={value}\n" for pin, value in card.pins.items() if pin != "card_surface_input")
    command = [program("madoguchi"), "renew", "--reader", reader, "--birth-date", card.made["birth"]]
    command += ["--office", "citizens-division", "--staff", "demo", "--lang", "en", "--pin-stdin"]
    done = subprocess.run(
        command, input=pins, text=True, env={**os.environ, "MADOGUCHI_SOCKET": str(world.socket)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
    )  # fmt: skip
    for line in done.stdout.splitlines():
        say(f"  |  {line}")
    expect(done.returncode == 0, f"madoguchi renew ended with {done.returncode}")


def prove(world, opensc, card, before, after):
    for name, title in TITLES.items():
        expect(after[name].expires_on > before[name].expires_on, f"{title}: the new certificate does not end later")
        expect(issued_by(after[name], world.authority.folder / f"{name}.crt.pem"), f"{title}: openssl verify refuses")
        proved(f"{title}: until {before[name].expires_on}, now until {after[name].expires_on} (pkcs15-tool)")
    proved("both chains (openssl verify)")
    for name, title in TITLES.items():
        signature = opensc.sign(name, card.pins[name], MESSAGE)
        good = verified_by(after[name], MESSAGE, signature, world.folder)
        expect(good, f"{title}: the new key's signature does not verify")
        stale = verified_by(before[name], MESSAGE, signature, world.folder)
        expect(not stale, f"{title}: the old key still signs")
    proved("both new keys sign a message (pkcs11-tool), and openssl verifies it")
    for name, title in TITLES.items():
        fitting = [e for e in world.authority.issued() if int(e["serial"], 16) == int(after[name].serial, 16)]
        expect(len(fitting) == 1 and fitting[0]["confirmed"], f"{title}: the authority was not told")
    proved("the authority knows that both arrived")


def serve_citizen(world, kind, words):
    card = world.make_card(kind)
    reader = world.insert(card)
    say(f"{card.made['name']}, {words}")
    opensc = OpenSC(world.pcscd.env, reader, world.folder)
    before = read(opensc, card)
    renew(world, card, reader)
    prove(world, opensc, card, before, read(opensc, card))
    world.take_out(card)
    say()


def invite(world):
    """Everything stays up, with one more card to be renewed: how to talk to it."""
    card = world.make_card("expiring-soon")
    reader = world.insert(card)
    pins = "\n".join(f"      {pin:18} {value}" for pin, value in card.pins.items() if pin != "card_surface_input")
    say(f"""\
All of it stays up, and a third card lies in the reader "{reader}": {card.made['name']}, born {card.made['birth']}.
The PINs that only exist here:
{pins}

  export MADOGUCHI_SOCKET={world.socket}

  With the command:
      {program("madoguchi")} renew --office citizens-division --birth-date {card.made['birth']}
  With socat:
      echo '{{"jsonrpc":"2.0","id":1,"method":"readers.list"}}' | socat -t 5 - UNIX-CONNECT:$MADOGUCHI_SOCKET
  With Python:
      import sys; sys.path.insert(0, "{ROOT / 'sdk' / 'client' / 'python'}")
      from madoguchi import Client
      print(Client().call("card.inspect", reader="{reader}"))
  With OpenSC:
      PCSCLITE_CSOCK_NAME={world.pcscd.socket} pkcs15-tool -D

  Files and logs: {world.folder}
  The end of it:  kill {os.getpid()}""")


def demonstrate(keep, finished):
    started = time.monotonic()
    with World(layout="spare") as world:
        say(f"A counter in {world.folder}: pcscd, a card reader, a certification authority, madoguchid.\n")
        for kind, words in CITIZENS:
            serve_citizen(world, kind, words)
        say(f"Everything is as it should be ({time.monotonic() - started:.1f} s).\n")
        if keep:
            invite(world)
            finished()
            signal.pause()


def play_the_days():
    """Two weeks at four offices in a minute, a line a step, and the accounts."""
    shown = None

    def tell(step):
        nonlocal shown
        if step.at.date() != shown:
            shown = step.at.date()
            say(f"\n{telling.day(step.at)}")
        say(telling.line(step))

    started = time.monotonic()
    with Town() as town:
        say(f"宇都宮市 (Utsunomiya), two weeks of February 2026: {len(script.CITIZENS)} citizens, four offices.")
        play = Play(town, script.CITIZENS, script.DESK_WORK, tell)
        play.run()
        say("\n== 締め (what has to balance)")
        accounts = balance(play)
        for each in accounts:
            say(telling.account(each))
        odd = [*play.wrong, *(line for each in accounts for line in each.odd)]
        expect(not odd, f"{len(odd)} things are not as they should be")
        say(f"\nEverybody's business ended as the page says ({time.monotonic() - started:.1f} s).")


def stay(work):
    """Runs `work(finished)` in a session of its own; this process ends when it does or calls `finished`."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        os.setsid()

        def finished():
            # Whoever reads our output is to see its end.
            nowhere = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nowhere, descriptor)
            os.write(there, b"1")

        status = work(finished)
        os._exit(status)
    os.close(there)
    try:
        if os.read(here, 1):
            return 0
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except SystemExit:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        raise


def main():
    keep, days = (option in sys.argv[1:] for option in ("--keep", "--day"))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(130))

    def work(finished):
        try:
            play_the_days() if days else demonstrate(keep, finished)
            return 0
        except SystemExit as asked:
            return asked.code
        except Exception as error:  # noqa: BLE001  (whatever it is, the demonstration has failed)
            print(f"demo: {error}", file=sys.stderr, flush=True)
            return 1

    return stay(work) if keep else work(lambda: None)


if __name__ == "__main__":
    sys.exit(main())
