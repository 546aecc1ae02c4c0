#include "simulated_issuer/register.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>

#include <algorithm>

namespace madoguchi::simulated_issuer {
namespace {

// Times are seconds since 1970.
const std::string schema = R"(
CREATE TABLE IF NOT EXISTS issued(
  number INTEGER PRIMARY KEY,
  serial TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('signature', 'authentication')),
  spki_sha256 TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  subject_der BLOB NOT NULL,
  certificate BLOB NOT NULL,
  issued_at INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  transaction_id TEXT NOT NULL,
  predecessor TEXT NOT NULL,
  birth TEXT,
  card_last_day TEXT,
  revoked_at INTEGER,
  reason INTEGER);
CREATE INDEX IF NOT EXISTS issued_by_subject ON issued(kind, subject_der);
)";

constexpr std::string_view columns =
    "SELECT serial, kind, spki_sha256, subject, subject_der, certificate, issued_at, not_before, not_after, "
    "confirmed, "
    "transaction_id, predecessor, birth, card_last_day, revoked_at, reason FROM issued ";

std::int64_t seconds(base::Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

base::Instant instant(std::int64_t seconds) {
  return base::Instant(std::chrono::seconds(seconds));
}

std::optional<std::string> text_of(const std::optional<base::Date>& date) {
  if (!date) return std::nullopt;
  return base::format_date(*date);
}

Entry entry_of(const Statement& row) {
  Entry entry;
  entry.serial = row.text(0);
  entry.kind = row.text(1) == to_string(Kind::signature) ? Kind::signature : Kind::authentication;
  entry.spki_sha256 = row.text(2);
  entry.subject = row.text(3);
  entry.subject_der = row.blob(4);
  entry.certificate = row.blob(5);
  entry.issued_at = instant(row.integer(6));
  entry.not_before = instant(row.integer(7));
  entry.not_after = instant(row.integer(8));
  entry.registration.confirmed = row.integer(9) != 0;
  entry.registration.transaction = row.text(10);
  entry.registration.predecessor = row.text(11);
  entry.registration.holding.birth = base::parse_date(row.text(12));
  entry.registration.holding.card_last_day = base::parse_date(row.text(13));
  if (!row.is_null(14))
    entry.revocation = Revocation{instant(row.integer(14)), static_cast<int>(row.integer(15))};
  return entry;
}

base::Result<std::optional<Entry>> one(Statement statement) {
  auto row = statement.step();
  if (!row) return row.error();
  if (!*row) return std::optional<Entry>();
  return std::optional<Entry>(entry_of(statement));
}

std::string name_text(const X509_NAME* name) {
  const Handle<BIO, BIO_free_all> bio(BIO_new(BIO_s_mem()));
  // RFC 2253 with UTF-8 as it is.
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0,
                                 XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) < 0) {
    return {};
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::optional<base::Instant> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return base::Instant(std::chrono::seconds(timegm(&parts)));
}

std::optional<Entry> read_certificate(base::ByteView der) {
  const auto certificate = from_der<CertificateHandle>(der, d2i_X509);
  if (!certificate) return std::nullopt;
  const auto not_before = time_of(X509_get0_notBefore(certificate.get()));
  const auto not_after = time_of(X509_get0_notAfter(certificate.get()));
  if (!not_before || !not_after) return std::nullopt;
  Entry entry;
  entry.serial = serial_text(X509_get0_serialNumber(certificate.get()));
  entry.spki_sha256 = key_hash(to_der(X509_get_X509_PUBKEY(certificate.get()), i2d_X509_PUBKEY));
  entry.subject = name_text(X509_get_subject_name(certificate.get()));
  entry.subject_der = to_der(X509_get_subject_name(certificate.get()), i2d_X509_NAME);
  entry.certificate.assign(der.begin(), der.end());
  entry.not_before = *not_before;
  entry.not_after = *not_after;
  return entry;
}

}  // namespace

