"""What a disk has kept when the power goes (see synced.cpp)."""

import shutil

FILES = ("cases.db", "cases.db-wal")
SECTOR = 512


def lose(store, synced, dice):
    """Leaves in the folder `store` what had been synced, and of what was written since some sectors in any order."""
    (store / "cases.db-shm").unlink(missing_ok=True)
    for name in FILES:
        written, kept = store / name, synced / name
        if not written.exists():
            shutil.copyfile(kept, written) if kept.exists() else None
            continue
        now = written.read_bytes()
        torn = bytearray(kept.read_bytes() if kept.exists() else b"")
        if len(now) > len(torn):
            torn += bytes(SECTOR * dice.randrange((len(now) - len(torn)) // SECTOR + 1))
        for at in range(0, min(len(now), len(torn)), SECTOR):
            if dice.random() < 0.5:
                end = min(at + SECTOR, len(torn), len(now))
                torn[at:end] = now[at:end]
        written.write_bytes(torn)
        kept.write_bytes(torn)
