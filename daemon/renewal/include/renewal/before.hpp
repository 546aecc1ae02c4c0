// The certificate that was on the card before, as far as the case has read it.
#pragma once

#include <optional>
#include <string>

#include "renewal/case.hpp"

namespace madoguchi::renewal {

struct CertificateBefore {
  std::string serial;
  base::Date last_day{};
  std::optional<mynumber::Certificate> whole{};  // nothing: only these two were kept of it
};
// Of what the official terminal was not handed over for, or what only its PIN opens, the case has kept what
// it has seen of the card before.
std::optional<CertificateBefore> certificate_before(const Case& visit, const Saga& saga);

// By what was seen of the card (`Case::seen`); empty: it was not read.
std::string serial_seen(const boost::json::object& seen, CertificateName which);

}  // namespace madoguchi::renewal
