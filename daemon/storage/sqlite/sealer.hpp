// Seals what is held about people, value by value: AES-256-GCM, bound to the column and the row, so that a
// value opens neither under another key nor in another place.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "storage/keyring.hpp"

struct evp_cipher_ctx_st;

namespace madoguchi::storage {

// Where a value stands.
struct Spot {
  std::string_view column;  // e.g. "journal.body"
  std::string_view row;     // what tells its row from the others
};

class Sealer {
 public:
  // At least one key; the first one seals.
  explicit Sealer(const std::vector<SealingKey>& keys);
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;
  ~Sealer();

  [[nodiscard]] const std::string& key() const { return ids_.front(); }
  [[nodiscard]] const std::vector<std::string>& keys() const { return ids_; }
  // What every value that key() has sealed begins with.
  [[nodiscard]] const std::string& mark() const { return mark_; }

  std::string seal(Spot spot, std::string_view text);
  // nullopt for what was not sealed there as it stands, or with a key that is not here.
  std::optional<std::string> open(Spot spot, std::string_view sealed);

  // What stands for a text that identifies somebody where rows are looked up by it (HMAC-SHA-256, its first
  // half). The key of it is the store's own for ever and lies in the store, sealed.
  void look_up_by(base::Secret key) { lookup_ = std::move(key); }
  [[nodiscard]] const base::Secret& lookup() const { return lookup_; }
  [[nodiscard]] std::string pseudonym(std::string_view text) const;

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_cipher_ctx_st, Free>;

  std::vector<std::string> ids_;
  std::string mark_;
  Context sealing_;
  std::map<std::string, Context, std::less<>> opening_;  // by what their values begin with
  base::Secret lookup_;
};

}  // namespace madoguchi::storage
