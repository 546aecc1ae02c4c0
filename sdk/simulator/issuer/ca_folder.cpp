#include "simulated_issuer/ca_folder.hpp"

#include <openssl/bio.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <fstream>

#include "extensions.hpp"

namespace madoguchi::simulated_issuer {
namespace {

namespace fs = std::filesystem;
using BioHandle = Handle<BIO, BIO_free_all>;

constexpr std::string_view organisation = "JPKI-TEST";
constexpr auto lifetime = std::chrono::hours(24 * 3652);
// Certificates made for a virtual card may begin years ago; their issuer must be older.
constexpr auto age = std::chrono::hours(24 * 3652);

base::Fault unavailable(std::string inner) {
  return base::make_fault(base::Code::storage_unavailable, std::move(inner));
}

base::Instant now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string_view unit_of(Kind kind) {
  return kind == Kind::signature ? "JPKI for digital signature" : "JPKI for user authentication";
}

NameHandle issuer_name(Kind kind) {
  const NamePart parts[] = {
      {NID_countryName, "JP"},
      {NID_organizationName, organisation},
      {NID_organizationalUnitName, unit_of(kind)},
      {NID_organizationalUnitName, "Japan Agency for Local Authority Information Systems"},
  };
  return make_name(parts);
}

NameHandle service_name(std::string_view common_name) {
  const NamePart parts[] = {
      {NID_countryName, "JP"}, {NID_organizationName, organisation}, {NID_commonName, common_name}};
  return make_name(parts);
}

bool add_ca_extensions(X509* certificate) {
  return add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE") &&
         add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
         add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
}

bool make_issuing(Kind kind, Credential& credential) {
  const auto name = issuer_name(kind);
  const NamePart alternative_parts[] = {{NID_countryName, "JP"},
                                        {NID_organizationName, "公的個人認証サービス(試験)"}};
  const NamePart crl_parts[] = {{NID_countryName, "JP"},
                                {NID_organizationName, organisation},
                                {NID_organizationalUnitName, unit_of(kind)},
                                {NID_organizationalUnitName, "CRL Distribution Points"},
                                {NID_commonName, "JPKI-TEST CA"}};
  const auto alternative = make_name(alternative_parts);
  const auto crl = make_name(crl_parts);
  credential.key = make_rsa_key();
  if (!name || !alternative || !crl || !credential.key) return false;
  credential.certificate =
      begin_certificate(name.get(), name.get(), credential.key.get(), now() - age, now() + lifetime);
  X509* certificate = credential.certificate.get();
  return certificate != nullptr && add_ca_extensions(certificate) &&
         add_directory_name(certificate, alternative.get()) && add_crl_point(certificate, crl.get()) &&
         sign_certificate(certificate, credential.key.get());
}

bool make_root(Credential& credential) {
  const auto name = service_name("madoguchi development services");
  credential.key = make_rsa_key();
  if (!name || !credential.key) return false;
  credential.certificate =
      begin_certificate(name.get(), name.get(), credential.key.get(), now(), now() + lifetime);
  X509* certificate = credential.certificate.get();
  return certificate != nullptr && add_ca_extensions(certificate) &&
         sign_certificate(certificate, credential.key.get());
}

// A service's certificate. `no_check`: nobody need ask for its own status (RFC 6960 4.2.2.2.1).
bool make_service(const Credential& issuer, std::string_view common_name, const char* purpose, bool no_check,
                  Credential& credential) {
  const auto name = service_name(common_name);
  credential.key = make_rsa_key();
  if (!name || !credential.key) return false;
  X509* above = issuer.certificate.get();
  credential.certificate = begin_certificate(name.get(), X509_get_subject_name(above), credential.key.get(),
                                             now(), now() + lifetime - std::chrono::hours(24));
  X509* certificate = credential.certificate.get();
  return certificate != nullptr &&
         add_extension(certificate, above, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, above, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, above, NID_ext_key_usage, purpose) &&
         (!no_check || add_extension(certificate, above, NID_id_pkix_OCSP_noCheck, "")) &&
         add_extension(certificate, above, NID_subject_key_identifier, "hash") &&
         add_extension(certificate, above, NID_authority_key_identifier, "keyid:always") &&
         sign_certificate(certificate, issuer.key.get());
}

base::Result<void> write_file(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return unavailable("cannot write " + path.filename().string());
  return {};
}

std::string contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

base::Result<void> write_credential(const fs::path& folder, const std::string& name,
                                    const Credential& credential) {
  const BioHandle certificate(BIO_new(BIO_s_mem()));
  const BioHandle key(BIO_new(BIO_s_mem()));
  if (!certificate || !key || PEM_write_bio_X509(certificate.get(), credential.certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key.get(), credential.key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1) {
    return openssl_fault("write " + name);
  }
  if (auto done = write_file(folder / (name + ".key.pem"), contents(key.get())); !done) return done;
  return write_file(folder / (name + ".crt.pem"), contents(certificate.get()));
}

base::Result<void> read_credential(const fs::path& folder, const std::string& name, Credential& credential) {
  const BioHandle certificate(BIO_new_file((folder / (name + ".crt.pem")).c_str(), "r"));
  const BioHandle key(BIO_new_file((folder / (name + ".key.pem")).c_str(), "r"));
  if (certificate)
    credential.certificate.reset(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  if (key) credential.key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  if (!credential.certificate || !credential.key)
    return unavailable("read " + name + ": " + openssl_errors());
  if (X509_check_private_key(credential.certificate.get(), credential.key.get()) != 1) {
    return unavailable(name + ": key and certificate do not belong together");
  }
  return {};
}

base::Result<base::Bytes> read_terminal_key(const fs::path& path) {
  std::ifstream file(path);
  std::string text;
  file >> text;
  auto key = base::from_hex(text);
  if (!key || key->size() != 32)
    return unavailable(path.filename().string() + " does not hold 32 bytes in hexadecimal");
  return *std::move(key);
}

base::Result<void> prepare_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return unavailable(error.message());
  // Whatever is left of another CA there would not fit: its register names keys that nobody has any more.
  for (const auto* name : {"signature.key.pem", "root.key.pem", "ca.db"}) {
    if (fs::exists(path / name))
      return base::make_fault(base::Code::conflict, std::string(name) + " is there already");
  }
  return {};
}

}  // namespace

std::string_view to_string(Kind kind) {
  return kind == Kind::signature ? "signature" : "authentication";
}

base::Result<CaFolder> CaFolder::create(const fs::path& path) {
  if (auto ready = prepare_folder(path); !ready) return ready.error();
  CaFolder made;
  const bool done =
      make_issuing(Kind::signature, made.signature_) &&
      make_issuing(Kind::authentication, made.authentication_) && make_root(made.root_) &&
      make_service(made.signature_, "JPKI-TEST signature OCSP", "OCSPSigning", true, made.signature_ocsp_) &&
      make_service(made.authentication_, "JPKI-TEST authentication OCSP", "OCSPSigning", true,
                   made.authentication_ocsp_) &&
      make_service(made.root_, "JPKI-TEST CMP", "cmcCA", false, made.cmp_) &&
      make_service(made.root_, "madoguchi development RA", "cmcRA", false, made.ra_);
  if (!done) return openssl_fault("make the CA's keys");

  const mode_t former = umask(0077);
  base::Result<void> written =
      write_file(path / "terminal.key.hex", base::to_hex(base::random_bytes(32)) + "\n");
  const std::pair<const char*, const Credential*> credentials[] = {
      {"root", &made.root_},
      {"cmp", &made.cmp_},
      {"ra", &made.ra_},
      {"signature-ocsp", &made.signature_ocsp_},
      {"authentication-ocsp", &made.authentication_ocsp_},
      {"signature", &made.signature_},
      {"authentication", &made.authentication_},
  };
  for (const auto& [name, credential] : credentials) {
    if (written) written = write_credential(path, name, *credential);
  }
  umask(former);
  if (!written) return written.error();
  return load(path);
}

base::Result<CaFolder> CaFolder::load(const fs::path& path) {
  CaFolder loaded;
  loaded.path_ = path;
  const std::pair<const char*, Credential*> credentials[] = {
      {"root", &loaded.root_},
      {"cmp", &loaded.cmp_},
      {"ra", &loaded.ra_},
      {"signature-ocsp", &loaded.signature_ocsp_},
      {"authentication-ocsp", &loaded.authentication_ocsp_},
      {"signature", &loaded.signature_},
      {"authentication", &loaded.authentication_},
  };
  for (const auto& [name, credential] : credentials) {
    if (auto read = read_credential(path, name, *credential); !read) return read.error();
  }
  auto key = read_terminal_key(path / "terminal.key.hex");
  if (!key) return key.error();
  loaded.terminal_key_ = *std::move(key);
  return loaded;
}

}  // namespace madoguchi::simulated_issuer
