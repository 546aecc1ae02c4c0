#include "storage/keyring.hpp"

namespace madoguchi::storage {
namespace {

constexpr std::size_t key_size = 32;  // AES-256
constexpr std::size_t id_size = 8;

std::string id_of(base::ByteView key) {
  constexpr std::string_view label = "madoguchi sealing key id 1:";
  base::Bytes named(label.begin(), label.end());
  named.insert(named.end(), key.begin(), key.end());
  const auto digest = base::sha256(named);
  base::wipe(named.data(), named.size());
  return base::to_hex(base::ByteView(digest).first(id_size));
}

base::Secret taken(base::Bytes bytes) {
  base::Secret secret({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  base::wipe(bytes.data(), bytes.size());
  return secret;
}

}  // namespace

SealingKey::SealingKey(base::Secret bytes) : bytes_(std::move(bytes)), id_(id_of(bytes_.reveal())) {}

SealingKey SealingKey::generate() {
  return SealingKey(taken(base::random_bytes(key_size)));
}

base::Result<SealingKey> SealingKey::from_text(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  auto bytes = base::from_hex(text);
  if (!bytes || bytes->size() != key_size) {
    if (bytes) base::wipe(bytes->data(), bytes->size());
    return base::make_fault(base::Code::internal,
                            "not a key of 32 bytes in hexadecimal (openssl rand -hex 32)");
  }
  return SealingKey(taken(std::move(*bytes)));
}

std::string SealingKey::to_text() const {
  return base::to_hex(bytes_.reveal());
}

}  // namespace madoguchi::storage
