#include "fixture.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "extension/signing.hpp"
#include "openssl.hpp"

namespace madoguchi::extension {
namespace {

namespace fs = std::filesystem;

void name_it(X509_NAME* subject, const std::string& name) {
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
}

}  // namespace

base::Bytes read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, base::ByteView bytes) {
  fs::remove(path);
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

std::string as_text(base::ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}
base::ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Vendor::Vendor(const TemporaryFolder& folder, const std::string& name, const char* extended_key_usage,
               std::chrono::seconds begins, std::chrono::seconds ends)
    : certificate(folder / (name + ".crt.pem")), key(folder / (name + ".key.pem")) {
  const Key pair(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), begins.count());
  X509_gmtime_adj(X509_getm_notAfter(made.get()), ends.count());
  X509_set_pubkey(made.get(), pair.get());
  name_it(X509_get_subject_name(made.get()), name);
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  if (extended_key_usage != nullptr) {
    auto* usage = X509V3_EXT_conf_nid(nullptr, nullptr, NID_ext_key_usage, extended_key_usage);
    X509_add_ext(made.get(), usage, -1);
    X509_EXTENSION_free(usage);
  }
  X509_sign(made.get(), pair.get(), EVP_sha256());
  const Bio certificate_file(BIO_new_file(certificate.c_str(), "w"));
  PEM_write_bio_X509(certificate_file.get(), made.get());
  const Bio key_file(BIO_new_file(key.c_str(), "w"));
  PEM_write_bio_PrivateKey(key_file.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

void Vendor::sign(const fs::path& manifest) const {
  const auto signature = sign_manifest(read_file(manifest), certificate, key);
  ASSERT_TRUE(signature) << base::describe(signature.error());
  write_file(manifest.string() + ".p7s", *signature);
}

void KeptLog::write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) {
  text.append(id);
  for (const auto& field : fields) {
    text.append(" ").append(field.name).append("=");
    if (const auto* words = std::get_if<std::string>(&field.value)) text.append(*words);
  }
  text.append("\n");
}

void put(const TemporaryFolder& folder, const std::string& name) {
  for (const auto* suffix : {".so", ".json"})
    write_file(folder / (name + suffix), read_file(fs::path(BAD_FOLDER) / (name + suffix)));
}

void put_deed(const TemporaryFolder& folder, const std::string& name, std::string_view deed) {
  auto bytes = read_file(folder / (name + ".so"));
  const auto before = base::to_hex(base::sha256(bytes));
  constexpr std::string_view mark("DEED:\0\0\0\0", 9);
  const auto at = std::search(bytes.begin(), bytes.end(), mark.begin(), mark.end());
  ASSERT_NE(at, bytes.end());
  ASSERT_LT(deed.size(), 250U);
  std::copy(deed.begin(), deed.end(), at + 5);
  write_file(folder / (name + ".so"), bytes);
  change(folder / (name + ".json"), before, base::to_hex(base::sha256(bytes)));
}

void change(const std::filesystem::path& file, std::string_view from, std::string_view to) {
  auto text = as_text(read_file(file));
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  write_file(file, as_bytes(text.replace(at, from.size(), to)));
}

PluginConfig configured(const std::string& name, Isolation isolation) {
  return {.name = name, .isolate = isolation, .allow_unsigned = true, .deadline = std::chrono::seconds(20)};
}

HostConfig host(const TemporaryFolder& folder, std::vector<PluginConfig> plugins) {
  HostConfig config;
  config.folder = folder.path();
  config.host_program = HOST_PROGRAM;
  config.plugins = std::move(plugins);
  return config;
}

policy::Policy policy_with(const std::string& plugin, boost::json::object section) {
  policy::Policy policy;
  policy.municipality.id = "example";
  policy.version = "1";
  policy.digest = std::string(64, '0');
  policy::Office office;
  office.id = "hall";
  office.name = {"市役所", "City Hall"};
  policy.offices.push_back(std::move(office));
  policy.plugins[plugin].value = std::move(section);
  return policy;
}

policy::Facts visit() {
  policy::Facts facts;
  facts.at = base::parse_time("2026-02-12T10:00:00+09:00").value();
  facts.office = "hall";
  facts.holder.birth_date = base::parse_date("1980-04-10").value();
  facts.card.expires_on = base::parse_date("2031-04-10");
  facts.authentication = {policy::CertificateState::valid, base::parse_date("2026-04-10")};
  facts.signature = facts.authentication;
  return facts;
}

}  // namespace madoguchi::extension
