// What the CMP server has been asked and has answered, kept over restarts.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "simulated_issuer/database.hpp"

namespace madoguchi::simulated_ca {

// An enrolment; revocations and general messages are over with their first answer.
struct Transaction {
  std::string id;
  base::Bytes request;       // the PKIMessage that began it
  base::Bytes last_nonce{};  // senderNonce of the last answer: what the next message has to repeat
  std::string serial{};      // of its certificate; empty before there is one
  bool waiting = false;
  int polls_left = 0;
  int check_after = 0;  // seconds
};

class Journal {
 public:
  static base::Result<Journal> open(const std::filesystem::path& database);

  [[nodiscard]] base::Result<std::optional<Transaction>> find(std::string_view id) const;
  base::Result<void> save(const Transaction& transaction);

  [[nodiscard]] base::Result<std::optional<base::Bytes>> answer(std::string_view id,
                                                                base::ByteView request) const;
  base::Result<void> save_answer(std::string_view id, base::ByteView request, base::ByteView response);

 private:
  explicit Journal(simulated_issuer::Database database) : database_(std::move(database)) {}
  simulated_issuer::Database database_;
};

}  // namespace madoguchi::simulated_ca
