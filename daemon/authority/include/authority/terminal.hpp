// The official terminal as the one who issues: what a clerk is to do there, and what the card must show
// afterwards. Nothing here reads a card; it is told what was read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.hpp"
#include "mynumber/certificate.hpp"
#include "mynumber/profile.hpp"

namespace madoguchi::authority::terminal {

struct Words {
  std::string ja;
  std::string en;

  bool operator==(const Words&) const = default;
};

// One certificate that is to be had there.
struct Order {
  mynumber::CertificateName certificate{};
  bool renews = true;     // false: a new issuance
  base::Date last_day{};  // as decided, and told to the holder
  base::Instant handed_over{};
  // What the card held then, as far as anybody has read it.
  bool absent_before = false;
  std::string serial_before{};  // empty: not known
  std::optional<mynumber::Certificate> before{};
  bool has_pin = true;  // a face-authentication card has none
  bool decided = true;  // false: the card came back with it, and nobody had decided that
};

// What is to be done there in one stay.
struct Errand {
  std::vector<Order> orders;  // in the order of the work
  std::vector<mynumber::PinName> asked;
  std::vector<mynumber::PinName> set_anew;
  bool reader_kept = false;  // for a PIN that is entered at the counter; a card that is lifted off frees it
};

struct Step {
  std::string_view name;  // stable
  Words words;
  std::optional<mynumber::CertificateName> certificate{};
  std::optional<mynumber::PinName> pin{};
  std::optional<base::Date> last_day{};
};
// The sheet for the clerk, from the card's leaving the counter's reader to its coming back.
std::vector<Step> instructions(const Errand& errand);

// One certificate and its key, as the card that came back showed them.
struct Look {
  enum class File : std::uint8_t { read, absent, closed };  // closed: only its PIN opens it
  enum class Key : std::uint8_t { answered, silent, closed };
  File file = File::closed;
  std::optional<mynumber::Certificate> certificate{};  // of one that was read
  Key key = Key::closed;  // does it sign what the certificate's public key verifies?
};

enum class Verdict : std::uint8_t {
  unchanged,      // what was there before: the terminal has not done it yet
  not_looked_at,  // nothing differs as far as it was seen, and something was not
  differs,
  proved,
};
std::string_view name(Verdict verdict);
std::optional<Verdict> verdict_named(std::string_view text);

enum class Point : std::uint8_t {
  unread,         // the certificate, for want of its PIN
  unasked,        // the key, for want of its PIN
  old_one,        // the certificate from before is still there
  missing,        // there is none any more
  issued_before,  // another one than before, but older than the hand-over
  not_begun,
  ended,
  issuer,
  key_size,
  usage,
  ends_earlier,  // than was decided and told
  ends_later,
  silent,     // the key does not answer as the certificate's
  undecided,  // a new one that was not to be had
};
std::string_view name(Point point);
std::optional<Point> point_named(std::string_view text);

struct Finding {
  Point point{};
  std::string found{};
  std::string expected{};

  bool operator==(const Finding&) const = default;
};

struct Proof {
  Verdict verdict{};
  std::vector<Finding> findings{};

  bool operator==(const Proof&) const = default;
};

Proof judge(const Order& order, const Look& look, base::Instant now);

// May a clerk take it as it is, with a reason? What leaves the holder a certificate that works; never a key
// that does not answer, or no certificate.
bool acceptable(const Proof& proof);

// Whole sentences about a finding. `has_pin`: see Order.
Words words_for(mynumber::CertificateName certificate, const Finding& finding, bool has_pin = true);
// What to do next about that certificate; empty of one that is proved.
Words advice_for(mynumber::CertificateName certificate, const Proof& proof);

}  // namespace madoguchi::authority::terminal
