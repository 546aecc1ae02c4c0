#include "timeline.hpp"

#include <boost/json/parse.hpp>

#include "renewal/words.hpp"
#include "timeline_words.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;

// Which certificate or PIN a record is about.
std::optional<renewal::Words> subject_of(const json::object& body) {
  const auto text = [&](std::string_view key) {
    const auto* value = body.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  if (const auto which = mynumber::certificate_named(text("certificate"))) return renewal::title(*which);
  if (const auto pin = mynumber::pin_named(text("pin"))) return renewal::title(*pin);
  return std::nullopt;
}

json::object shown(const storage::JournalRecord& record, const policy::Policy* policy) {
  boost::system::error_code error;
  auto body = json::parse(record.body, error);
  json::object entry{{"at", base::format_time(record.at)}, {"kind", record.kind}};
  const auto words = renewal::words_for(record.kind).value_or(renewal::Words{record.kind, record.kind});
  std::string ja(words.ja);
  std::string en(words.en);
  if (!error && body.is_object()) {
    // The journal's messages and what a program makes of them are for the back office; a clerk sees which
    // certificate or PIN it was about.
    for (const char* inner : {"message", "why"}) body.get_object().erase(inner);
    if (const auto about = subject_of(body.get_object())) {
      ja.insert(0, std::string(about->ja) + ":");
      en.insert(0, std::string(about->en) + ": ");
    }
    // A plugin speaks in its own words.
    const auto own = [&](std::string_view key, std::string& said, std::string_view colon) {
      const auto* text = record.kind.starts_with("plugin.") ? body.get_object().if_contains(key) : nullptr;
      if (text != nullptr && text->is_string()) said.append(colon).append(text->get_string());
    };
    own("ja", ja, ":");
    own("en", en, ": ");
    const auto more = words_of_record(record.kind, body.get_object(), policy);
    if (!more.ja.empty()) {
      ja.append(":").append(more.ja);
      en.append(": ").append(more.en);
    }
    entry["details"] = std::move(body);
  }
  entry["ja"] = ja;
  entry["en"] = en;
  return entry;
}

json::object body_of(const storage::JournalRecord& record) {
  boost::system::error_code error;
  const auto body = json::parse(record.body, error);
  return error || !body.is_object() ? json::object() : body.get_object();
}

// That a plugin's method was called tells a clerk nothing: what came of it does, in the plugin's words.
void say_who_called(json::object& entry, const json::object& called) {
  auto* details = entry.if_contains("details");
  const auto* plugin = called.if_contains("plugin");
  if (plugin == nullptr || details == nullptr || !details->is_object()) return;
  auto& about = details->get_object();
  if (const auto* its = about.if_contains("plugin"); its == nullptr || *its != *plugin) return;
  for (const char* key : {"method", "staff"}) {
    if (const auto* value = called.if_contains(key); value != nullptr) about.emplace(key, *value);
  }
}

}  // namespace

base::Result<json::array> timeline_of(Parts& parts, const std::string& id) {
  if (const auto visit = parts.store.load(id); !visit) return visit.error();
  const auto journal = parts.store.journal(id);
  if (!journal) return journal.error();
  const auto policy = parts.policy(parts.clock.now());
  json::array entries;
  json::object called;
  for (const auto& record : *journal) {
    if (record.kind == "plugin.called") {
      called = body_of(record);
      continue;
    }
    if (!record.kind.starts_with("plugin.")) called.clear();
    auto entry = shown(record, policy ? policy->get() : nullptr);
    say_who_called(entry, called);
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace madoguchi::api
