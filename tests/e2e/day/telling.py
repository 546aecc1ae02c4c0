"""The two weeks as lines for a terminal, Japanese with its meaning, and the accounts at the end."""

import unicodedata

from day.town import BANBA, BRANCH, CENTRE, HALL

OFFICES = {
    HALL: "市民課 (city hall)", CENTRE: "地区市民センター (centre)", BRANCH: "出張所 (branch)", BANBA: "バンバ出張所 (Banba)",
}  # fmt: skip
STANDS = {
    "completed": "完了", "waiting": "回答待ち", "cancelled": "取りやめ", "open": "後日再来庁", "issuing": "書込み中断",
    "partly_completed": "一部完了", "no show": "不在", "left": "待たずに帰宅", "-": "手続きなし",
}  # fmt: skip
DAYS = ("月 Mon", "火 Tue", "水 Wed", "木 Thu", "金 Fri", "土 Sat", "日 Sun")


def width(text):
    return sum(2 if unicodedata.east_asian_width(each) in "FW" else 1 for each in text)


def fit(text, columns):
    """Cut or padded to so many columns of a terminal."""
    if width(text) > columns:
        while width(text) >= columns:
            text = text[:-1]
        text += "…"
    return text + " " * (columns - width(text))


def first_sentence(text, mark):
    head, found, _ = text.partition(mark)
    return head + found.strip()


def day(moment):
    return f"== {moment:%Y-%m-%d} {DAYS[moment.weekday()]}"


def line(step):
    """Time, office, ticket, who and why, what was said, how it stands."""
    citizen = step.citizen
    who = f"{citizen.name} ({citizen.en})" if citizen else "事務 (back office)"
    ja, en = first_sentence(step.said[0], "。"), first_sentence(step.said[1], ". ")
    told = step.wrong and f"!! {step.wrong}" or f"「{ja}」 {fit(en, 80).rstrip()}"
    begin = f"{step.at:%H:%M} {fit(OFFICES[step.office], 26)} {step.ticket:5}{fit(who, 60)}"
    stands = f"  → {STANDS.get(step.end, '')} {step.end.replace('-', 'no case')}" if citizen else ""
    return f"{begin} {told}{stands}"


def account(line):
    told = f"{fit(line.ja, 16)} {line.en:14} {line.count:5}  "
    return told + ("ok" if not line.odd else "\n    ".join(["does not balance:", *line.odd]))
