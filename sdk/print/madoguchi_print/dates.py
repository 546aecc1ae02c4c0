"""Days and times as they are read in Japan, whatever the machine's time zone and locale."""

import datetime

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
REIWA = datetime.date(2019, 5, 1)
WEEKDAYS = "月火水木金土日"
MONTHS = ("January February March April May June July August September October November December").split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


def instant(text):
    return datetime.datetime.fromisoformat(text).astimezone(JAPAN)


def day(text):
    return instant(text).date() if "T" in text else datetime.date.fromisoformat(text)


def ja_date(text):
    when = day(text)
    return f"{when.year}年{when.month}月{when.day}日"


def ja_era(text):
    """As official letters date; days before the era are not ours to print."""
    when = day(text)
    if when < REIWA:
        return ja_date(text)
    year = when.year - REIWA.year + 1
    return f"令和{'元' if year == 1 else year}年{when.month}月{when.day}日"


def ja_weekday(text):
    return WEEKDAYS[day(text).weekday()]


def en_date(text):
    when = day(text)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def en_weekday(text):
    return DAYS[day(text).weekday()]


def clock(text):
    return f"{instant(text):%H:%M}"


def seconds(text):
    """For a record, in which the order of things matters."""
    return f"{instant(text):%Y-%m-%d %H:%M:%S}"


def epoch(text):
    when = datetime.datetime.combine(day(text), datetime.time(), JAPAN) if "T" not in text else instant(text)
    return int(when.timestamp())


FILTERS = {each.__name__: each for each in (ja_date, ja_era, ja_weekday, en_date, en_weekday, clock, seconds)}
