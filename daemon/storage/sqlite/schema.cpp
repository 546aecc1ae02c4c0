#include "sqlite/schema.hpp"

#include <map>

#include "sqlite/migrations.hpp"
#include "sqlite/sealing.hpp"

namespace madoguchi::storage {
namespace {

// By "trigger journal_is_kept". Of a table only its columns and keys: SQLite writes its statement anew where
// one it refers to is renamed, each version in its own way.
base::Result<std::map<std::string, std::string>> schema_of(Connection& connection) {
  auto statement = connection.prepare(R"sql(
SELECT type || ' ' || name,
       CASE WHEN type <> 'table' THEN tbl_name || ' ' || coalesce(sql, '') ELSE
         (SELECT group_concat(name || ' ' || type || ' ' || "notnull" || ' ' || pk) FROM pragma_table_xinfo(s.name)) END
FROM sqlite_schema AS s WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\')sql");
  if (!statement) return statement.error();
  Query rows(*statement);
  std::map<std::string, std::string> found;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return found;
    found.emplace(rows.text(0), rows.text(1));
  }
}

base::Result<std::map<std::string, std::string>> schema_made() {
  Keyring ring;
  ring.keys.push_back(SealingKey::generate());
  auto fresh = Connection::open(":memory:");
  if (!fresh) return fresh.error();
  const auto sealer = make_sealer(*fresh, ring);
  if (!sealer) return sealer.error();
  if (auto done = define_sealing(*fresh, **sealer); !done) return done.error();
  if (auto done = migrate(*fresh, migrations()); !done) return done.error();
  return schema_of(*fresh);
}

}  // namespace

base::Result<std::vector<std::string>> changed_in_schema(Connection& connection) {
  const auto made = schema_made();
  if (!made) return made.error();
  const auto here = schema_of(connection);
  if (!here) return here.error();
  std::vector<std::string> changed;
  for (const auto& [name, how] : *made) {
    const auto found = here->find(name);
    if (found == here->end()) {
      changed.push_back(name + ": missing");
    } else if (found->second != how) {
      changed.push_back(name + ": another than is made");
    }
  }
  for (const auto& [name, how] : *here)
    if (!made->contains(name)) changed.push_back(name + ": none of this program's");
  return changed;
}

}  // namespace madoguchi::storage
