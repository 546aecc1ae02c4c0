// The development CA's folder: its keys and certificates, the counter's RA, the terminal key and the
// register's file.
#pragma once

#include <filesystem>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "simulated_issuer/handle.hpp"

namespace madoguchi::simulated_issuer {

// JPKI's two certificates, each with an issuing CA of its own.
enum class Kind : std::uint8_t { signature, authentication };

inline constexpr Kind kinds[] = {Kind::signature, Kind::authentication};

// "signature", "authentication".
std::string_view to_string(Kind kind);

struct Credential {
  CertificateHandle certificate;
  KeyHandle key;
};

// Immutable once made; may be read by several threads.
class CaFolder {
 public:
  // Makes the folder (rights 0700) and all keys in it; takes about two seconds. conflict when it holds a CA
  // already, storage.unavailable when it cannot be written.
  static base::Result<CaFolder> create(const std::filesystem::path& path);
  // storage.unavailable when a file is missing or unreadable.
  static base::Result<CaFolder> load(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // The register's SQLite file.
  [[nodiscard]] std::filesystem::path database() const { return path_ / "ca.db"; }

  // Signs certificates and CRLs of that kind. Self-signed.
  [[nodiscard]] const Credential& issuing(Kind kind) const {
    return kind == Kind::signature ? signature_ : authentication_;
  }
  // Signs OCSP answers for that kind; issued by issuing(kind), with OCSPSigning (RFC 6960 4.2.2.2).
  [[nodiscard]] const Credential& ocsp(Kind kind) const {
    return kind == Kind::signature ? signature_ocsp_ : authentication_ocsp_;
  }
  // Above the CMP server and the counter's RA; issues nothing for cards. Self-signed.
  [[nodiscard]] const Credential& root() const { return root_; }
  [[nodiscard]] const Credential& cmp() const { return cmp_; }
  [[nodiscard]] const Credential& ra() const { return ra_; }
  // 32 bytes, shared by the virtual cards and the counters of this CA.
  [[nodiscard]] const base::Bytes& terminal_key() const { return terminal_key_; }

 private:
  CaFolder() = default;

  std::filesystem::path path_;
  Credential signature_, authentication_, signature_ocsp_, authentication_ocsp_, root_, cmp_, ra_;
  base::Bytes terminal_key_;
};

}  // namespace madoguchi::simulated_issuer
