// Certificates with the profile of JPKI's (公的個人認証サービス), under a development CA: O=JPKI-TEST
// throughout.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.hpp"
#include "base/calendar.hpp"
#include "base/result.hpp"
#include "simulated_issuer/ca_folder.hpp"

namespace madoguchi::simulated_issuer {

// 基本4情報, as the signature certificate's subjectAltName holds it (otherName UTF8String,
// arc 1.2.392.200149.8.5.5).
struct Holder {
  std::string name;     // U+3000 between family and given name
  char sex = '9';       // '1' male, '2' female, '9' not stated
  base::Date birth;     // 1868-09-08 or later; written as the era's digit and YYYYMMDD
  std::string address;  // with full-width digits
};

struct IssueRequest {
  base::Bytes spki;         // SubjectPublicKeyInfo
  base::Bytes subject_der;  // Name; see make_subject()
  // Signature certificates only: who the holder is, or the old certificate's subjectAltName value
  // (GeneralNames, DER) to be copied as it is. Authentication certificates name nobody.
  std::variant<std::monostate, Holder, base::Bytes> holder;
  base::Instant not_before;
  base::Date last_day;  // notAfter is 23:59:59 of that day in Japan
};

// The certificate, DER. invalid_params when the request makes no certificate of that kind: no subject, no
// key, a holder missing or too many, an end before its beginning.
base::Result<base::Bytes> issue(const CaFolder& folder, Kind kind, const IssueRequest& request);

struct Locality {
  std::string prefecture;  // romanised, e.g. `Tokyo-to`
  std::string city;        // `Musashino-shi`
};

// `C=JP, L=<prefecture>, L=<city>, CN=` for signature, `C=JP, CN=` for authentication; a Name, DER.
base::Bytes make_subject(Kind kind, const Locality& locality, std::string_view common_name);
// An opaque name of the form seen on test cards: 14 random letters and digits, the municipality's five
// digits, `003A`.
std::string random_common_name(std::string_view municipality);

// The last instant of that day in Japan that a certificate can name: 23:59:59.
base::Instant end_of_day_in_japan(base::Date day);

}  // namespace madoguchi::simulated_issuer
