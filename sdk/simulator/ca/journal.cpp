#include "journal.hpp"

namespace madoguchi::simulated_ca {
namespace {

const std::string schema = R"(
CREATE TABLE IF NOT EXISTS transactions(
  id TEXT PRIMARY KEY,
  request BLOB NOT NULL,
  last_nonce BLOB NOT NULL,
  serial TEXT NOT NULL,
  waiting INTEGER NOT NULL,
  polls_left INTEGER NOT NULL,
  check_after INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS answers(
  transaction_id TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  response BLOB NOT NULL,
  PRIMARY KEY (transaction_id, request_sha256));
)";

base::Result<void> done(simulated_issuer::Statement& statement) {
  if (auto stepped = statement.step(); !stepped) return stepped.error();
  return {};
}

std::string digest(base::ByteView request) {
  return base::to_hex(base::sha256(request));
}

}  // namespace

base::Result<Journal> Journal::open(const std::filesystem::path& file) {
  auto database = simulated_issuer::Database::open(file, schema);
  if (!database) return database.error();
  return Journal(*std::move(database));
}

base::Result<std::optional<Transaction>> Journal::find(std::string_view id) const {
  auto row = database_.prepare(
      "SELECT request, last_nonce, serial, waiting, polls_left, check_after FROM transactions WHERE id = ?");
  row.bind(id);
  auto found = row.step();
  if (!found) return found.error();
  if (!*found) return std::optional<Transaction>();
  return std::optional<Transaction>(Transaction{std::string(id), row.blob(0), row.blob(1), row.text(2),
                                                row.integer(3) != 0, static_cast<int>(row.integer(4)),
                                                static_cast<int>(row.integer(5))});
}

base::Result<void> Journal::save(const Transaction& transaction) {
  auto row = database_.prepare(
      "INSERT OR REPLACE INTO transactions(id, request, last_nonce, serial, waiting, polls_left, "
      "check_after) "
      "VALUES(?,?,?,?,?,?,?)");
  row.bind(transaction.id)
      .bind(base::ByteView(transaction.request))
      .bind(base::ByteView(transaction.last_nonce));
  row.bind(transaction.serial).bind(std::int64_t{transaction.waiting ? 1 : 0});
  row.bind(std::int64_t{transaction.polls_left}).bind(std::int64_t{transaction.check_after});
  return done(row);
}

base::Result<std::optional<base::Bytes>> Journal::answer(std::string_view id, base::ByteView request) const {
  auto row =
      database_.prepare("SELECT response FROM answers WHERE transaction_id = ? AND request_sha256 = ?");
  row.bind(id).bind(digest(request));
  auto found = row.step();
  if (!found) return found.error();
  if (!*found) return std::optional<base::Bytes>();
  return std::optional<base::Bytes>(row.blob(0));
}

base::Result<void> Journal::save_answer(std::string_view id, base::ByteView request,
                                        base::ByteView response) {
  auto row = database_.prepare(
      "INSERT OR REPLACE INTO answers(transaction_id, request_sha256, response) VALUES(?,?,?)");
  row.bind(id).bind(digest(request)).bind(response);
  return done(row);
}

}  // namespace madoguchi::simulated_ca
