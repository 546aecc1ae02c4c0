// What is known at the counter about one visit: the facts of contract/decision.md, typed, every default
// filled in.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "base/result.hpp"
#include "policy/vocabulary.hpp"

namespace madoguchi::policy {

struct Policy;

struct CertificateFacts {
  CertificateState state = CertificateState::unknown;
  // The last day. Whether that day has passed is worked out from `Facts::at`, never told.
  std::optional<base::Date> expires_on;
  bool operator==(const CertificateFacts&) const = default;
};

struct HolderFacts {
  base::Date birth_date{};
  bool resident = true;  // in this municipality's resident register
  bool adult_ward = false;
  bool domicile_in_city = false;
  bool present = true;
  bool operator==(const HolderFacts&) const = default;
};

struct VisitorFacts {
  Role role = Role::holder;
  Relationship relationship = Relationship::other;
  bool same_household = false;
  bool operator==(const VisitorFacts&) const = default;
};

struct CardFacts {
  bool presented = true;
  std::optional<base::Date> expires_on;  // there whenever the card is presented
  bool face_authentication = false;
  bool operator==(const CardFacts&) const = default;
};

struct Wanted {
  bool signature = true;
  bool authentication = true;
  [[nodiscard]] bool has(Certificate c) const {
    return c == Certificate::signature ? signature : authentication;
  }
  bool operator==(const Wanted&) const = default;
};

struct PinFacts {
  PinState signature = PinState::unverified;
  PinState authentication = PinState::unverified;
  PinState resident_register = PinState::unverified;
  [[nodiscard]] PinState of(Pin pin) const;
  PinState& of(Pin pin);
  bool operator==(const PinFacts&) const = default;
};

struct Document {
  std::string type;             // one of document_types() or of the policy's own
  Person of = Person::visitor;  // whom it is about; the same person when the holder comes
  std::optional<base::Date> issued_on;
  std::optional<base::Date> expires_on;
  bool original = true;
  std::optional<bool> sealed;
  std::optional<FormSource> source;
  bool operator==(const Document&) const = default;
};

struct Facts {
  base::Instant at{};
  std::string office;
  Channel channel = Channel::counter;
  Purpose purpose = Purpose::renewal;
  Wanted wanted;
  HolderFacts holder;
  VisitorFacts visitor;
  CardFacts card;
  CertificateFacts signature;
  CertificateFacts authentication;
  PinFacts pins;
  std::vector<Document> documents;
  int visit = 1;                             // 1 or 2
  std::optional<base::Date> first_visit_on;  // only at the second visit

  [[nodiscard]] const CertificateFacts& certificate(Certificate c) const {
    return c == Certificate::signature ? signature : authentication;
  }
  bool operator==(const Facts&) const = default;
};

// How a field that there is none of is told in a fault's inner text, which goes into the log: a PIN may have
// been typed in its place. Whoever reads a file of their own is told it in full.
enum class UnknownNames { by_length, in_full };

// invalid_params with details.pointer (RFC 6901, e.g. "/holder/birth_date") and details.expected for an
// unknown field, a wrong type, an impossible date or time, a value outside its list, or a required one that
// is missing. `default_at` is the time of reception when the request names none. Offices and document types
// are only checked for their form; check_facts() holds them against a policy.
base::Result<Facts> parse_facts(const boost::json::object& json, base::Instant default_at,
                                UnknownNames names = UnknownNames::by_length);

// invalid_params, as above, when the office or a document type is not in the policy's lists.
base::Result<void> check_facts(const Policy& policy, const Facts& facts);

// Both of the above.
base::Result<Facts> parse_facts(const boost::json::object& json, base::Instant default_at,
                                const Policy& policy, UnknownNames names = UnknownNames::by_length);

// With every default written out; parse_facts() of it gives the same facts again.
boost::json::object to_json(const Facts& facts);

}  // namespace madoguchi::policy
