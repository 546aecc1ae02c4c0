// The daemon's own Ed25519 key, which signs where the chain stands.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace madoguchi::audit {

class PublicKey {
 public:
  // SubjectPublicKeyInfo as PEM; internal when it is no Ed25519 key.
  static base::Result<PublicKey> from_pem(std::string_view pem);
  [[nodiscard]] std::string to_pem() const;
  // SHA-256 of its 32 bytes, in hexadecimal: how a statement names its key.
  [[nodiscard]] std::string id() const;
  [[nodiscard]] bool verifies(std::string_view text, base::ByteView signature) const;

  struct Inside;

 private:
  friend class SigningKey;
  explicit PublicKey(std::shared_ptr<const Inside> inside) : inside_(std::move(inside)) {}
  std::shared_ptr<const Inside> inside_;
};

class SigningKey {
 public:
  static SigningKey generate();
  // PKCS #8 as PEM, not encrypted; internal when it is no Ed25519 key.
  static base::Result<SigningKey> from_pem(std::string_view pem);
  // The caller wipes it.
  [[nodiscard]] std::string to_pem() const;
  [[nodiscard]] PublicKey public_key() const { return PublicKey(inside_); }
  [[nodiscard]] base::Bytes sign(std::string_view text) const;

 private:
  explicit SigningKey(std::shared_ptr<const PublicKey::Inside> inside) : inside_(std::move(inside)) {}
  std::shared_ptr<const PublicKey::Inside> inside_;
};

}  // namespace madoguchi::audit
