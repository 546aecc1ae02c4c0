// Parameters of findings that tell why, and what to do instead.
#include <boost/json/array.hpp>

#include "catalogue.hpp"

namespace madoguchi::policy {

Param why_card_first(bool ended) {
  if (ended) {
    return {"reason",
            "card_ended",
            {"期限が過ぎているため、このカードでは手続きできません。",
             ", which has passed, so nothing can be done on this card"}};
  }
  return {"reason",
          "ends_with_card",
          {"電子証明書の期限もカードと同じため、更新しても延びません。",
           ", and the certificate ends with it, so a new one would not last longer"}};
}

Param until_then(Until what) {
  switch (what) {
    case Until::done_today:
      break;
    case Until::reset_only:
      return {
          "until",
          "issued_anew",
          {"暗証番号を初期化しても、電子証明書は使えるようになりません。電子証明書を使うサービスを利用する"
           "には新規発行の手続きが必要なことをお伝えください。",
           "until a new one is issued: to have its PIN initialised does not bring it back"}};
    case Until::looked_up:
      return {"until",
              "issued_anew",
              {"電子証明書を使うサービスは利用できないことを伝え、新規発行の手続きをご案内ください。",
               "until a new one is issued"}};
  }
  return {"until",
          "completed",
          {"手続きが完了するまで、電子証明書を使うサービスは利用できないことをお伝えください。",
           "until the procedure is completed"}};
}

Param not_reset(Unset why, const std::vector<Pin>& pins) {
  const auto named = param("pins", pins).shown;
  switch (why) {
    case Unset::no_pins:
      break;
    case Unset::untold:
      return {
          "why",
          "untold",
          {"初期化する暗証番号が指定されていません。お忘れの暗証番号、ロックされた暗証番号を確かめ、入力し"
           "てから、もう一度判定してください。",
           "No PIN is named that is to be initialised; ask which is forgotten or locked, enter it, then "
           "decide again."}};
    case Unset::not_wanted:
      return {
          "why",
          "not_wanted",
          {named.ja + "は、電子証明書が手続きの対象に含まれていないため初期化しません。初期化する場合は、そ"
                      "の電子証明書を対象に加えてください。",
           "Not initialised, since its certificate is not among those that the visit is for: " + named.en +
               ". Add that certificate if it is to be."}};
    case Unset::never_issued:
      return {
          "why",
          "never_issued",
          {"規定の年齢に満たない方・成年被後見人の方には署名用電子証明書を発行しないため、その暗証番号は初"
           "期化しません。ほかにお忘れの暗証番号、ロックされた暗証番号があれば、入力してから、もう一度判定"
           "してください。",
           "No signature certificate is issued to a holder below the age of capacity or to an adult ward, "
           "so its PIN is not initialised. If another PIN is forgotten or locked, enter it, then decide "
           "again."}};
    case Unset::absent:
      return {
          "why",
          "absent",
          {named.ja + "は、カードに電子証明書が入っていないため初期化できません。ご希望の場合は、電子証明書"
                      "の新規発行をご案内ください(暗証番号はその際に設定します)。",
           "Cannot be initialised, since the card holds no such certificate: " + named.en +
               ". If it is wanted, offer a new issuance, at which its PIN is set."}};
  }
  return {
      "why",
      "face_authentication",
      {"顔認証マイナンバーカードには暗証番号がないため、初期化するものはありません。暗証番号を使いたい場合"
       "は、通常のマイナンバーカードへの切替えの手続きをご案内ください。",
       "A card for face authentication has no PIN, so there is nothing to initialise. If the holder wants "
       "to use PINs, offer to have it changed into an ordinary card."}};
}

Param unread(Unread what) {
  switch (what) {
    case Unread::card:
      break;
    case Unread::signature:
      return {"unread",
              "signature",
              {"署名用電子証明書の状態が分からないため、行う手続きを決められません。署名用電子証明書の暗証番"
               "号を照合してから",
               "What there is to do cannot be told before the signature certificate is read; check its PIN"}};
    case Unread::taken_as_other:
      return {
          "unread",
          "taken_as_other",
          {"署名用電子証明書はまだ読み取っていないため、有効期限が利用者証明用電子証明書と同じものとして判定"
           "し"
           "ています。署名用電子証明書だけ期限が異なることがある場合は、ご希望を署名用電子証明書だけにして",
           "The signature certificate has not been read and is taken to end with the user authentication "
           "certificate; where it may end on another day, want only the signature certificate"}};
  }
  return {
      "unread",
      "card",
      {"電子証明書の状態が分からないため、行う手続きを決められません。カードを読み取ってから",
       "What there is to do cannot be told before the state of the certificates is known; read the card"}};
}

Param not_issued_to(bool face_authentication) {
  if (face_authentication) {
    return {"holders",
            "face_authentication",
            {"顔認証マイナンバーカードには、", "on a card for face authentication"}};
  }
  return {"holders",
          "without_capacity",
          {"規定の年齢に満たない方・成年被後見人の方には、",
           "to a holder below the age of capacity or to an adult ward"}};
}

Param known_holidays(const std::optional<base::Date>& from, const std::optional<base::Date>& to) {
  Text shown;
  if (from) {
    const auto day = param({}, *from).shown;
    shown = {day.ja + "から", "from " + day.en};
  }
  if (to) {
    const auto day = param({}, *to).shown;
    shown.ja += day.ja + "まで";
    shown.en += (shown.en.empty() ? "to " : " to ") + day.en;
  }
  return {"known", nullptr, shown};
}

// The software reads the card with its PIN, which a face-authentication card does not have.
Param other_ways(bool face_authentication) {
  if (face_authentication) {
    return {"ways",
            boost::json::array{"certificate_copy"},
            {"発行時にお渡しした「電子証明書の写し」",
             "on the copy of the certificate that was handed over with it"}};
  }
  return {
      "ways",
      boost::json::array{"certificate_copy", "client_software"},
      {"発行時にお渡しした「電子証明書の写し」や、パソコン・スマートフォンのJPKI利用者クライアントソフト"
       "(暗証番号の入力が必要な場合があります)",
       "on the copy of the certificate that was handed over with it, or with the JPKI client software on a "
       "computer or smartphone (which may ask for the PIN)"}};
}

}  // namespace madoguchi::policy
