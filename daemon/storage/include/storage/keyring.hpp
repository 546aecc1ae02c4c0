// The keys that the store seals with what it holds about people.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace madoguchi::storage {

class SealingKey {
 public:
  static SealingKey generate();
  // 64 hexadecimal digits, as `openssl rand -hex 32` writes them; the end of the line does not count.
  // internal when it is anything else.
  static base::Result<SealingKey> from_text(std::string_view text);
  // For a file of the daemon's own; whoever calls this wipes it.
  [[nodiscard]] std::string to_text() const;
  // 16 hexadecimal digits. Tells keys apart and nothing of the key: it stands in the store, in logs and in
  // complaints.
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] base::ByteView reveal() const { return bytes_.reveal(); }

 private:
  explicit SealingKey(base::Secret bytes);
  base::Secret bytes_;
  std::string id_;
};

struct Keyring {
  // The first one seals; the others open what they have sealed before.
  std::vector<SealingKey> keys{};
  // Where there are none, and the store has never been sealed with one: makes the first and keeps it safe
  // before it returns. Without it there is no store.
  std::function<base::Result<SealingKey>()> make{};
};

}  // namespace madoguchi::storage
