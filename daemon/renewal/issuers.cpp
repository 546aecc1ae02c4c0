#include "renewal/issuers.hpp"

#include <algorithm>

#include "renewal/words.hpp"

namespace madoguchi::renewal {
namespace {

using Certificates = std::vector<base::Bytes>;

// By their keys: a CA's certificate may be renewed with the key that it has.
bool any_in(const Certificates& some, const Certificates& all) {
  return std::any_of(some.begin(), some.end(), [&](const base::Bytes& each) {
    const auto one = mynumber::parse_certificate(each);
    return one && std::any_of(all.begin(), all.end(), [&](const base::Bytes& der) {
             const auto other = mynumber::parse_certificate(der);
             return other && other->spki == one->spki;
           });
  });
}

Certificates not_ended(Certificates certificates, base::Instant now) {
  std::erase_if(certificates, [&](const base::Bytes& each) {
    const auto read = mynumber::parse_certificate(each);
    return !read || read->not_after <= now;
  });
  return certificates;
}

base::Fault unfit(const Saga& saga, bool any_begun, std::string inner) {
  const auto which = title(saga.certificate);
  const std::string so_far_ja = any_begun ? "新しい鍵を作らずに止めました。この受付の手続きは途中です。設定を"
                                            "直した後、この受付を再開してください。"
                                          : "発行を始めていません。カードは変更していません。";
  const std::string so_far_en = any_begun ? "it was stopped before a new key was made. The case is not "
                                            "finished: go on with it once the setting is right."
                                          : "nothing was begun; the card is as it was.";
  const std::string setting = "「issuers」(madoguchid.yaml)";
  return base::make_fault(
      base::Code::authority_mismatch, std::move(inner),
      {{"differs", "issuers"},
       {"certificate", mynumber::name(saga.certificate)},
       {"ja", "設定の" + setting + "に、この" + std::string(which.ja) +
                  "を発行する認証局の証明書がないため、" + so_far_ja +
                  "管理者に連絡してください(madoguchi doctor)。"},
       {"en",
        "The setting `issuers` (madoguchid.yaml) does not name the certification authority that issues "
        "this " +
            std::string(which.en) + ", so that " + so_far_en +
            " Tell the administrator (madoguchi doctor)."}});
}

}  // namespace

bool issuers_fit(const Saga& saga, const Certificates& issuers, base::Instant now) {
  if (issuers.empty() || !mynumber::parse_certificate(saga.old_certificate)) return true;
  return !not_ended(mynumber::generations_of_issuer(saga.old_certificate, issuers), now).empty();
}

base::Result<void> check_issuers(const Saga& saga, const Certificates& issuers,
                                 const authority::ShownIssuers& shown, base::Instant now, bool any_begun) {
  if (issuers_fit(saga, issuers, now)) return {};
  auto all = shown.named;
  all.insert(all.end(), shown.enclosed.begin(), shown.enclosed.end());
  const auto there = not_ended(mynumber::generations_of_issuer(saga.old_certificate, all), now);
  // The authority still has the CA, or its next generation, that has issued what is on the card.
  if (!there.empty()) {
    if (any_in(there, issuers)) return {};
    return unfit(saga, any_begun,
                 "the authority shows an issuer of the card's certificate that is not configured");
  }
  const bool ended = !mynumber::generations_of_issuer(saga.old_certificate, issuers).empty();
  // Whether a CA whose configured certificate has ended goes on with that key, nothing here says.
  if (ended || any_in(issuers, all)) return {};
  return unfit(saga, any_begun,
               "no issuer that is configured has issued the card's certificate, or is the authority's");
}

}  // namespace madoguchi::renewal
