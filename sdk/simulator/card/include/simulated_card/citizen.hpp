// Synthetic citizens: people who do not exist, with cards in every state a counter meets. Pure but for
// chance, which a seed decides.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/calendar.hpp"
#include "base/result.hpp"

namespace madoguchi::simulated_card {

enum class CitizenKind : std::uint8_t {
  expiring_soon,               // certificates end in 30 days, the card five years later
  expired,                     // they ended 20 days ago
  one_try_left,                // as expiring_soon; signature and authentication PIN have one try left
  blocked,                     // as expiring_soon; both are locked
  no_signature,                // as expiring_soon, without a signature certificate or password
  card_ends_with_certificate,  // card made under 18: ends with its certificates, so that a renewal extends
                               // nothing
  face_authentication,         // no PIN at all and no signature certificate
  leap_day,                    // born on 29 February; certificates end on the next birthday
  absent_files,                // no presence flags, signature files or card record
  truncated_files,             // token information cut short, authentication certificate torn
  fresh,                       // issued half a year ago: the window is not open
};
std::string_view name(CitizenKind kind);
std::optional<CitizenKind> kind_named(std::string_view text);
std::span<const std::string_view> kind_names();

enum class PinKind : std::uint8_t { signature, authentication, resident_register, card_surface_input };
// "signature", "authentication", "resident_register", "card_surface_input".
std::string_view name(PinKind pin);
std::optional<PinKind> pin_kind_named(std::string_view text);
int max_tries(PinKind pin);

struct Order {
  CitizenKind kind = CitizenKind::expiring_soon;
  base::Date today;
  std::uint64_t seed = 0;
  // Each of these replaces what the kind would give.
  std::optional<base::Date> birth;
  std::optional<base::Date> issued_on;        // the certificates' and the card's
  std::optional<base::Date> expires_on;       // the certificates' last day
  std::optional<base::Date> card_expires_on;  // the card's last day
  std::map<PinKind, int> tries;
  std::map<PinKind, std::string> pins;
};

struct Citizen {
  CitizenKind kind = CitizenKind::expiring_soon;
  std::string name;  // U+3000 between family and given name
  char sex = '9';    // ISO/IEC 5218: 1 male, 2 female
  std::string address;
  base::Date birth;
  std::string municipality;       // five digits, of a prefecture that does not exist
  std::string card_number;        // 15 digits
  std::string individual_number;  // 12 digits with a wrong check digit, so that it is nobody's
  std::string security_code;      // four digits
  base::Date issued_on;
  base::Date expires_on;
  base::Date card_expires_on;
  // Values that exist only to be told to whoever tries the card; a PIN that is absent here was never set.
  std::map<PinKind, std::string> pins;
  std::map<PinKind, int> tries;

  [[nodiscard]] bool has_signature() const;
};

// invalid_params when the overrides contradict each other or a PIN's form.
base::Result<Citizen> make_citizen(const Order& order);

}  // namespace madoguchi::simulated_card
