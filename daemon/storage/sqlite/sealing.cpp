#include "sqlite/sealing.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <exception>

#include "base/bytes.hpp"
#include "sqlite/migrations.hpp"

namespace madoguchi::storage {
namespace {

constexpr Spot lookup_spot{"secrets.value", "lookup"};
constexpr std::size_t lookup_size = 32;

std::string_view view(sqlite3_value* value) {
  const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

std::string text_of(sqlite3_value* value) {
  // A row's number as text, too.
  const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return data != nullptr ? std::string(data, static_cast<std::size_t>(sqlite3_value_bytes(value)))
                         : std::string();
}

void give_blob(sqlite3_context* context, std::string_view bytes) {
  sqlite3_result_blob64(context, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

Sealer& sealer_of(sqlite3_context* context) {
  return *static_cast<Sealer*>(sqlite3_user_data(context));
}

// SQLite is C: nothing may be thrown through it.
template <void (*Body)(sqlite3_context*, sqlite3_value**)>
void guarded(sqlite3_context* context, int, sqlite3_value** values) {
  try {
    Body(context, values);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

void seal(sqlite3_context* context, sqlite3_value** values) {
  const auto row = text_of(values[1]);
  give_blob(context, sealer_of(context).seal({view(values[0]), row}, view(values[2])));
}

void seal_if_any(sqlite3_context* context, sqlite3_value** values) {
  if (view(values[2]).empty()) return give_blob(context, {});
  seal(context, values);
}

void unseal(sqlite3_context* context, sqlite3_value** values) {
  const auto row = text_of(values[1]);
  const auto text = sealer_of(context).open({view(values[0]), row}, view(values[2]));
  if (!text) return sqlite3_result_null(context);
  sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void unseal_if_any(sqlite3_context* context, sqlite3_value** values) {
  if (view(values[2]).empty()) return sqlite3_result_text(context, "", 0, SQLITE_STATIC);
  unseal(context, values);
}

void reseal(sqlite3_context* context, sqlite3_value** values) {
  const auto row = text_of(values[1]);
  const Spot spot{view(values[0]), row};
  const auto text = sealer_of(context).open(spot, view(values[2]));
  // What is damaged stays as it is: somebody may still mend it from a backup.
  if (!text) return sqlite3_result_value(context, values[2]);
  give_blob(context, sealer_of(context).seal(spot, *text));
}

void is_old(sqlite3_context* context, sqlite3_value** values) {
  const auto value = view(values[0]);
  sqlite3_result_int(context, !value.empty() && !value.starts_with(sealer_of(context).mark()) ? 1 : 0);
}

void pseudonym(sqlite3_context* context, sqlite3_value** values) {
  give_blob(context, sealer_of(context).pseudonym(view(values[0])));
}

void sealing_key(sqlite3_context* context, sqlite3_value**) {
  const auto& id = sealer_of(context).key();
  sqlite3_result_text64(context, id.data(), id.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void sealed_lookup(sqlite3_context* context, sqlite3_value**) {
  const auto key = sealer_of(context).lookup().reveal();
  give_blob(context,
            sealer_of(context).seal(lookup_spot, {reinterpret_cast<const char*>(key.data()), key.size()}));
}

std::string listed(const std::vector<std::string>& ids) {
  std::string list;
  for (const auto& id : ids) list.append(list.empty() ? "" : ", ").append(id);
  return list.empty() ? "none" : list;
}

base::Fault missing_keys(const std::vector<std::string>& missing, const std::vector<std::string>& given) {
  return base::make_fault(
      base::Code::storage_unavailable,
      "the store is sealed with a key that is not here: " + listed(missing) + " (here: " + listed(given) +
          "); nothing was changed; give the daemon that key, as store.key or among "
          "store.former_keys",
      {{"trouble", "sealed"}, {"keys", boost::json::array(missing.begin(), missing.end())}});
}

base::Result<base::Secret> lookup_in(Connection& connection, Sealer& sealer) {
  const auto sealed = connection.value("SELECT value FROM secrets WHERE name = 'lookup'");
  if (!sealed) return sealed.error();
  auto key = sealer.open(lookup_spot, *sealed);
  if (!key || key->size() != lookup_size) {
    return base::make_fault(base::Code::storage_unavailable,
                            "the store's key for looking up cards is damaged; restore a backup");
  }
  base::Secret secret(*key);
  // NOLINTNEXTLINE(clang-analyzer-cplusplus.InnerPointer): the secret has a copy
  base::wipe(key->data(), key->size());
  return secret;
}

base::Result<std::unique_ptr<Sealer>> sealer_of_new(const Keyring& ring) {
  std::vector<SealingKey> made;
  if (ring.keys.empty()) {
    if (!ring.make) return base::make_fault(base::Code::storage_unavailable, "no key to seal the store with");
    auto key = ring.make();
    if (!key) return key.error();
    made.push_back(std::move(*key));
  }
  auto sealer = std::make_unique<Sealer>(made.empty() ? ring.keys : made);
  auto bytes = base::random_bytes(lookup_size);
  sealer->look_up_by(base::Secret({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  base::wipe(bytes.data(), bytes.size());
  return sealer;
}

}  // namespace

base::Result<std::vector<std::string>> keys_of_store(Connection& connection) {
  auto statement = connection.prepare("SELECT id FROM sealing_keys ORDER BY id");
  if (!statement) return statement.error();
  Query rows(*statement);
  std::vector<std::string> ids;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return ids;
    ids.push_back(rows.text(0));
  }
}

base::Result<std::unique_ptr<Sealer>> make_sealer(Connection& connection, const Keyring& ring) {
  const auto version = connection.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*version < first_sealed_version) return sealer_of_new(ring);
  const auto used = keys_of_store(connection);
  if (!used) return used.error();
  std::vector<std::string> given;
  for (const auto& key : ring.keys) given.push_back(key.id());
  std::vector<std::string> missing;
  for (const auto& id : *used) {
    if (std::find(given.begin(), given.end(), id) == given.end()) missing.push_back(id);
  }
  if (!missing.empty() || given.empty()) return missing_keys(missing, given);
  auto sealer = std::make_unique<Sealer>(ring.keys);
  auto lookup = lookup_in(connection, *sealer);
  if (!lookup) return lookup.error();
  sealer->look_up_by(std::move(*lookup));
  return sealer;
}

base::Result<void> define_sealing(Connection& connection, Sealer& sealer) {
  struct Row {
    const char* name;
    int arguments;
    SqlFunction function;
  };
  constexpr std::array<Row, 9> rows{{{"seal", 3, guarded<seal>},
                                     {"seal_if_any", 3, guarded<seal_if_any>},
                                     {"unseal", 3, guarded<unseal>},
                                     {"unseal_if_any", 3, guarded<unseal_if_any>},
                                     {"reseal", 3, guarded<reseal>},
                                     {"is_old", 1, guarded<is_old>},
                                     {"pseudonym", 1, guarded<pseudonym>},
                                     {"sealing_key", 0, guarded<sealing_key>},
                                     {"sealed_lookup", 0, guarded<sealed_lookup>}}};
  for (const auto& row : rows) {
    if (auto done = connection.define(row.name, row.arguments, row.function, &sealer); !done) return done;
  }
  return {};
}

base::Result<void> note_key(Connection& connection) {
  // A write that changes nothing would still be one.
  const auto noted = connection.integer("SELECT count(*) FROM sealing_keys WHERE id = sealing_key()");
  if (!noted) return noted.error();
  if (*noted != 0) return {};
  return connection.execute("INSERT INTO sealing_keys VALUES (sealing_key())");
}

}  // namespace madoguchi::storage
