#include "ca_fixture.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/json/parse.hpp>
#include <map>

namespace madoguchi::simulated_ca {
namespace {

namespace fs = std::filesystem;

CaFolder copy_folder(const fs::path& path) {
  fs::copy(fs::path(DEVELOPMENT_CA) / "ca", path);
  fs::remove(path / "ca.db");
  return CaFolder::load(path).value();
}

}  // namespace

base::Instant SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

EVP_PKEY* key_number(std::size_t number) {
  static std::map<std::size_t, simulated_issuer::KeyHandle> keys;
  auto& key = keys[number];
  if (!key) {
    const auto file = fs::path(DEVELOPMENT_CA) / ("card-" + std::to_string(number) + ".key.pem");
    const Handle<BIO, BIO_free_all> bio(BIO_new_file(file.c_str(), "r"));
    key.reset(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!key) throw std::runtime_error("no such key: " + file.string());
  }
  return key.get();
}

base::Bytes spki_of(EVP_PKEY* key) {
  X509_PUBKEY* made = nullptr;
  EXPECT_EQ(X509_PUBKEY_set(&made, key), 1);
  const simulated_issuer::PublicKeyHandle holder(made);
  return to_der(made, i2d_X509_PUBKEY);
}

base::Bytes spki_of(const X509* certificate) {
  return to_der(X509_get_X509_PUBKEY(certificate), i2d_X509_PUBKEY);
}

base::Bytes subject_of(const X509* certificate) {
  return to_der(X509_get_subject_name(certificate), i2d_X509_NAME);
}

base::Bytes alternative_names_of(const X509* certificate) {
  const int index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
  if (index < 0) return {};
  const auto* value = X509_EXTENSION_get_data(X509_get_ext(certificate, index));
  return {ASN1_STRING_get0_data(value), ASN1_STRING_get0_data(value) + ASN1_STRING_length(value)};
}

CaTest::CaTest() : folder_(copy_folder(temporary_.path())) {
  restart();
  signature_ = enter(Kind::signature, key_number(0), in_months(1));
  authentication_ = enter(Kind::authentication, key_number(1), in_months(1));
}

void CaTest::restart() {
  server_.reset();
  issued_ = std::make_unique<simulated_issuer::Register>(simulated_issuer::Register::open(folder_).value());
  server_ = CmpServer::open(folder_, *issued_, faults_, clock_).value();
}

void CaTest::plan(const std::string& fault) {
  const auto done = faults_.add(boost::json::parse(fault));
  ASSERT_TRUE(done) << base::describe(done.error());
}

Entry CaTest::enter(Kind kind, EVP_PKEY* key, base::Date last_day, const simulated_issuer::Holding& holding) {
  simulated_issuer::IssueRequest request;
  request.spki = spki_of(key);
  request.subject_der = simulated_issuer::make_subject(kind, {"Tokyo-to", "Musashino-shi"},
                                                       simulated_issuer::random_common_name("13203"));
  if (kind == Kind::signature) {
    request.holder = simulated_issuer::Holder{"山田　花子", '2', year(1990) / January / 2,
                                              "東京都武蔵野市緑町２丁目２番２８号"};
  }
  request.not_before = clock_.now() - std::chrono::hours(24 * 365 * 4);
  request.last_day = last_day;
  const auto certificate = simulated_issuer::issue(folder_, kind, request).value();
  return issued_->add(kind, certificate, {true, "", "", holding}, clock_.now()).value();
}

Entry CaTest::entry_of(const X509* certificate) {
  return entry(simulated_issuer::serial_text(X509_get0_serialNumber(certificate)));
}

}  // namespace madoguchi::simulated_ca
