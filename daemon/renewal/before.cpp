#include "renewal/before.hpp"

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;

const json::object* object_in(const json::object& of, std::string_view key) {
  const auto* value = of.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

std::string text_in(const json::object* of, std::string_view key) {
  const auto* value = of != nullptr ? of->if_contains(key) : nullptr;
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

std::string serial_seen(const json::object& seen, CertificateName which) {
  return text_in(object_in(seen, "serials"), mynumber::name(which));
}

std::optional<CertificateBefore> certificate_before(const Case& visit, const Saga& saga) {
  if (!saga.old_certificate.empty()) {
    auto read = mynumber::parse_certificate(saga.old_certificate);
    if (!read) return std::nullopt;
    CertificateBefore before{read->serial, read->last_day, {}};
    before.whole = std::move(*read);
    return before;
  }
  // What was seen may be of another one by now.
  const auto serial = serial_seen(visit.seen, saga.certificate);
  if (serial.empty() || serial != saga.serial_before) return std::nullopt;
  const auto* all = object_in(visit.seen, "certificates");
  const auto* about = all != nullptr ? object_in(*all, mynumber::name(saga.certificate)) : nullptr;
  const auto last_day = base::parse_date(text_in(about, "expires_on"));
  if (!last_day) return std::nullopt;
  return CertificateBefore{serial, *last_day, {}};
}

}  // namespace madoguchi::renewal
