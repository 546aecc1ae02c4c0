#include "sqlite/sqlite_store.hpp"

#include <limits>
#include <optional>

#include "sqlite/case_id.hpp"
#include "sqlite/cursor.hpp"
#include "sqlite/parts.hpp"
#include "sqlite/prepare.hpp"
#include "sqlite/rows.hpp"

namespace madoguchi::storage {
namespace {

template <class Record>
base::Result<std::vector<Record>> all_of(Query& rows, Record (*read)(const Query&)) {
  std::vector<Record> records;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return records;
    records.push_back(read(rows));
  }
}

}  // namespace

// Writing to a file that was deleted or replaced under us would acknowledge what nobody will ever read again.
base::Result<void> SqliteStore::check_place() const {
  if (!connection_.moved()) return {};
  return base::make_fault(base::Code::storage_unavailable,
                          "the store's file was moved or replaced while in use");
}

base::Fault SqliteStore::stale(const CaseRecord& record) {
  auto found = query(revision_of_case);
  found.bind(record.id);
  const auto row = found.step();
  if (!row) return row.error();
  if (!*row) return base::make_fault(base::Code::conflict, "no case " + quotable(record.id) + " to change");
  const auto stored = found.integer(0);
  return base::make_fault(
      base::Code::conflict,
      record.id + " has revision " + std::to_string(stored) + ", not " + std::to_string(record.revision),
      {{"revision", stored}});
}

// Setting a column writes the pages of every index with it, even to what it was; most transitions change
// neither state nor card.
base::Result<void> SqliteStore::update(const CaseRecord& record) {
  {
    auto body = query(update_body);
    body.bind(number(record.updated_at)).bind(record.body);
    body.bind(record.id).bind(record.revision).bind(record.state).bind(record.card);
    if (auto done = body.run(); !done || connection_.changes() != 0) return done;
  }
  auto all = query(update_case);
  all.bind(record.state).bind(record.card).bind(number(record.updated_at)).bind(record.body);
  all.bind(record.id).bind(record.revision);
  return all.run();
}

base::Result<std::int64_t> SqliteStore::write_case(const CaseRecord& record) {
  const auto revision = record.revision + 1;
  if (record.revision == 0) {
    auto insert = query(insert_case);
    insert.bind(record.id).bind(revision).bind(record.state).bind(record.card);
    insert.bind(number(record.opened_at)).bind(number(record.updated_at)).bind(record.body);
    if (auto done = insert.run(); !done) return done.error();
  } else {
    if (auto done = update(record); !done) return done.error();
  }
  if (connection_.changes() == 0) return stale(record);
  if (auto done = write_parts(prepared_, record.id, record.parts); !done) return done.error();
  return revision;
}

base::Result<void> SqliteStore::write_journal(const std::string& case_id,
                                              const std::vector<JournalRecord>& records) {
  std::int64_t seq = 0;
  {
    auto last = query(last_journal);
    last.bind(case_id);
    if (const auto row = last.step(); !row) return row.error();
    seq = last.integer(0);
  }
  for (const auto& record : records) {
    auto insert = query(insert_journal);
    insert.bind(case_id).bind(++seq).bind(number(record.at)).bind(record.kind).bind(record.body);
    if (auto done = insert.run(); !done) return done;
  }
  return {};
}

base::Result<std::vector<std::int64_t>> SqliteStore::write_events(const std::vector<EventRecord>& records) {
  std::int64_t seq = 0;
  {
    auto last = query(Sql::last_event);
    if (const auto row = last.step(); !row) return row.error();
    seq = last.integer(0);
  }
  std::vector<std::int64_t> numbers;
  numbers.reserve(records.size());
  for (const auto& record : records) {
    auto insert = query(insert_event);
    insert.bind(++seq).bind(number(record.at)).bind(record.topic).bind(record.type);
    insert.bind(record.case_id).bind(record.reader).bind(record.data);
    if (auto done = insert.run(); !done) return done.error();
    numbers.push_back(seq);
  }
  return numbers;
}

