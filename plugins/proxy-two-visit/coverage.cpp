#include "coverage.hpp"

#include <algorithm>
#include <array>

#include "asked.hpp"

namespace proxy_two_visit {
namespace {

using namespace madoguchi::plugin;

struct Named {
  std::string_view ja;
  std::string_view en;
};
// By Pin, as the certificates are among them.
constexpr std::array certificates{Named{"署名用電子証明書", "signature certificate"},
                                  Named{"利用者証明用電子証明書", "user authentication certificate"}};
constexpr std::array pins{
    Named{"署名用電子証明書の暗証番号", "PIN of the signature certificate"},
    Named{"利用者証明用電子証明書の暗証番号", "PIN of the user authentication certificate"},
    Named{"住民基本台帳用の暗証番号", "PIN of the resident register"}};
// By Action.
constexpr std::array actions{Named{"の更新", "the renewal of the "}, Named{"の新規発行", "issuing a new "}};
constexpr std::string_view reset_pin = "reset_pin";

void add(Unasked& all, const std::string& ja, const std::string& en) {
  all.ja.append(all.ja.empty() ? "" : "、").append(ja);
  all.en.append(all.en.empty() ? "" : ", ").append(en);
}

std::string_view name_of(std::size_t pin) {
  return pin_names.at(pin);
}

// Of that certificate; empty where it is not among what is asked.
std::string_view action_in(const json::array& asked, std::string_view certificate) {
  for (const auto& one : asked) {
    if (one.at("certificate").as_string() == certificate) return one.at("action").as_string();
  }
  return {};
}

bool among(const json::array& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const json::value& one) { return one.as_string() == name; });
}

// Where the letter names no PINs, it asks for those of its certificates, and the resident register's.
bool asks_for(const Letter& letter, std::string_view pin) {
  if (letter.pins) return among(*letter.pins, pin);
  return pin == pin_names[2] || !action_in(letter.certificates, pin).empty();
}

Unasked of_renewal(const Letter& letter, const Visit& visit) {
  Unasked unasked;
  bool covered = false;
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const auto action = i == 0 ? visit.signature.action : visit.authentication.action;
    if (action == Action::none) continue;
    const auto asked = action_in(letter.certificates, name_of(i));
    const bool is = !asked.empty() && asked != reset_pin;
    covered = covered || is;
    const auto& what = actions.at(static_cast<std::size_t>(action));
    if (!is)
      add(unasked, std::string(certificates.at(i).ja) + std::string(what.ja),
          std::string(what.en) + std::string(certificates.at(i).en));
  }
  if (unasked.any()) {
    unasked.in_part = covered;
    return unasked;
  }
  for (const auto pin : visit.pins_required) {
    const auto i = static_cast<std::size_t>(pin);
    if (!asks_for(letter, name_of(i)))
      add(unasked, std::string(pins.at(i).ja), "the " + std::string(pins.at(i).en));
  }
  return unasked;
}

Unasked of_reset(const Letter& letter, const json::array& pin_resets) {
  Unasked unasked;
  for (std::size_t i = 0; i < pins.size(); ++i) {
    if (!among(pin_resets, name_of(i))) continue;
    const bool is = asks_to_reset(letter, name_of(i));
    if (!is)
      add(unasked, std::string(pins.at(i).ja) + "の初期化", "initialising the " + std::string(pins.at(i).en));
    unasked.in_part = unasked.in_part || is;
  }
  return unasked;
}

}  // namespace

std::string Unasked::said_ja() const {
  return "これまでの照会書は" + ja + "についてのものではありません。" +
         (in_part ? "照会した内容だけに受付を改めれば、本日手続きできます。改めない場合は、" : "");
}

std::string Unasked::said_en() const {
  return "The inquiry so far did not ask about " + en + ". " +
         (in_part ? "With only what it asked about the case can go on today. Otherwise: " : "");
}

bool asks_to_reset(const Letter& letter, std::string_view pin) {
  return letter.purpose == for_a_reset ? asks_for(letter, pin) : among(letter.pin_resets, pin);
}

Unasked not_asked(const Inquiry& inquiry, const std::vector<Document>& forms, const Visit& visit,
                  const json::array& pin_resets) {
  for (const auto& letter : inquiry.letters_of(forms)) {
    if (visit.purpose != Purpose::pin_reset) {
      auto renewal = of_renewal(letter, visit);
      if (renewal.any()) return renewal;
    }
    auto resets = of_reset(letter, pin_resets);
    if (resets.any()) return resets;
  }
  return {};
}

bool asks_the_same(const Rules& rules, const Letter& letter, const Visit& visit) {
  constexpr std::string_view undecided = "undecided";
  if (letter.purpose != purpose_names.at(static_cast<std::size_t>(visit.purpose))) return false;
  const auto now = mandate(asked_certificates(visit), visit, letter.return_by);
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const auto was = action_in(letter.certificates, name_of(i));
    const auto is = action_in(now, name_of(i));
    // One that was asked about undecided has been decided since, or the card is not here any more.
    const bool same = was == is || (!was.empty() && !is.empty() && (was == undecided || is == undecided));
    if (!same) return false;
  }
  if (letter.pin_resets != asked_resets(rules, visit)) return false;
  const auto asked = asked_pins(visit);
  if (!asked) return true;
  return letter.pins ? *letter.pins == *asked : !asked->empty();
}

}  // namespace proxy_two_visit
