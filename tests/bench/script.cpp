#include "script.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "audit/chain.hpp"

namespace madoguchi::bench {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

}  // namespace

Script::Script(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto value = json::parse(text);
  const auto& script = value.as_object();
  record_.card = text_of(script, "card");
  for (const auto& body : script.at("bodies").as_array()) {
    Body at{text_of(body.as_object(), "state"), text_of(body.as_object(), "body")};
    for (const auto& [name, part] : body.at("parts").as_object())
      at.parts.emplace(name, std::string(part.as_string()));
    for (const auto& line : body.at("audit").as_array()) {
      at.audit.push_back(audit::read_line(line.as_string()).value().line.entry);
      at.audit_lines.emplace_back(line.as_string());
    }
    bodies_.push_back(std::move(at));
  }
  for (const auto& line : script.at("journal").as_array()) {
    journal_.push_back({0, {}, text_of(line.as_object(), "kind"), text_of(line.as_object(), "body")});
  }
  for (const auto& told : script.at("events").as_array()) {
    storage::EventRecord event;
    event.topic = "cases";
    event.type = text_of(told.as_object(), "type");
    event.reader = text_of(script, "reader");
    event.data = text_of(told.as_object(), "data");
    events_.push_back(std::move(event));
  }
  if (bodies_.empty() || journal_.empty() || events_.empty())
    throw std::runtime_error("no transitions in " + file);
}

storage::Change Script::next() {
  const auto step = done_ % bodies_.size();
  if (step == 0) {
    record_.id = "bench-" + std::to_string(done_);
    record_.revision = 0;
  }
  const base::Instant now(std::chrono::milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(done_)));
  if (step == 0) record_.opened_at = now;
  record_.updated_at = now;
  record_.state = bodies_[step].state;
  record_.body = bodies_[step].text;
  record_.parts = bodies_[step].parts;
  storage::Change change{record_, {journal_[step % journal_.size()]}, {events_[step % events_.size()]}};
  change.journal[0].at = now;
  change.events[0].at = now;
  change.events[0].case_id = record_.id;
  change.audit = bodies_[step].audit;
  for (auto& entry : change.audit) entry.put(audit::Field::visit, record_.id);
  ++record_.revision;
  ++done_;
  return change;
}

std::string Script::new_beside() const {
  const auto step = last();
  std::string fresh;
  for (const auto& [name, text] : bodies_[step].parts) {
    const auto* before = step == 0 ? nullptr : &bodies_[step - 1].parts;
    if (before == nullptr || before->count(name) == 0 || before->at(name) != text)
      fresh.append(name).append(text);
  }
  for (const auto& line : bodies_[step].audit_lines) fresh.append(line);
  return fresh;
}

}  // namespace madoguchi::bench
