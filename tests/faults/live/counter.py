"""The counter of the campaign: a world whose disk, clock, readers and plugin can be struck."""

import mmap
import struct

from fixture.program import program, wait_until
from fixture.struck import FullDiskWorld
from fixture.terminal import OfficialTerminal, share_with_the_official_one
from fixture.unplug import UnpluggablePcscd
from fixture.world import madoguchi

from live import power

# Nobody at the counter waits longer for the daemon to be there again, or to have ended.
SERVED_WITHIN = 10.0
# pcscd takes a second for each call to a reader that has gone.
LETS_GO_WITHIN = 4.0


class Counter(FullDiskWorld):
    """Its daemon has a plugin in a process of its own, and a clock that is not the authority's."""

    pcscd_class = UnpluggablePcscd

    def __init__(self, **options):
        # Answers come in time or not at all: some of the mishaps make something never answer.
        super().__init__("enospc", readers=2, timeout=2, patience=6, deadline_ms=8000, **options)
        self.synced = self.folder / "synced"
        self.synced.mkdir()
        shift = self.folder / "clock"
        shift.write_bytes(bytes(8))
        with open(shift, "r+b") as opened:
            self._shift = mmap.mmap(opened.fileno(), 8)
        self.environment = {
            **self.environment, "MADOGUCHI_CLOCK": str(shift), "MADOGUCHI_SYNCED": str(self.synced),
            "LD_PRELOAD": f"{program('libmovedclock.so')} {program('libsynced.so')}",
        }  # fmt: skip
        self.unplugged = False

    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        inside = "{name: proxy-two-visit, isolate: none, allow_unsigned: true}"
        assert text.count(inside) == 1
        self.configuration.write_text(text.replace(inside, inside.replace("none", "process")))

    def stop(self):
        super().stop()
        self._shift.close()

    def shift_clock(self, seconds):
        """The daemon's time of day, against everybody else's."""
        self._shift[0:8] = struct.pack("=q", round(seconds * 1e9))

    def lose_power(self, dice):
        """The computer's, and with it the readers'."""
        self.daemon.process.kill()
        self.daemon.process.wait()
        self.pcscd.kill()
        power.lose(self.disk, self.synced, dice)

    def take_away(self, card):
        """The card out of its reader, and not before pcscd has seen that: of two that are exchanged between two of its looks
        it keeps the first, which no real reader lets happen."""
        seen = self._removals()
        there = lies_there(card)
        card.stop()
        if there and self.pcscd.process is not None:
            try:
                wait_until(lambda: self._removals() > seen, "pcscd sees that the card has gone", LETS_GO_WITHIN)
            except AssertionError:
                pass  # it is frozen, or has seen it go before

    def _removals(self):
        return self.pcscd.log.read_text(errors="replace").count("Card Removed")

    def unplug(self):
        self.pcscd.unplug()
        self.unplugged = True

    def plug_in(self):
        """Once the daemon has noticed, as the person who plugs it in sees by the screen."""
        self.unplugged = False
        try:
            wait_until(lambda: self.reader_state() is None, "the daemon no longer lists the reader", LETS_GO_WITHIN)
            wait_until(self.pcscd.let_go_since, "the client lets go", LETS_GO_WITHIN)
        except (AssertionError, OSError, madoguchi.Error):
            # Nobody held a card there, or nobody was there to notice.
            self.pcscd.kill()
        self.pcscd.plug()
        if self.pcscd.process is None:
            self.pcscd.start()


class TerminalCounter(Counter):
    """One of genuine cards, with the official terminal beside it."""

    def __init__(self):
        super().__init__(layout="single")

    def _configure(self):
        super()._configure()
        self.terminals = share_with_the_official_one(self)

    def official_terminal(self):
        return OfficialTerminal(self)


def lies_there(card):
    """Whether the reader has spoken to it, as it does soon after the card has been put there."""
    if not card.playing:
        return False
    try:
        wait_until(lambda: not coming(card), "the reader speaks to the card", LETS_GO_WITHIN)
        return card.order("status")["taken"]
    except (AssertionError, OSError, RuntimeError, ValueError):
        return False


def coming(card):
    status = card.order("status")
    return status["inserted"] and not status["taken"]