base::Result<Register> Register::open(const CaFolder& folder) {
  auto database = Database::open(folder.database(), schema);
  if (!database) return database.error();
  return Register(*std::move(database));
}

base::Result<Entry> Register::add(Kind kind, base::ByteView certificate, const Registration& registration,
                                  base::Instant now) {
  auto entry = read_certificate(certificate);
  if (!entry) return base::make_fault(base::Code::invalid_params, "no certificate: " + openssl_errors());
  entry->kind = kind;
  entry->registration = registration;
  entry->issued_at = now;
  auto statement = database_.prepare(
      "INSERT INTO issued(serial, kind, spki_sha256, subject, subject_der, certificate, issued_at, "
      "not_before, not_after, "
      "confirmed, transaction_id, predecessor, birth, card_last_day) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  statement.bind(entry->serial).bind(to_string(kind)).bind(entry->spki_sha256).bind(entry->subject);
  statement.bind(base::ByteView(entry->subject_der)).bind(certificate);
  statement.bind(seconds(now)).bind(seconds(entry->not_before)).bind(seconds(entry->not_after));
  statement.bind(std::int64_t{registration.confirmed ? 1 : 0});
  statement.bind(registration.transaction).bind(registration.predecessor);
  statement.bind(text_of(registration.holding.birth)).bind(text_of(registration.holding.card_last_day));
  if (auto done = statement.step(); !done) return done.error();
  return *std::move(entry);
}

base::Result<std::optional<Entry>> Register::find(std::string_view serial) const {
  auto statement = database_.prepare(std::string(columns) + "WHERE serial = ?");
  statement.bind(serial);
  return one(std::move(statement));
}

base::Result<std::optional<Entry>> Register::find_key(base::ByteView spki) const {
  auto statement = database_.prepare(std::string(columns) + "WHERE spki_sha256 = ?");
  statement.bind(key_hash(spki));
  return one(std::move(statement));
}

base::Result<std::optional<Entry>> Register::find_subject(Kind kind, base::ByteView subject_der) const {
  auto statement = database_.prepare(std::string(columns) +
                                     "WHERE kind = ? AND subject_der = ? ORDER BY number DESC LIMIT 1");
  statement.bind(to_string(kind)).bind(subject_der);
  return one(std::move(statement));
}

base::Result<std::vector<Entry>> Register::all() const {
  auto statement = database_.prepare(std::string(columns) + "ORDER BY number");
  std::vector<Entry> entries;
  while (true) {
    auto row = statement.step();
    if (!row) return row.error();
    if (!*row) return entries;
    entries.push_back(entry_of(statement));
  }
}

base::Result<void> Register::confirm(std::string_view serial) {
  auto statement = database_.prepare("UPDATE issued SET confirmed = 1 WHERE serial = ?");
  statement.bind(serial);
  if (auto done = statement.step(); !done) return done.error();
  if (database_.changes() == 0)
    return base::make_fault(base::Code::not_found, "no certificate with that serial");
  return {};
}

base::Result<bool> Register::revoke(std::string_view serial, const Revocation& revocation) {
  auto statement = database_.prepare(
      "UPDATE issued SET revoked_at = ?, reason = ? WHERE serial = ? AND revoked_at IS NULL");
  statement.bind(seconds(revocation.at)).bind(std::int64_t{revocation.reason}).bind(serial);
  if (auto done = statement.step(); !done) return done.error();
  if (database_.changes() == 1) return true;
  auto known = find(serial);
  if (!known) return known.error();
  if (!*known) return base::make_fault(base::Code::not_found, "no certificate with that serial");
  return false;
}

std::string serial_text(const ASN1_INTEGER* serial) {
  const Handle<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (!number) return {};
  base::Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  auto text = base::to_hex(bytes);
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  return text.empty() ? "0" : text;
}

std::string key_hash(base::ByteView spki) {
  return base::to_hex(base::sha256(spki));
}

}  // namespace madoguchi::simulated_issuer
