#include "simulated_card/citizen.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <random>

namespace madoguchi::simulated_card {
namespace {

using std::chrono::year;
using std::chrono::years;

// In the order of CitizenKind.
constexpr std::array<std::string_view, 11> names = {
    "expiring-soon",
    "expired",
    "one-try-left",
    "blocked",
    "no-signature",
    "card-ends-with-certificate",
    "face-authentication",
    "leap-day",
    "absent-files",
    "truncated-files",
    "fresh",
};

// 見本 (specimen), 架空 (imaginary), 例示 (example) and the like are nobody's family name.
constexpr std::string_view families[] = {"見本", "架空", "例示", "模擬", "仮名", "試行"};
struct Given {
  std::string_view name;
  char sex;
};
constexpr Given givens[] = {{"太郎", '1'}, {"花子", '2'},   {"一郎", '1'}, {"さくら", '2'},
                            {"健太", '1'}, {"みどり", '2'}, {"次郎", '1'}, {"ひかり", '2'}};
constexpr std::string_view quarters[] = {"例示町", "見本台", "模擬坂", "架空が丘"};
constexpr std::string_view wide_digits[] = {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
// Prefectures have 01 to 47.
constexpr std::string_view municipality = "99201";

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  std::string digits(std::size_t count) { return pick("0123456789", count); }
  std::string letters(std::size_t count) { return pick("ABCDEFGHJKLMNPQRSTUVWXYZ", count); }
  template <class T, std::size_t N>
  const T& one_of(const T (&list)[N]) {
    return list[below(N)];
  }

 private:
  std::string pick(std::string_view alphabet, std::size_t count) {
    std::string text;
    while (text.size() < count) text.push_back(alphabet[below(alphabet.size())]);
    return text;
  }
  std::mt19937_64 engine_;
};

std::string wide(std::size_t number) {
  std::string text;
  for (const char c : std::to_string(number)) text += wide_digits[static_cast<std::size_t>(c - '0')];
  return text;
}

// The check digit of an individual number (総務省令 on individual numbers, art. 5), and then another one.
std::string individual_number_of_nobody(Chance& chance) {
  const std::string digits = chance.digits(11);
  int sum = 0;
  for (int n = 1; n <= 11; ++n) {
    const int weight = n <= 6 ? n + 1 : n - 5;
    sum += (digits[static_cast<std::size_t>(11 - n)] - '0') * weight;
  }
  const int check = sum % 11 <= 1 ? 0 : 11 - sum % 11;
  return digits + static_cast<char>('0' + (check + 1) % 10);
}

base::Date same_day(base::Date date, int years_back) {
  const base::Date moved = date - years(years_back);
  return moved.ok() ? moved : moved.year() / moved.month() / std::chrono::last;
}

// Certificates are made 4 years and 7 months before their end, which is then the fifth birthday after.
constexpr int months_of_validity = 4 * 12 + 7;

struct Life {
  base::Date birth;
  base::Date issued_on;
};

Life life(const Order& order, Chance& chance) {
  const auto ending = [](base::Date birth, base::Date end) {
    return Life{birth, base::add_months_clamped(end, -months_of_validity)};
  };
  const auto soon = base::add_days(order.today, 30);
  // A multiple of four years keeps 29 February.
  const int age = 32 + 4 * static_cast<int>(chance.below(8));
  switch (order.kind) {
    case CitizenKind::expired: {
      const auto end = base::add_days(order.today, -20);
      return ending(same_day(end, age), end);
    }
    case CitizenKind::card_ends_with_certificate:
      return ending(same_day(soon, 22), soon);
    case CitizenKind::leap_day: {
      const base::Date birth = year(1992) / 2 / 29;
      return ending(birth, base::nth_birthday_after(birth, order.today, 1));
    }
    case CitizenKind::fresh:
      return {same_day(base::add_days(order.today, 100), age), base::add_months_clamped(order.today, -6)};
    case CitizenKind::expiring_soon:
    case CitizenKind::one_try_left:
    case CitizenKind::blocked:
    case CitizenKind::no_signature:
    case CitizenKind::face_authentication:
    case CitizenKind::absent_files:
    case CitizenKind::truncated_files:
      break;
  }
  return ending(same_day(soon, age), soon);
}

bool fits(PinKind pin, std::string_view value) {
  if (pin == PinKind::signature) {
    return value.size() >= 6 && value.size() <= 16 && std::all_of(value.begin(), value.end(), [](char c) {
             return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
  }
  return value.size() == 4 &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

constexpr PinKind pin_kinds[] = {PinKind::signature, PinKind::authentication, PinKind::resident_register,
                                 PinKind::card_surface_input};

// Every value is drawn, whatever the kind, so that one seed makes the same person in each.
void set_pins(Citizen& citizen, const Order& order, Chance& chance) {
  for (const auto pin : pin_kinds) {
    const std::string value =
        pin == PinKind::signature ? chance.letters(5) + chance.digits(5) : chance.digits(4);
    if (citizen.kind == CitizenKind::face_authentication) continue;
    if (citizen.kind == CitizenKind::no_signature && pin == PinKind::signature) continue;
    const auto wished = order.pins.find(pin);
    citizen.pins[pin] = wished == order.pins.end() ? value : wished->second;
    citizen.tries[pin] = max_tries(pin);
    const bool jpki = pin == PinKind::signature || pin == PinKind::authentication;
    if (citizen.kind == CitizenKind::one_try_left && jpki) citizen.tries[pin] = 1;
    if (citizen.kind == CitizenKind::blocked && jpki) citizen.tries[pin] = 0;
    const auto tries = order.tries.find(pin);
    if (tries != order.tries.end()) citizen.tries[pin] = tries->second;
  }
}

void set_person(Citizen& citizen, Chance& chance) {
  const auto& given = chance.one_of(givens);
  citizen.name = std::string(chance.one_of(families)) + "　" + std::string(given.name);
  citizen.sex = given.sex;
  citizen.address = "見本県架空市" + std::string(chance.one_of(quarters)) + wide(1 + chance.below(5)) +
                    "丁目" + wide(1 + chance.below(30)) + "番" + wide(1 + chance.below(20)) + "号";
  citizen.municipality = municipality;
  citizen.card_number = "4" + chance.digits(14);
  citizen.individual_number = individual_number_of_nobody(chance);
  citizen.security_code = chance.digits(4);
}

base::Result<void> check(const Citizen& citizen, const Order& order) {
  const auto refuse = [](std::string why) {
    return base::make_fault(base::Code::invalid_params, std::move(why));
  };
  if (citizen.birth >= citizen.issued_on) return refuse("issued before the holder's birth");
  if (citizen.issued_on >= citizen.expires_on) return refuse("issued after the certificates' end");
  if (citizen.expires_on > citizen.card_expires_on) return refuse("certificates outlive the card");
  for (const auto& [pin, value] : order.pins) {
    if (!fits(pin, value)) return refuse("wrong form of the PIN " + std::string(name(pin)));
  }
  for (const auto& [pin, tries] : order.tries) {
    if (tries < 0 || tries > max_tries(pin))
      return refuse("tries out of range for " + std::string(name(pin)));
  }
  return {};
}

}  // namespace

std::string_view name(CitizenKind kind) {
  return names[static_cast<std::size_t>(kind)];
}

std::optional<CitizenKind> kind_named(std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<CitizenKind>(found - names.begin());
}

std::span<const std::string_view> kind_names() {
  return names;
}

std::string_view name(PinKind pin) {
  switch (pin) {
    case PinKind::signature:
      return "signature";
    case PinKind::authentication:
      return "authentication";
    case PinKind::resident_register:
      return "resident_register";
    case PinKind::card_surface_input:
      return "card_surface_input";
  }
  return {};
}

std::optional<PinKind> pin_kind_named(std::string_view text) {
  const auto found = std::find_if(std::begin(pin_kinds), std::end(pin_kinds),
                                  [&](PinKind pin) { return name(pin) == text; });
  return found == std::end(pin_kinds) ? std::nullopt : std::optional(*found);
}

int max_tries(PinKind pin) {
  return pin == PinKind::signature ? 5 : 3;
}

bool Citizen::has_signature() const {
  return kind != CitizenKind::no_signature && kind != CitizenKind::face_authentication;
}

base::Result<Citizen> make_citizen(const Order& order) {
  Chance chance(order.seed);
  Citizen citizen;
  citizen.kind = order.kind;
  set_person(citizen, chance);
  const auto [birth, issued_on] = life(order, chance);
  citizen.birth = order.birth.value_or(birth);
  citizen.issued_on = order.issued_on.value_or(issued_on);
  // Card: 10th birthday after production, 5th for those under 18 (個人番号カード命令 art. 26). Certificates:
  // 5th, and never longer than the card (公的個人認証法施行規則 art. 13, 49).
  const int card_birthdays = base::age_on(citizen.birth, citizen.issued_on) < 18 ? 5 : 10;
  citizen.card_expires_on = order.card_expires_on.value_or(
      base::nth_birthday_after(citizen.birth, citizen.issued_on, card_birthdays));
  citizen.expires_on = order.expires_on.value_or(
      std::min(base::nth_birthday_after(citizen.birth, citizen.issued_on, 5), citizen.card_expires_on));
  set_pins(citizen, order, chance);
  if (auto checked = check(citizen, order); !checked) return checked.error();
  return citizen;
}

}  // namespace madoguchi::simulated_card
