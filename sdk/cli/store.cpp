// store check, backup and restore: by the rights that whoever runs them has on the files, and no others.
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "base/key_file.hpp"
#include "base/secret.hpp"
#include "care.hpp"
#include "examination.hpp"
#include "fail_saying.hpp"
#include "settings/daemon_config.hpp"
#include "storage/backup.hpp"
#include "storage/key_places.hpp"
#include "storage/set_aside.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

struct Place {
  std::string store;  // empty: why in `why`
  std::string why{};
  storage::KeyPlaces keys{};
};

storage::KeyPlaces keys_beside(const fs::path& store, const settings::StoreConfig& config = {},
                               const fs::path& folder = {}) {
  return storage::key_places(config.key, config.former_keys, folder, store.parent_path(),
                             base::credential_of_service(storage::key_file_name));
}

Place store_of(const StoreOptions& options) {
  if (!options.store.empty()) return {options.store, {}, keys_beside(options.store)};
  std::ifstream file(options.config, std::ios::binary);
  if (!file) return {{}, options.config + ": " + std::generic_category().message(errno)};
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto config = settings::load_daemon_config(text, options.config);
  if (!config.value) return {{}, to_text(config.complaints.front())};
  const auto folder = fs::absolute(options.config).parent_path();
  const auto store = folder / config.value->store.path;
  return {store.string(), {}, keys_beside(store, config.value->store, folder)};
}

// Who may use a key is for the daemon and the doctor to say; here it is asked which one it is.
storage::Keyring keys_at_hand(const StoreOptions& options, const Place& place) {
  storage::Keyring ring;
  auto files = place.keys.all();
  if (!options.key.empty()) files.insert(files.begin(), options.key);
  for (const auto& name : files) {
    std::ifstream file(name, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto key = storage::SealingKey::from_text(text);
    base::wipe(text.data(), text.size());
    if (key) ring.keys.push_back(std::move(*key));
  }
  return ring;
}

std::string listed(const std::vector<std::string>& words) {
  std::string list;
  for (const auto& word : words) list.append(list.empty() ? "" : ", ").append(word);
  return list;
}

// Of the copy's audit log; that of the store has them, too.
json::array flaws_of(const storage::StoreReport& report) {
  json::array flaws;
  for (const auto& problem : report.audit_flaws) {
    json::object flaw{{"seq", problem.seq}, {"flaw", audit::name(problem.flaw)}};
    if (problem.through > 0) flaw["through"] = problem.through;
    flaws.push_back(std::move(flaw));
  }
  return flaws;
}

json::object counts(const storage::StoreReport& report) {
  return {{"cases", report.cases},           {"journal", report.journal},
          {"events", report.events},         {"audit", report.audit},
          {"audit_flaws", flaws_of(report)}, {"bytes", report.bytes},
          {"version", report.version},       {"keys", json::value_from(report.keys)}};
}

// What it ends with then.
int tell_flaws(const Context& context, const storage::StoreReport& report, Key text) {
  if (report.audit_flaws.empty()) return done;
  const auto& first = report.audit_flaws.front();
  context.out.say(text,
                  {std::to_string(first.seq), word(context.lang(), "audit.flaw", audit::name(first.flaw))});
  return unfinished;
}

// A copy that is whole may still hold a case that no daemon of this version can read.
int look_at_restored(const Context& context, const StoreOptions& options) {
  auto examined = examine_parts(context, options.config, {"store"}, Pace::thorough);
  json::array ill;
  for (auto& finding : examined.findings) {
    const auto& object = finding.as_object();
    if (text_at(object, "part") == "store" && text_at(object, "state") != "ok")
      ill.push_back(std::move(finding));
  }
  examined.findings = std::move(ill);
  if (examined.findings.empty() && !examined.interrupted) return finish(context);
  const int ended = show_findings(context, examined);
  return ended == interrupted ? ended : finish(context, unfinished);
}

}  // namespace

int check_store(const Context& context, const StoreOptions& options) {
  return show_findings(context, examine_parts(context, options.config, {"store"}, Pace::thorough));
}

int back_up_store(const Context& context, const StoreOptions& options) {
  const auto place = store_of(options);
  if (place.store.empty()) return fail_saying(context, "store.no_config", "store.no_config", place.why);
  const auto report = storage::back_up_sqlite(place.store, options.file);
  if (!report) {
    const auto fault = report.error();
    return fail_saying(context, "store.not_backed_up", "store.not_backed_up", fault.inner);
  }
  auto told = counts(*report);
  told["file"] = options.file;
  context.out.document(told);
  context.out.say("store.backed_up",
                  {std::to_string(report->cases), std::to_string(report->audit), options.file});
  if (report->keys.empty()) {
    context.out.say("store.not_sealed");
  } else {
    context.out.say("store.backed_up_sealed", {listed(report->keys)});
  }
  return finish(context, tell_flaws(context, *report, "store.backed_up_flawed"));
}

int restore_store(const Context& context, const StoreOptions& options) {
  const auto place = store_of(options);
  if (place.store.empty()) return fail_saying(context, "store.no_config", "store.no_config", place.why);
  const auto ring = keys_at_hand(options, place);
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto restored =
      storage::restore_sqlite(options.file, place.store, storage::set_aside_stamp(now), ring);
  if (!restored) {
    const auto fault = restored.error();
    if (const auto* keys = fault.details.if_contains("keys"); keys != nullptr && keys->is_array())
      return fail_saying(context, "store.other_key", "store.other_key",
                         listed(json::value_to<std::vector<std::string>>(*keys)));
    if (fault.code == base::Code::conflict)
      return fail_saying(context, "store.in_use", "store.in_use", fault.inner);
    return fail_saying(context, "store.not_restored", "store.not_restored", fault.inner);
  }
  auto told = counts(restored->report);
  told["before"] = restored->before.string();
  context.out.document(told);
  context.out.say("store.restored",
                  {std::to_string(restored->report.cases), std::to_string(restored->report.audit)});
  if (!restored->report.keys.empty()) context.out.say("store.needs_key", {listed(restored->report.keys)});
  if (!restored->before.empty()) context.out.say("store.kept", {restored->before.string()});
  const int flawed = tell_flaws(context, restored->report, "store.restored_flawed");
  if (!options.store.empty()) return finish(context, flawed);
  const int looked = look_at_restored(context, options);
  return looked == done ? flawed : looked;
}

}  // namespace madoguchi::cli
