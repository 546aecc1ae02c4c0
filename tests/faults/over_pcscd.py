"""Random citizens at a real counter where things go wrong: the daemon, a real pcscd, virtual cards and the development CA.

    over_pcscd.py [--from N] [--episodes N] [--progress FILE] [--only MISHAP] [--rounds]

Each episode is drawn from its number; what happens is drawn from that, and when it happens also depends on how fast the
machine is. Standard library only. Ends with 1 when something happened that must not.
"""

import argparse
import collections
import concurrent.futures
import json
import pathlib
import random
import resource
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "e2e"), str(pathlib.Path(__file__).resolve().parent)]

from live.counter import Counter, TerminalCounter  # noqa: E402
from live.episode import Episode  # noqa: E402
from live.mishaps import Mishaps  # noqa: E402

# After so many the counter is a new one: with new keys in stock, and logs that are short again.
EPISODES_A_COUNTER = 20
# Of so many counters one has genuine cards and the official terminal beside it.
COUNTERS_A_TERMINAL = 5


class Campaign:
    def __init__(self, tell, progress, only=None):
        self.tell, self.progress, self.only = tell, progress, only
        self.struck, self.violations, self.slowest = collections.Counter(), 0, 0.0

    def resume(self, first, end):
        """Where to go on: the first, or the one after the last that `progress` tells of."""
        if self.progress is None or not self.progress.exists():
            return first
        known = json.loads(self.progress.read_text())
        if not first <= known["next"] <= end:
            return first
        self.violations = known["violations"]
        return known["next"]

    def play(self, first, end):
        with concurrent.futures.ThreadPoolExecutor(1) as striker:
            self.play_all(first, end, striker)

    def play_all(self, first, end, striker):
        while first < end:
            place = first // EPISODES_A_COUNTER
            last = place % COUNTERS_A_TERMINAL == COUNTERS_A_TERMINAL - 1
            with (TerminalCounter if last else Counter)() as world:
                other = world.make_card("fresh")
                for _ in range(min((place + 1) * EPISODES_A_COUNTER, end) - first):
                    episode = Episode(world, other, first, self.tell, striker)
                    if self.only:
                        episode.plan = {1: [(f"do_{self.only}", 0.1)]}
                    well = self.play_one(episode)
                    first += 1
                    self.keep(first)
                    if not well:
                        break  # what it left behind is not the next one's fault

    def play_one(self, episode):
        begun = time.monotonic()
        try:
            episode.play()
        except Exception as error:  # noqa: BLE001  (whatever it is, it is this episode's)
            episode.wrong.append(f"{type(error).__name__}: {error}")
        self.struck.update(episode.happened)
        self.slowest = max(self.slowest, episode.served_in)
        self.tell(f"{episode.number} {episode.citizen} took {time.monotonic() - begun:.1f} s")
        for what in episode.wrong:
            self.violations += 1
            print(f"{episode.number} {episode.citizen} {json.dumps(episode.plan)} {what}", flush=True)
        return not episode.wrong

    def keep(self, following):
        if self.progress:
            written = self.progress.with_suffix(".new")
            written.write_text(json.dumps({"next": following, "violations": self.violations}))
            written.replace(self.progress)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="first", type=int, help="the first episode's number; else one is drawn")
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--progress", type=pathlib.Path, help="written after each; where it is found, it is gone on from there")
    names = [name.removeprefix("do_") for name in Mishaps.names()]
    parser.add_argument("--only", choices=names, help="nothing but this happens, early in each visit")
    parser.add_argument("--rounds", action="store_true", help="tell each try")
    options = parser.parse_args()
    first = options.first if options.first is not None else random.SystemRandom().randrange(10**9)
    end = first + options.episodes
    print(f"episodes {first} to {end - 1}", flush=True)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # a thousand connections
    tell = (lambda line: print(line, flush=True)) if options.rounds else (lambda _: None)
    campaign = Campaign(tell, options.progress, options.only)
    begin = campaign.resume(first, end)
    if begin != first:
        print(f"going on with {begin}", flush=True)
    campaign.play(begin, end)
    for what, count in sorted(campaign.struck.items()):
        print(f"{count:6} times {what.removeprefix('do_').replace('_', ' ')}")
    print(f"{campaign.slowest:6.1f} seconds until the next citizen was served, at most")
    print(f"{campaign.violations:6} violations")
    return 1 if campaign.violations else 0


if __name__ == "__main__":
    sys.exit(main())
