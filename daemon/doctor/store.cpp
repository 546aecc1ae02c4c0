#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "audit/verifier.hpp"
#include "base/key_file.hpp"
#include "doctor/examinations.hpp"
#include "storage/reading.hpp"

namespace madoguchi::doctor {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

json::object about(const StoreSetting& setting, const std::string& why = {}) {
  json::object facts{{"path", setting.path.string()}, {"config", setting.config}};
  if (!why.empty()) facts["why"] = why;
  return facts;
}

// Rights were looked at before: what still keeps it from being read is another program, or its disk.
Finding troubled(const StoreSetting& setting, std::string_view trouble, const std::string& why) {
  const std::string which = trouble == "unreadable" ? "disk" : std::string(trouble);
  return {State::wrong, "store." + which, about(setting, why)};
}

Finding cannot_open(const StoreSetting& setting, const base::Fault& fault) {
  const auto* trouble = fault.details.if_contains("trouble");
  const bool told = trouble != nullptr && trouble->is_string();
  return troubled(setting, told ? std::string_view(trouble->get_string()) : "unreadable", fault.inner);
}

Finding cannot_read(const StoreSetting& setting, const storage::StoreReading& reading,
                    const base::Fault& fault) {
  return troubled(setting, reading.last_trouble(), fault.inner);
}

Finding absent(const StoreSetting& setting) {
  std::error_code error;
  // Its disk may not be mounted: what is there is not lost.
  if (fs::is_symlink(setting.path, error)) {
    auto facts = about(setting);
    facts["target"] = fs::read_symlink(setting.path, error).string();
    return {State::wrong, "store.link_broken", std::move(facts)};
  }
  if (setting.expected) return {State::wrong, "store.lost", about(setting)};
  return {State::ok, "store.absent", about(setting)};
}

bool others_may(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & 0077) != 0;
}

constexpr std::int64_t most_named = 20;

struct Unreadable {
  std::int64_t count = 0;
  std::vector<std::string> named;
};

std::string listed(const std::vector<std::string>& words) {
  std::string list;
  for (const auto& word : words) list.append(list.empty() ? "" : ", ").append(word);
  return list.empty() ? "-" : list;
}

// Whether all that the store is sealed with is there.
bool examine_keys(const storage::StoreReport& report, const StoreSetting& setting, const Tell& tell) {
  if (setting.ring == nullptr) return false;
  std::vector<std::string> here;
  for (const auto& key : setting.ring->keys) here.push_back(key.id());
  std::vector<std::string> missing;
  for (const auto& id : report.keys)
    if (std::find(here.begin(), here.end(), id) == here.end()) missing.push_back(id);
  if (missing.empty() && !here.empty()) {
    tell({State::ok, "store_key.ok", {{"key", here.front()}}});
    return true;
  }
  tell({State::wrong,
        "store_key.lost",
        {{"keys", listed(missing)}, {"here", listed(here)}, {"path", setting.key_file}}});
  return false;
}

base::Result<Unreadable> unreadable_cases(storage::StoreReading& reading, const StoreSetting& setting) {
  Unreadable found;
  auto read = reading.each_case([&](const storage::CaseRecord& record) {
    const auto why = setting.unreadable(record);
    if (why.empty()) return;
    if (++found.count <= most_named) found.named.push_back(record.id);
    if (found.count == most_named + 1) found.named.emplace_back("...");
  });
  if (!read) return read.error();
  return found;
}

base::Result<void> examine_content(storage::StoreReading& reading, const StoreSetting& setting,
                                   const Tell& tell) {
  if (auto unsealed = reading.unseal_with(*setting.ring); !unsealed) return unsealed;
  const auto damaged = reading.damaged_values();
  if (!damaged) return damaged.error();
  std::int64_t count = 0;
  std::vector<std::string> columns;
  for (const auto& [column, values] : *damaged) {
    count += values;
    columns.push_back(column);
  }
  if (count > 0) {
    auto facts = about(setting);
    facts["count"] = count;
    facts["columns"] = listed(columns);
    tell({State::wrong, "store.unopened", std::move(facts)});
  }
  const auto unread = unreadable_cases(reading, setting);
  if (!unread) return unread.error();
  if (unread->count > 0)
    tell({State::wrong, "store.undecodable", {{"count", unread->count}, {"cases", listed(unread->named)}}});
  return {};
}