base::Result<void> SqliteStore::write_plugin_state(const PluginState& state) {
  if (state.revision == 0) {
    auto insert = query(insert_plugin_state);
    insert.bind(state.case_id).bind(state.plugin).bind(state.body).bind(state.owed);
    if (auto done = insert.run(); !done) return done;
  } else {
    auto update = query(update_plugin_state);
    update.bind(state.body).bind(state.owed).bind(state.case_id).bind(state.plugin).bind(state.revision);
    if (auto done = update.run(); !done) return done;
  }
  if (connection_.changes() != 0) return {};
  return base::make_fault(base::Code::conflict, "the state of " + state.plugin +
                                                    " has another revision than " +
                                                    std::to_string(state.revision) + " by now");
}

base::Result<Committed> SqliteStore::commit(const Change& change) {
  if (!change.record && !change.journal.empty()) {
    return base::make_fault(base::Code::internal, "journal records without their case");
  }
  const std::scoped_lock turn(turn_);
  if (auto placed = check_place(); !placed) return placed.error();
  auto transaction = Transaction::begin(connection_);
  if (!transaction) return transaction.error();
  Committed committed;
  if (change.record) {
    const auto revision = write_case(*change.record);
    if (!revision) return revision.error();
    committed.revision = *revision;
  }
  if (!change.journal.empty()) {
    if (auto done = write_journal(change.record->id, change.journal); !done) return done.error();
  }
  if (!change.events.empty()) {
    auto numbers = write_events(change.events);
    if (!numbers) return numbers.error();
    committed.event_seqs = std::move(*numbers);
  }
  for (const auto& state : change.plugin_states) {
    if (auto done = write_plugin_state(state); !done) return done.error();
  }
  if (!change.audit.empty()) {
    if (auto done = audit_.append(change.audit); !done) return done.error();
  }
  if (auto done = transaction->commit(); !done) return done.error();
  if (!change.audit.empty()) audit_.committed();
  return committed;
}

base::Result<CaseRecord> SqliteStore::load(const std::string& id) {
  const std::scoped_lock turn(turn_);
  auto found = query(load_case);
  found.bind(id);
  const auto row = found.step();
  if (!row) return row.error();
  if (!*row) return base::make_fault(base::Code::not_found, "no case " + quotable(id));
  if (found.is_null(6))
    return base::make_fault(base::Code::internal, "the stored case " + id + " is damaged: it does not open");
  auto record = read_case(found);
  auto parts = read_parts(prepared_, id);
  if (!parts) return parts.error();
  record.parts = std::move(*parts);
  return record;
}

base::Result<Page> SqliteStore::list(const ListQuery& wanted) {
  if (wanted.limit < 1 || wanted.limit > longest_page) return bad_parameter("/limit", "1 to 500");
  std::optional<Cursor> after = Cursor{std::numeric_limits<std::int64_t>::max(), {}};
  if (!wanted.cursor.empty()) after = decode_cursor(wanted.cursor);
  if (!after) return bad_parameter("/cursor", "`next` of an earlier page");
  const auto states = json_list(wanted.states);

  const std::scoped_lock turn(turn_);
  auto rows = query(wanted.card.empty() ? list_cases : list_cases_of_card);
  rows.bind(after->opened_at).bind(after->id);
  bind_list(rows, states);
  // One more than wanted tells whether another page follows.
  rows.bind(std::int64_t{wanted.limit} + 1);
  if (!wanted.card.empty()) rows.bind(wanted.card);
  Page page;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return page;
    if (page.records.size() == static_cast<std::size_t>(wanted.limit)) break;
    auto& record = page.records.emplace_back(read_case(rows));
    auto parts = read_parts(prepared_, record.id);
    if (!parts) return parts.error();
    record.parts = std::move(*parts);
  }
  const auto& last = page.records.back();
  page.next = encode_cursor({number(last.opened_at), last.id});
  return page;
}

