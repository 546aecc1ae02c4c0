// What the development CA has issued: one serial a key, for ever. A SQLite file, shared by programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/calendar.hpp"
#include "base/result.hpp"
#include "simulated_issuer/ca_folder.hpp"
#include "simulated_issuer/database.hpp"

namespace madoguchi::simulated_issuer {

struct Revocation {
  base::Instant at;
  int reason = 0;  // CRLReason, RFC 5280 5.3.1
};

// What the issuer knows about the holder besides the certificate; a renewal inherits it from its predecessor.
struct Holding {
  std::optional<base::Date> birth;
  std::optional<base::Date> card_last_day;
};

// What comes with a new entry.
struct Registration {
  bool confirmed = false;  // a card is known to hold it
  std::string
      transaction;  // CMP transactionID in hexadecimal; empty: issued otherwise, as by the card factory
  std::string predecessor;  // serial; may be empty
  Holding holding;
};

struct Entry {
  Kind kind = Kind::signature;
  std::string serial;       // hexadecimal, lower case, no leading zeros
  std::string spki_sha256;  // hexadecimal
  std::string subject;      // RFC 2253, UTF-8
  base::Bytes subject_der;
  base::Bytes certificate;  // DER
  base::Instant issued_at, not_before, not_after;
  Registration registration;
  std::optional<Revocation> revocation;
};

// Not for several threads at once. Faults: storage.*, and those named.
class Register {
 public:
  static base::Result<Register> open(const CaFolder& folder);

  // Enters a certificate made by issue(), so that OCSP, revocation and renewal know it. conflict when its key
  // or serial is entered already, invalid_params when it is no certificate.
  base::Result<Entry> add(Kind kind, base::ByteView certificate, const Registration& registration,
                          base::Instant now);

  [[nodiscard]] base::Result<std::optional<Entry>> find(std::string_view serial) const;
  [[nodiscard]] base::Result<std::optional<Entry>> find_key(base::ByteView spki) const;
  // The one entered last of that kind for that subject.
  [[nodiscard]] base::Result<std::optional<Entry>> find_subject(Kind kind, base::ByteView subject_der) const;
  // In the order of their entry.
  [[nodiscard]] base::Result<std::vector<Entry>> all() const;

  base::Result<void> confirm(std::string_view serial);
  // false: it had been revoked before, and keeps its first date and reason. not_found for an unknown serial.
  base::Result<bool> revoke(std::string_view serial, const Revocation& revocation);

 private:
  explicit Register(Database database) : database_(std::move(database)) {}
  Database database_;
};

// As in Entry.
std::string serial_text(const ASN1_INTEGER* serial);
std::string key_hash(base::ByteView spki);

}  // namespace madoguchi::simulated_issuer
