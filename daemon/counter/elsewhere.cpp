#include "elsewhere.hpp"

#include <algorithm>
#include <array>

#include "card_facts.hpp"
#include "counter/each_case.hpp"
#include "inside.hpp"
#include "renewal/words.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using mynumber::CertificateName;
using renewal::Case;

bool is_read(const json::object& seen, CertificateName which) {
  return renewal::absent(seen, which) || !serial_seen(seen, which).empty();
}

std::string last_day_seen(const json::object& seen, CertificateName which) {
  const auto* all = seen.if_contains("certificates");
  const auto* one = all == nullptr ? nullptr : all->get_object().if_contains(mynumber::name(which));
  const auto* day = one == nullptr ? nullptr : one->get_object().if_contains("expires_on");
  return day != nullptr && day->is_string() ? std::string(day->get_string()) : std::string();
}

bool is_told_of_signature(const json::object& facts) {
  const auto* all = facts.if_contains("certificates");
  const auto* one =
      all == nullptr || !all->is_object() ? nullptr : all->get_object().if_contains("signature");
  const auto* state = one == nullptr || !one->is_object() ? nullptr : one->get_object().if_contains("state");
  return state != nullptr && *state != "unknown";
}

struct Left {
  std::string serial;
  std::string last_day;
};

Left left_of(const Case& visit, CertificateName which) {
  const Left seen{serial_seen(visit.seen, which), last_day_seen(visit.seen, which)};
  const auto saga = std::find_if(visit.sagas.begin(), visit.sagas.end(),
                                 [which](const auto& each) { return each.certificate == which; });
  if (saga == visit.sagas.end()) return seen;
  const bool done = saga->phase == renewal::Phase::done;
  // One may be cancelled only while the old pair works, or once nothing is to be saved.
  const bool as_it_was =
      !renewal::begun(*saga) || (visit.state == renewal::State::cancelled && !visit.card_gone);
  const bool another = saga->failure && saga->failure->remedy == renewal::Remedy::renewed_elsewhere;
  if (!done && (!as_it_was || another)) return {};
  const auto& der = done ? saga->new_certificate : saga->old_certificate;
  if (der.empty()) return done ? Left{} : seen;
  const auto certificate = mynumber::parse_certificate(der);
  return certificate ? Left{certificate->serial, base::format_date(certificate->last_day)} : Left{};
}

}  // namespace

std::vector<CertificateName> replaced_since(const json::object& before, const json::object& now) {
  std::vector<CertificateName> others;
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    const bool both = is_read(before, which) && is_read(now, which);
    if (both && serial_seen(before, which) != serial_seen(now, which)) others.push_back(which);
  }
  return others;
}

json::object replaced(CertificateName which, const json::object& before, const json::object& now,
                      const std::string& staff) {
  return {{"certificate", mynumber::name(which)},
          {"serial_before", serial_seen(before, which)},
          {"serial", serial_seen(now, which)},
          {"staff", staff}};
}

json::object words_of_replaced(CertificateName which) {
  const auto title = renewal::title(which);
  return {{"ja",
           "カードの" + std::string(title.ja) +
               "は、この受付のあとでほかの受付や端末で更新されています。カードの内容で判定し直しましたので、"
               "受付内容を確かめてください。"},
          {"en", "The card's " + std::string(title.en) +
                     " was renewed elsewhere after this case was opened. The case has been decided anew by "
                     "what the card says; look at it again."}};
}

json::object finding_of_replaced(CertificateName which) {
  return {{"code", "certificate.renewed_elsewhere"},
          {"severity", "advise"},
          {"source", "core"},
          {"rule", json::object{{"key", "certificates"}}},
          {"params", json::object{{"certificate", mynumber::name(which)}}},
          {"message", words_of_replaced(which)}};
}

std::optional<LeftOnCard> left_on_card(const Case& visit) {
  const auto authentication = left_of(visit, CertificateName::authentication);
  const auto signature = left_of(visit, CertificateName::signature);
  if (authentication.serial.empty() || signature.last_day.empty()) return std::nullopt;
  return LeftOnCard{authentication.serial, signature.last_day};
}

void Desk::Inside::recall_signature(Case& visit) {
  constexpr std::array any{renewal::State::open,      renewal::State::waiting,
                           renewal::State::ready,     renewal::State::issuing,
                           renewal::State::attention, renewal::State::partly_completed,
                           renewal::State::completed, renewal::State::cancelled};
  const auto serial = serial_seen(visit.seen, CertificateName::authentication);
  if (is_told_of_signature(visit.facts) || serial.empty()) return;
  if (is_read(visit.seen, CertificateName::signature)) return;
  base::Instant latest{};
  std::string last_day;
  // Without it the certificate is unknown, as that of any other card.
  static_cast<void>(each_case(parts.store, any, visit.card, [&](const auto& record) {
    if (record.id == visit.id || (!last_day.empty() && record.updated_at < latest)) return;
    const auto other = read_case(record);
    const auto left = other ? left_on_card(*other) : std::nullopt;
    if (!left || left->authentication != serial) return;
    latest = record.updated_at;
    last_day = left->signature;
  }));
  // Where both end together, it is taken to be as the other is, and said to be unknown.
  if (last_day.empty() || last_day == last_day_seen(visit.seen, CertificateName::authentication)) return;
  const json::object signature{{"state", "valid"}, {"expires_on", last_day}};
  merge(visit.facts, {{"certificates", json::object{{"signature", signature}}}});
}

}  // namespace madoguchi::counter