base::Result<std::vector<JournalRecord>> SqliteStore::journal(const std::string& case_id) {
  const std::scoped_lock turn(turn_);
  auto rows = query(load_journal);
  rows.bind(case_id);
  return all_of(rows, read_journal);
}

base::Result<std::vector<EventRecord>> SqliteStore::events(std::int64_t since,
                                                           const std::vector<std::string>& topics,
                                                           int limit) {
  if (limit < 1) return bad_parameter("/limit", "at least 1");
  const auto list = json_list(topics);
  const std::scoped_lock turn(turn_);
  auto rows = query(load_events);
  rows.bind(since);
  bind_list(rows, list);
  rows.bind(std::int64_t{limit});
  return all_of(rows, read_event);
}

base::Result<std::vector<PluginState>> SqliteStore::plugin_states(const std::string& case_id) {
  const std::scoped_lock turn(turn_);
  auto rows = query(load_plugin_states);
  rows.bind(case_id);
  std::vector<PluginState> states;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return states;
    // Nothing would be its beginning, from which it would go on.
    if (rows.is_null(3) || rows.is_null(4)) {
      return base::make_fault(base::Code::internal, "what " + rows.text(0) + " keeps about " + case_id +
                                                        " is damaged: it does not open");
    }
    states.push_back(read_plugin_state(rows));
  }
}

base::Result<std::vector<PluginState>> SqliteStore::states_of(const std::string& plugin,
                                                              const std::string& after, int limit) {
  if (limit < 1 || limit > longest_page) return bad_parameter("/limit", "1 to 500");
  const std::scoped_lock turn(turn_);
  auto rows = query(list_states_of);
  rows.bind(plugin).bind(after);
  std::vector<PluginState> states;
  // One that is damaged must not hide the others, nor make a page short, which would be taken for the last;
  // whoever turns to its case is told.
  while (states.size() < static_cast<std::size_t>(limit)) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) break;
    if (!rows.is_null(3) && !rows.is_null(4)) states.push_back(read_plugin_state(rows));
  }
  return states;
}

base::Result<std::vector<std::string>> SqliteStore::owed_cases() {
  const std::scoped_lock turn(turn_);
  auto rows = query(list_owed_cases);
  return all_of<std::string>(rows, [](const Query& row) { return row.text(0); });
}

base::Result<std::int64_t> SqliteStore::last_event() {
  const std::scoped_lock turn(turn_);
  auto last = query(Sql::last_event);
  if (const auto row = last.step(); !row) return row.error();
  return last.integer(0);
}

// Only a write that reached the disk shows that the next one can.
base::Result<void> SqliteStore::health() {
  const std::scoped_lock turn(turn_);
  if (auto placed = check_place(); !placed) return placed;
  auto transaction = Transaction::begin(connection_);
  if (!transaction) return transaction.error();
  {
    auto probe = query(count_probe);
    if (auto done = probe.run(); !done) return done;
  }
  return transaction->commit();
}

base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path, const Keyring& ring) {
  const auto name = real_path(path);
  if (!name) return name.error();
  auto lock = take_lock(*name);
  if (!lock) return lock.error();
  remove_cut_off_restore(*name);
  if (auto secured = secure_file(*name); !secured) return secured.error();
  auto connection = Connection::open(*name);
  if (!connection) return connection.error();
  auto sealer = prepare_store(*connection, ring);
  if (!sealer) return sealer.error();
  std::array<Statement, sql_count> prepared;
  for (std::size_t i = 0; i < sql_count; ++i) {
    auto statement = connection->prepare(statement_texts()[i]);
    if (!statement) return statement.error();
    prepared[i] = std::move(*statement);
  }
  auto store = std::make_unique<SqliteStore>(std::move(*lock), std::move(*sealer), std::move(*connection),
                                             std::move(prepared));
  if (const auto loaded = store->load_audit(); !loaded) return loaded.error();
  return store;
}

}  // namespace madoguchi::storage
