#include <algorithm>

#include "authority/terminal.hpp"
#include "terminal/names.hpp"

namespace madoguchi::authority::terminal {
namespace {

using mynumber::Certificate;

// What the card's own clock and the issuer's may be apart; the issuer's dates are whole days as a rule.
constexpr std::chrono::minutes clock_skew{5};
// The only size that today's cards sign with.
constexpr int usual_key_bits = 2048;

bool is_the_old_one(const Order& order, const Certificate& found) {
  if (!order.serial_before.empty()) {
    const bool other_issuer = order.before && order.before->issuer_der != found.issuer_der;
    return found.serial == order.serial_before && !other_issuer;
  }
  // Nobody has read the one before: what was issued before the hand-over cannot come from it.
  return !order.absent_before && found.issued_on < base::date_in_japan(order.handed_over);
}

void compare_with_the_one_before(const Order& order, const Certificate& found, std::vector<Finding>& into) {
  const int bits = order.before ? order.before->key_bits : usual_key_bits;
  if (found.key_bits != bits)
    into.push_back({Point::key_size, std::to_string(found.key_bits), std::to_string(bits)});
  if (!order.before) return;
  if (found.issuer_der != order.before->issuer_der)
    into.push_back({Point::issuer, found.issuer, order.before->issuer});
  if (found.key_usage != order.before->key_usage ||
      found.extended_key_usage != order.before->extended_key_usage) {
    into.push_back({Point::usage, {}, {}});
  }
}

void check_dates(const Order& order, const Certificate& found, base::Instant now,
                 std::vector<Finding>& into) {
  const auto handed_over = base::date_in_japan(order.handed_over);
  if (found.issued_on < handed_over) {
    into.push_back(
        {Point::issued_before, base::format_date(found.issued_on), base::format_date(handed_over)});
  }
  if (found.not_before > now + clock_skew)
    into.push_back({Point::not_begun, base::format_time(found.not_before), {}});
  if (found.not_after <= now) into.push_back({Point::ended, base::format_date(found.last_day), {}});
  if (!order.decided) {
    into.push_back({Point::undecided, base::format_date(found.last_day), {}});
    return;
  }
  if (found.last_day == order.last_day) return;
  into.push_back({found.last_day < order.last_day ? Point::ends_earlier : Point::ends_later,
                  base::format_date(found.last_day), base::format_date(order.last_day)});
}

}  // namespace

Proof judge(const Order& order, const Look& look, base::Instant now) {
  if (look.file == Look::File::closed) return {Verdict::not_looked_at, {{Point::unread, {}, {}}}};
  if (look.file == Look::File::absent || !look.certificate) {
    if (order.absent_before) return {Verdict::unchanged, {}};
    return {Verdict::differs, {{Point::missing, {}, order.serial_before}}};
  }
  const auto& found = *look.certificate;
  if (is_the_old_one(order, found)) return {Verdict::unchanged, {{Point::old_one, found.serial, {}}}};
  Proof proof;
  compare_with_the_one_before(order, found, proof.findings);
  check_dates(order, found, now, proof.findings);
  if (look.key == Look::Key::silent) proof.findings.push_back({Point::silent, {}, {}});
  const bool differs = !proof.findings.empty();
  if (look.key == Look::Key::closed) proof.findings.push_back({Point::unasked, {}, {}});
  proof.verdict = differs                  ? Verdict::differs
                  : proof.findings.empty() ? Verdict::proved
                                           : Verdict::not_looked_at;
  return proof;
}

bool acceptable(const Proof& proof) {
  switch (proof.verdict) {
    case Verdict::unchanged:
    case Verdict::proved:
      return false;
    case Verdict::not_looked_at:
      return true;
    case Verdict::differs:
      break;
  }
  return std::none_of(proof.findings.begin(), proof.findings.end(), [](const Finding& finding) {
    return finding.point == Point::missing || finding.point == Point::silent ||
           finding.point == Point::not_begun || finding.point == Point::ended;
  });
}

std::string_view name(Verdict verdict) {
  return verdict_names.at(static_cast<std::size_t>(verdict));
}
std::optional<Verdict> verdict_named(std::string_view text) {
  return value_named<Verdict>(verdict_names, text);
}
std::string_view name(Point point) {
  return point_names.at(static_cast<std::size_t>(point));
}
std::optional<Point> point_named(std::string_view text) {
  return value_named<Point>(point_names, text);
}

}  // namespace madoguchi::authority::terminal
