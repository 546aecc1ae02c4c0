#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>

#include "base/calendar.hpp"
#include "base/key_file.hpp"
#include "doctor/examinations.hpp"

namespace madoguchi::doctor {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// An authority's procedure for a new one takes weeks.
constexpr int warned_days = 30;

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using X509Ptr = std::unique_ptr<X509, FreeX509>;

X509Ptr certificate_in(base::ByteView bytes) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())), &BIO_free);
  if (X509Ptr read{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) return read;
  const auto* begin = bytes.data();
  return X509Ptr(d2i_X509(nullptr, &begin, static_cast<long>(bytes.size())));
}

std::optional<base::Instant> instant_of(const ASN1_TIME* time) {
  tm broken{};
  if (ASN1_TIME_to_tm(time, &broken) != 1) return std::nullopt;
  return base::Instant(std::chrono::seconds(::timegm(&broken)));
}

json::object about(const Credentials& of) {
  return {{"name", of.authority}, {"path", of.certificate.string()}};
}

Finding unusable(const Credentials& of, const std::string& why) {
  auto facts = about(of);
  facts["why"] = why;
  return {State::wrong, "ra_certificate.unusable", std::move(facts)};
}

}  // namespace

bool handed_over(const fs::path& path) {
  return path.string().starts_with("/run/credentials/");
}

Finding not_permitted(const fs::path& path) {
  return {State::attention, "file.not_permitted", {{"path", path.string()}}};
}

std::optional<base::Instant> end_of_certificate(base::ByteView pem_or_der) {
  const auto certificate = certificate_in(pem_or_der);
  return certificate ? instant_of(X509_get0_notAfter(certificate.get())) : std::nullopt;
}

Finding judge_ra_certificate(const Credentials& of, base::ByteView pem_or_der, base::Instant now) {
  const auto certificate = certificate_in(pem_or_der);
  if (!certificate) return unusable(of, "no certificate");
  const auto begin = instant_of(X509_get0_notBefore(certificate.get()));
  const auto end = instant_of(X509_get0_notAfter(certificate.get()));
  if (!begin || !end) return unusable(of, "its dates cannot be read");
  auto facts = about(of);
  const auto days = std::chrono::floor<std::chrono::days>(*end - now).count();
  facts["days"] = days;
  facts["date"] = base::format_date(base::date_in_japan(now < *begin ? *begin : *end));
  if (now < *begin) return {State::wrong, "ra_certificate.not_yet", std::move(facts)};
  if (now >= *end) return {State::wrong, "ra_certificate.ended", std::move(facts)};
  if (days <= warned_days) return {State::attention, "ra_certificate.ends_soon", std::move(facts)};
  return {State::ok, "ra_certificate.ok", std::move(facts)};
}

Finding examine_ra_certificate(const Credentials& of, base::Instant now) {
  std::error_code error;
  if (fs::is_directory(of.certificate, error)) return unusable(of, std::generic_category().message(EISDIR));
  std::ifstream file(of.certificate, std::ios::binary);
  if (!file && errno == EACCES) return not_permitted(of.certificate);
  if (!file) return unusable(of, std::generic_category().message(errno));
  const base::Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return judge_ra_certificate(of, bytes, now);
}

Finding examine_ra_key(const Credentials& of) {
  json::object facts{{"name", of.authority}, {"path", of.key.string()}};
  struct stat status {};
  if (::stat(of.key.c_str(), &status) != 0) {
    if (handed_over(of.key)) return {State::ok, "ra_key.handed_over", std::move(facts)};
    if (errno == EACCES) return not_permitted(of.key);
    return {State::wrong, "ra_key.missing", std::move(facts)};
  }
  if (::access(of.key.c_str(), R_OK) != 0) return not_permitted(of.key);
  if (!base::check_secret(of.key, "the key")) return {State::wrong, "ra_key.mode", std::move(facts)};
  return {State::ok, "ra_key.ok", std::move(facts)};
}

}  // namespace madoguchi::doctor