// Without keys it shows whether the chain is whole, and not who has signed it.
Finding audit_found(const audit::Verifier& verifier, bool with_keys) {
  for (const auto& problem : verifier.problems()) {
    const bool of_keys =
        problem.flaw == audit::Flaw::another_key || (!with_keys && problem.flaw == audit::Flaw::unsealed);
    if (of_keys) continue;
    if (problem.flaw == audit::Flaw::unproven)
      return {State::wrong,
              "audit.unproven",
              {{"first", problem.seq}, {"last", std::max(problem.seq, problem.through)}}};
    return {State::wrong,
            "audit.chain_damaged",
            {{"count", verifier.flaws()}, {"seq", problem.seq}, {"flaw", audit::name(problem.flaw)}}};
  }
  if (with_keys && verifier.flaws() > 0)
    return {State::wrong, "audit.unknown_key", {{"seq", verifier.problems().front().seq}}};
  return {State::ok, "audit.ok", {{"entries", verifier.entries()}}};
}

// Before all that may end the examination: whatever is damaged, the clock is judged by what there is.
void look_at_records(storage::StoreReading& reading, StoreSeen& seen) {
  if (!reading.current()) return;
  auto recorded = reading.recorded_times(records_looked_at);
  if (recorded) seen.recorded = std::move(*recorded);
}

void examine_audit(storage::StoreReading& reading, const StoreSetting& setting, StoreSeen& seen,
                   const Tell& tell) {
  audit::Verifier verifier(setting.keys.value_or(std::vector<audit::PublicKey>()));
  if (const auto checked = reading.check_audit(verifier); !checked)
    return tell(cannot_read(setting, reading, checked.error()));
  seen.has_audit = verifier.entries() > 0;
  tell(audit_found(verifier, setting.keys.has_value()));
}

void examine_schema(storage::StoreReading& reading, const StoreSetting& setting, const Tell& tell) {
  const auto changed = reading.changed_schema();
  if (!changed) return tell(cannot_read(setting, reading, changed.error()));
  if (changed->empty()) return;
  auto facts = about(setting);
  facts["what"] = listed(*changed);
  tell({State::wrong, "store.schema_changed", std::move(facts)});
}

// Of a group that is not its own, no list says whose it is.
bool only_own_user_in(gid_t group) {
  if (group != 0 && group != ::getegid()) return false;
  const auto members = base::group_members(group);
  const auto own = own_name();
  return std::all_of(members.begin(), members.end(),
                     [&](const std::string& name) { return name == "root" || name == own; });
}

}  // namespace

bool everybody_adds_to(const fs::path& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0;
}

std::string group_that_adds_to(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || (status.st_mode & S_IWGRP) == 0) return {};
  if (only_own_user_in(status.st_gid)) return {};
  const auto* group = ::getgrgid(status.st_gid);
  return group != nullptr ? group->gr_name : std::to_string(status.st_gid);
}

StoreSeen examine_store(const StoreSetting& setting, const Tell& tell) {
  StoreSeen seen;
  std::error_code error;
  const auto folder = setting.path.parent_path();
  if (!fs::is_directory(folder, error) && error != std::errc::permission_denied) {
    tell({State::wrong, "store.no_folder", {{"path", folder.string()}}});
    return seen;
  }
  const auto barred = store_rights(setting.path);
  for (const auto& finding : barred) tell(finding);
  if (!barred.empty()) return seen;
  if (!fs::exists(setting.path, error)) {
    tell(absent(setting));
    return seen;
  }
  if (!fs::is_regular_file(setting.path, error)) {
    tell({State::wrong, "store.not_a_store", about(setting, "it is no plain file")});
    return seen;
  }
  auto reading = storage::StoreReading::open(setting.path);
  if (!reading) {
    const auto fault = reading.error();
    const auto* trouble = fault.details.if_contains("trouble");
    tell(trouble != nullptr && *trouble == "empty" ? absent(setting) : cannot_open(setting, fault));
    return seen;
  }
  look_at_records(*reading, seen);
  const auto report = reading->report();
  if (!report) {
    tell(cannot_read(setting, *reading, report.error()));
    return seen;
  }
  if (!report->damage.empty()) {
    tell({State::wrong, "store.damaged", about(setting, report->damage.front())});
    return seen;
  }
  if (others_may(setting.path)) tell({State::wrong, "store.mode", about(setting)});
  if (reading->current()) {
    examine_schema(*reading, setting, tell);
    if (examine_keys(*report, setting, tell)) {
      if (const auto looked = examine_content(*reading, setting, tell); !looked)
        tell(cannot_read(setting, *reading, looked.error()));
    }
    examine_audit(*reading, setting, seen, tell);
  }
  tell({State::ok,
        "store.ok",
        {{"path", setting.path.string()},
         {"cases", report->cases},
         {"journal", report->journal},
         {"events", report->events},
         {"audit", report->audit},
         {"bytes", report->bytes},
         {"version", report->version}}});
  return seen;
}

}  // namespace madoguchi::doctor
