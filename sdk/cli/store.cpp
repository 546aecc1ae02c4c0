// store check, backup and restore: by the rights that whoever runs them has on the files, and no others.
#include <array>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "care.hpp"
#include "examination.hpp"
#include "fail_saying.hpp"
#include "settings/daemon_config.hpp"
#include "storage/backup.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

struct Place {
  std::string store;  // empty: why in `why`
  std::string why{};
};

Place store_of(const StoreOptions& options) {
  if (!options.store.empty()) return {options.store};
  std::ifstream file(options.config, std::ios::binary);
  if (!file) return {{}, options.config + ": " + std::generic_category().message(errno)};
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto config = settings::load_daemon_config(text, options.config);
  if (!config.value) return {{}, to_text(config.complaints.front())};
  return {(fs::absolute(options.config).parent_path() / config.value->store.path).string()};
}

json::object counts(const storage::StoreReport& report) {
  return {{"cases", report.cases}, {"journal", report.journal}, {"events", report.events},
          {"audit", report.audit}, {"bytes", report.bytes},     {"version", report.version}};
}

std::string stamp() {
  const auto now = std::time(nullptr);
  std::tm broken{};
  ::localtime_r(&now, &broken);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S", &broken)};
}

}  // namespace

int check_store(const Context& context, const StoreOptions& options) {
  return show_findings(context, examine_parts(context, options.config, {"store"}));
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
  return finish(context);
}

int restore_store(const Context& context, const StoreOptions& options) {
  const auto place = store_of(options);
  if (place.store.empty()) return fail_saying(context, "store.no_config", "store.no_config", place.why);
  const auto restored = storage::restore_sqlite(options.file, place.store, stamp());
  if (!restored) {
    const auto fault = restored.error();
    if (fault.code == base::Code::conflict)
      return fail_saying(context, "store.in_use", "store.in_use", fault.inner);
    return fail_saying(context, "store.not_restored", "store.not_restored", fault.inner);
  }
  auto told = counts(restored->report);
  told["before"] = restored->before.string();
  context.out.document(told);
  context.out.say("store.restored",
                  {std::to_string(restored->report.cases), std::to_string(restored->report.audit)});
  if (!restored->before.empty()) context.out.say("store.kept", {restored->before.string()});
  return finish(context);
}

}  // namespace madoguchi::cli
