"""What the city does meanwhile: letters and their delays, a new notice, an orderly restart."""

import collections

from day import balance
from day.expected import equal
from day.play import expect_list
from day.town import CENTRE, HALL, end_orderly, moment
from fixture.counter import STAFF


def inquiry(play, verb, key, **params):
    return play.call(f"proxy-two-visit.{verb}", case=play.case_of(key), staff=STAFF, **params)


def post_letters(*keys, return_by):
    """Those that wait to be posted are these, and they are posted today."""

    def work(play):
        expect_list(play, "to_mail", *keys)
        for key in keys:
            letter = inquiry(play, "letter", key)["letter"]
            equal(letter["return_by"], return_by, f"{key}: the form's last day")
            inquiry(play, "mailed", key)
        expect_list(play, "to_mail")
        return (f"照会書兼回答書を{len(keys)}通郵送、返送期限 {return_by}", f"{len(keys)} inquiries posted, until {return_by}")

    return work


def answers(key, on):
    def work(play):
        inquiry(play, "returned", key, on=on)
        return ("回答書が届きました", f"the holder's answer has come back ({key})")

    return work


def lapses(*keys):
    """The letters whose last day has passed, by their date and no clock; the back office records it."""

    def work(play):
        expect_list(play, "overdue", *keys)
        for key in keys:
            inquiry(play, "lapsed", key)
        expect_list(play, "overdue")
        return ("回答期限が過ぎました", f"the term has passed: {', '.join(keys)}")

    return work


def second_notice(play):
    """One more Saturday, in force at once and from then on; nothing else changes."""
    saturday = moment("02-21 10:00")
    equal(play.offices_open(saturday), [], "open on 21 February by the first notice")
    before, after = play.town.publish_second_notice()
    equal(before != after, True, "other rules, another digest")
    equal(play.offices_open(saturday), [HALL], "open on 21 February by the second notice")
    return ("休日開設のお知らせ: 2月21日(土)を追加", "second notice of weekend openings, read by policy.reload")


def restart_at_night(play):
    """Lines and inquiries are where they were."""
    before = play.call("queue-board.report")["offices"], play.listed("list")
    end_orderly(play.town)
    equal((play.call("queue-board.report")["offices"], play.listed("list")), before, "lines and inquiries")
    return ("夜間の再起動", "restarted for the night; every line and inquiry is where it was")


def public_line(play):
    """What citizens see on their telephones: numbers where a line is kept, and no zero where none is."""
    shown = {each["office"]: each for each in play.call("queue-board.status")["offices"]}
    equal(shown[HALL]["label"]["ja"], "電子証明書発行/更新", "the main office's line")
    equal(shown[CENTRE]["label"]["ja"], "窓口手続き(マイナンバーカード以外)", "a centre's line")
    equal((shown[HALL]["live"], shown[HALL]["waiting"]), (True, 3), "waiting at the main office")
    equal((shown["banba-branch"]["live"], "waiting" in shown["banba-branch"]), (False, False), "Banba")
    return ("待ち人数 3人", "three people wait at the main office; no live information for Banba")


def close_of_day(play):
    """Nobody is left in line, every PIN is accounted for, and no event is missing; how the cases stand."""
    for account in (balance.tickets, balance.pins, balance.sequence):
        equal(account(play).odd, [], f"{account.__name__} at the end of the day")
    stand = collections.Counter(case["state"] for case in balance.all_cases(play))
    told = ", ".join(f"{count} {state}" for state, count in sorted(stand.items()))
    return (f"本日の締め: 番号札の累計 {len(play.tickets)}枚、案件の累計 {stand.total()}件", f"so far {told}")


DAYS = ("02-09", "02-10", "02-11", "02-12", "02-13", "02-14", "02-16", "02-17", "02-18", "02-19", "02-20", "02-21")
DESK_WORK = [
    *((f"{day} 19:30", close_of_day) for day in DAYS),
    ("02-09 08:35", public_line),
    ("02-10 16:30", post_letters("no-form", "form-ended", "mismatch", "unsealed", "after-expiry", "teenager",
                                 return_by="2026-02-17")),
    ("02-12 17:30", answers("no-form", "2026-02-12")),
    ("02-13 20:00", restart_at_night),
    ("02-16 16:30", answers("mismatch", "2026-02-16")),
    ("02-16 17:00", second_notice),
    ("02-18 08:40", lapses("form-ended", "teenager")),
    ("02-18 16:30", post_letters("form-ended", return_by="2026-02-25")),
    ("02-20 16:30", post_letters("proxy-reset", return_by="2026-02-27")),
]  # fmt: skip
