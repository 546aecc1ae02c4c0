"""Holders who come themselves. What has to follow is written from the page, by the ids of its sentences and cases."""

from day.acts import (
    BOTH, Asks, CameAgain, GoesOn, Lacks, LastTryLost, Leaves, LooksUp, Pulls, Refused, Renewed, Struck,
)  # fmt: skip
from day.people import (
    ADULT, CANCELLED, CHILD, COMPLETED, NO_CASE, NO_SHOW, NO_TICKET, NOTICE, OWN_LICENCE, RECALLED, TOLD, WITHDRAWN,
    citizen, visit,
)  # fmt: skip
from day.town import BANBA, BRANCH, CENTRE, HALL, kill, moment

LAST = "2031-04-10"  # the sixth birthday after a renewal of the base case, which is also the card's end (L-1)
ALL = ("resident_register", *BOTH)
FORGOTTEN = dict.fromkeys(ALL, "forgotten")


def closed(until):
    return Refused("office.closed", next_opening=moment(until))


def own(*documents, **pins):
    return {"documents": list(documents), **({"pins": pins} if pins else {})}


HOLDERS = [
    citizen("alone", "本人、通知書とカード", "alone, with notice and card", "DC-15 S12 S14 S22", COMPLETED, ADULT,
            visit("02-09 08:30", HALL, Renewed(LAST), own(NOTICE), wait=10)),
    citizen("card-only", "本人、通知書を忘れた", "alone, notice forgotten, no other paper", "DC-16 DC-17 S14", COMPLETED,
            ADULT, visit("02-09 08:31", HALL, Renewed(LAST), wait=15)),
    citizen("forgot-all", "暗証番号をすべて忘れた", "has forgotten every PIN, has a licence", "DC-18 S13", COMPLETED,
            ADULT, visit("02-09 08:32", HALL, Renewed(LAST, resets=ALL), own(OWN_LICENCE, **FORGOTTEN), wait=20)),
    citizen("forgot-one", "利用者証明用の暗証番号だけ忘れた", "has forgotten one PIN", "DC-19 R-9", COMPLETED, ADULT,
            visit("02-09 09:00", CENTRE, Renewed(LAST, resets=["authentication"]),
                  own(OWN_LICENCE, authentication="forgotten"))),
    citizen("no-identity", "暗証番号を忘れ、本人確認書類もない", "forgot the PINs and has no identity paper; comes back",
            "DC-20 S14", COMPLETED, ADULT,
            visit("02-09 09:10", BRANCH, Lacks("identity_document", leaves=False), own(**FORGOTTEN)),
            visit("02-12 09:00", BRANCH, CameAgain(LAST, resets=ALL), own(OWN_LICENCE, **FORGOTTEN))),
    citizen("banba-early", "バンバ出張所に9時半", "at Banba before it opens, and again at ten", "DC-51 DC-52 S26",
            COMPLETED, ADULT,
            visit("02-09 09:30", BANBA, closed("02-09 10:00")),
            visit("02-09 10:00", BANBA, Renewed(LAST))),
    citizen("no-card", "カードを忘れた", "has left the card at home", "DC-21 S14", CANCELLED, None,
            visit("02-09 10:20", HALL, Lacks("my_number_card"), card=False), birth_date="1980-04-10"),
    citizen("locked", "署名用も利用者証明用もロック", "both PINs are locked, has a licence", "S13 R-29", COMPLETED,
            {**ADULT, "citizen": "blocked"},
            visit("02-09 11:00", HALL, Renewed(LAST, resets=BOTH), own(OWN_LICENCE))),
    citizen("last-try", "最後の一回を間違えた", "loses the last try of a PIN, has a licence", "S13 R-29", COMPLETED,
            {**ADULT, "citizen": "one-try-left"},
            visit("02-09 11:30", HALL,
                  LastTryLost("authentication", Renewed(LAST, resets=["authentication"], last_try=BOTH)),
                  own(OWN_LICENCE))),
    citizen("last-day", "有効期限の当日の夕方", "on the evening of the last day", "DC-11 R-2", COMPLETED,
            {**ADULT, "birth": "1972-02-10", "expires": "2026-02-10", "card_expires": "2031-02-10"},
            visit("02-10 18:30", HALL, Renewed("2031-02-10"))),
    citizen("expired", "有効期限が過ぎた", "whose certificates have ended", "DC-12 S9 L-2", COMPLETED,
            {**ADULT, "birth": "1985-01-20", "expires": "2026-01-20", "card_expires": "2036-01-20"},
            visit("02-10 09:00", HALL, Renewed("2031-01-20", action="issue_new", findings=["certificate.expired"]))),
    citizen("too-early", "受付期間の前", "before the window; comes on its first day", "DC-07 DC-08 S8", COMPLETED,
            {**ADULT, "birth": "1990-05-20", "expires": "2026-05-20", "card_expires": "2031-05-20"},
            visit("02-12 10:30", HALL, Refused("window.too_early", opens_on="2026-02-21")),
            # The page's window, and a Saturday that only the second notice lists.
            visit("02-21 08:30", HALL, Renewed("2031-05-20"))),
    citizen("smartphone", "スマートフォンで更新したい", "would rather use a telephone", "DC-14 S11", NO_CASE, ADULT,
            visit("02-12 11:00", HALL, Asks("channel.counter_only", outcome="not_today"),
                  {"channel": "online", **TOLD}, card=False)),
    citizen("elsewhere", "他の市区町村の住民", "lives in another municipality", "law: 公的個人認証法 3, 22", NO_CASE,
            ADULT, visit("02-12 11:10", HALL, Refused("residence.not_registered_here")), resident=False),
    citizen("card-ends", "カード自体の有効期限が近い", "whose card ends with the certificates", "R-20 S1", NO_CASE,
            {**ADULT, "card_expires": "2026-04-10"},
            visit("02-12 11:30", HALL, Refused("card.renewal_required", outcome="other_procedure"))),
    citizen("revoked", "失効している", "whose certificates were revoked", "S9 R-26", COMPLETED, ADULT,
            visit("02-12 13:00", CENTRE, Renewed("2030-04-10", action="issue_new"), {"certificates": {
                name: {"state": "revoked", "expires_on": "2026-04-10"} for name in BOTH}}), revoked=BOTH),
    citizen("signature-only", "署名用だけ(転居で失効)", "only the signature certificate, lost by a move", "R-26 L-4",
            COMPLETED, {**ADULT, "birth": "1988-07-07", "issued": "2024-08-01", "expires": "2029-07-07",
                        "card_expires": "2034-07-07"},
            visit("02-12 13:30", HALL,
                  Renewed({"signature": "2029-07-07"}, action="issue_new", pins=("resident_register", "signature")),
                  {"wanted": ["signature"], "certificates": {
                      "signature": {"state": "revoked", "expires_on": "2029-07-07"}}}), revoked=["signature"]),
    citizen("face", "顔認証マイナンバーカード", "a card without PINs", "L-8 R-26", COMPLETED,
            {**ADULT, "citizen": "face-authentication"},
            visit("02-12 14:00", HALL, Renewed({"authentication": LAST}, pins=()))),
    citizen("looks-up", "有効期限の確認だけ", "only asks how long they last", "S5", NO_CASE, ADULT,
            visit("02-12 14:30", BRANCH, LooksUp("2026-04-10"))),
    citizen("turns-15", "15歳の誕生日、本人だけ", "on the 15th birthday, alone", "DC-40 S18", COMPLETED,
            {**ADULT, "birth": "2011-02-12"}, visit("02-12 15:00", HALL, Renewed(LAST))),
    citizen("fourteen", "15歳になる前日、本人だけ", "one day before turning 15, alone", "DC-39 S18", NO_CASE,
            {**CHILD, "birth": "2011-02-13", "card_expires": "2033-02-13"},
            visit("02-12 15:15", HALL, Refused("legal_representative.required"))),
    citizen("leap-day", "2月29日生まれ", "born on 29 February", "R-4 S1", COMPLETED,
            {**ADULT, "birth": "1992-02-29", "expires": "2026-02-28", "card_expires": "2031-02-28"},
            visit("02-13 09:00", CENTRE, Renewed("2031-02-28"))),
    citizen("holiday", "祝日に来庁", "on a national holiday, and on the day after", "DC-56 R-7", COMPLETED, ADULT,
            visit("02-11 10:00", HALL, closed("02-12 08:30"), line=NO_TICKET),
            visit("02-12 08:30", HALL, Renewed(LAST))),
    citizen("saturday", "開設日の土曜", "on a Saturday that is listed", "DC-53 S24", COMPLETED, ADULT,
            visit("02-14 08:30", HALL, Renewed(LAST))),
    citizen("saturday-late", "土曜の受付終了後", "on that Saturday, a minute too late", "DC-53 S27", NO_CASE, ADULT,
            visit("02-14 15:46", HALL, Asks("office.after_last_reception"), TOLD, line=NO_TICKET, card=False)),
    citizen("saturday-centre", "土曜に地区市民センター", "on that Saturday, at a centre", "DC-55 S24", NO_CASE, ADULT,
            visit("02-14 10:00", CENTRE, closed("02-16 08:30"), line=NO_TICKET)),
    citizen("sunday", "開設のない日曜", "on a Sunday that is not listed", "DC-54 S24", NO_CASE, ADULT,
            visit("02-15 10:00", HALL, closed("02-16 08:30"), line=NO_TICKET)),
    citizen("last-minute", "18時45分に受付", "received at the last minute", "DC-48 S27 R-6", COMPLETED, ADULT,
            visit("02-12 18:45", HALL, Renewed(LAST, no_findings=["office.after_last_reception"]), wait=20)),
    citizen("minute-late", "18時46分", "a minute later; the clerk goes on and says why", "DC-48 S27 R-6", COMPLETED,
            ADULT, visit("02-19 18:46", HALL, Renewed(LAST, reason="18時45分には庁舎に入っておられた",
                                                      findings=["office.after_last_reception"]), line=NO_TICKET)),
    citizen("centre-late", "17時1分に地区市民センター", "at a centre after its last reception", "DC-49 S27", NO_CASE,
            ADULT, visit("02-12 17:01", CENTRE, Asks("office.after_last_reception"), TOLD, line=NO_TICKET, card=False)),
    citizen("centre-closed", "18時に地区市民センター", "at a centre that has closed", "DC-50 S25", NO_CASE, ADULT,
            visit("02-12 18:00", CENTRE, closed("02-13 08:30"), line=NO_TICKET)),
    citizen("not-there", "呼ばれたとき不在", "did not come when called", "S31", NO_CASE, ADULT,
            visit("02-13 10:00", HALL, Renewed(LAST), line=NO_SHOW)),
    citizen("recalled", "再び呼ばれて来た", "came when called once more", "S31", COMPLETED, ADULT,
            visit("02-13 10:10", HALL, Renewed(LAST), line=RECALLED)),
    citizen("could-not-wait", "待たずに帰った", "left the line", "S31", NO_CASE, ADULT,
            visit("02-13 10:15", HALL, Renewed(LAST), line=WITHDRAWN)),
    citizen("pulls", "書込み中にカードを抜いた", "pulls the card out; it is finished in the afternoon", "S10", COMPLETED,
            ADULT, visit("02-13 10:40", HALL, Pulls("vanish-after:ins=46,p1=80", "issuing")),
            visit("02-13 14:00", CENTRE, GoesOn(LAST))),
    citizen("half-done", "1枚目だけ書き込めた", "one certificate done; the other on another day", "S10", COMPLETED, ADULT,
            visit("02-13 11:00", HALL, Pulls("vanish-before:ins=46,p1=80,count=2", "partly_completed",
                                             done=["authentication"])),
            visit("02-16 10:00", BANBA, GoesOn(LAST))),
    citizen("leaves", "途中で取りやめた", "changes their mind", "S10", CANCELLED, ADULT,
            visit("02-16 11:00", HALL, Leaves())),
    citizen("struck", "端末が途中で停止", "at the counter when the daemon dies", "issue: restarts", COMPLETED, ADULT,
            visit("02-17 09:00", HALL, Struck(Renewed(LAST), kill))),
]  # fmt: skip
