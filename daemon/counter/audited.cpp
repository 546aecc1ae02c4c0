#include "audited.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <optional>

#include "counter/reception.hpp"
#include "permission.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using audit::Entry;
using audit::Field;
using audit::Kind;

// What stands under "reason" in a record: a code of the code book, or what a clerk typed.
enum class Reason : std::uint8_t { code, words };

struct Row {
  std::string_view record;
  // None: an intent, a step between two that are told, or what has done nothing to a card, which a client
  // that asks again and again would fill the log with (a guard that refused: nobody has tried a PIN).
  std::optional<Kind> kind{};
  Reason reason = Reason::code;
};

// clang-format off
constexpr std::array rows{
  Row{"case.opened",            Kind::decision},
  Row{"case.updated",           Kind::decision},
  Row{"case.redecided",         Kind::decision},
  Row{"case.policy_changed",    Kind::decision},
  Row{"case.completed",         Kind::visit},
  Row{"case.stopped",           Kind::visit},
  Row{"case.given_up",          Kind::visit, Reason::words},
  Row{"case.cancelled",         Kind::visit, Reason::words},
  Row{"issue.begun",            Kind::visit},
  Row{"terminal.handed_over",   Kind::visit},
  Row{"terminal.unfinished"},
  Row{"terminal.withdrawn",     Kind::visit},
  Row{"terminal.differs",       Kind::certificate},
  Row{"terminal.proved",        Kind::certificate},
  Row{"terminal.accepted",      Kind::overruled, Reason::words},
  Row{"card.renewed_elsewhere", Kind::certificate},
  Row{"card.gone",              Kind::certificate},
  Row{"pin.intent"},
  Row{"pin.matched",            Kind::pin},
  Row{"pin.mismatched",         Kind::pin},
  Row{"pin.locked",             Kind::pin},
  Row{"pin.unclear",            Kind::pin},
  Row{"pin.not_sent"},
  Row{"pin.recorded",           Kind::pin},
  Row{"pin.reset_intent"},
  Row{"pin.reset",              Kind::pin},
  Row{"pin.reset_failed",       Kind::pin},
  Row{"pin.reset_unclear",      Kind::pin},
  Row{"authority.answered"},
  Row{"key.intent"},
  Row{"key.made",               Kind::key},
  Row{"key.unknown"},
  Row{"key.found",              Kind::key},
  Row{"key.lost",               Kind::key},
  Row{"key.restarted"},
  Row{"key.put_off"},
  Row{"request.signed"},
  Row{"request.sending"},
  Row{"request.answered"},
  Row{"request.rejected",       Kind::certificate},
  Row{"request.restarted"},
  Row{"certificate.intent",     Kind::certificate},
  Row{"certificate.refused",    Kind::certificate},
  Row{"certificate.written",    Kind::certificate},
  Row{"certificate.torn"},
  Row{"certificate.unwritten",  Kind::certificate},
  Row{"certificate.restarted"},
  Row{"certificate.withdrawn",  Kind::certificate},
  Row{"certificate.proved",     Kind::certificate},
  Row{"activation.intent"},
  Row{"activation.done",        Kind::certificate},
  Row{"activation.unknown"},
  Row{"confirmation.sending"},
  Row{"confirmation.answered"},
  Row{"confirmation.done"},
  Row{"confirmation.unclear",   Kind::certificate},
  Row{"status.good"},
  Row{"status.revoked",         Kind::certificate},
  Row{"status.unknown"},
  Row{"status.unanswered"},
  Row{"revocation.needless"},
  Row{"revocation.sending"},
  Row{"revocation.answered"},
  Row{"revocation.done",        Kind::certificate},
  Row{"revocation.withheld",    Kind::certificate},
  Row{"revocation.unclear",     Kind::certificate},
  Row{"refusal.sending"},
  Row{"refusal.answered"},
  Row{"refusal.done",           Kind::certificate},
  Row{"refusal.unclear",        Kind::certificate},
  Row{"message.set_aside"},
  Row{"plugin.called",          Kind::plugin},
  Row{"plugin.held",            Kind::plugin},
  Row{"plugin.let_go",          Kind::plugin},
  Row{"plugin.gone",            Kind::plugin},
  Row{"plugin.held_too_late"},
  Row{"plugin.note"},
  Row{"plugin.owed"},
  Row{"plugin.caught_up"},
};
// clang-format on

// From a record's body, by its key there.
struct Carried {
  std::string_view key;
  Field field;
};
constexpr std::array carried{
    Carried{"certificate", Field::certificate},
    Carried{"serial", Field::serial},
    Carried{"expires_on", Field::expires_on},
    Carried{"key_sha256", Field::key},
    Carried{"slot", Field::slot},
    Carried{"pin", Field::pin},
    Carried{"outcome", Field::outcome},
    Carried{"entered_by", Field::entered_by},
    Carried{"plugin", Field::plugin},
    Carried{"method", Field::method},
    Carried{"from", Field::was},
};

const Row* row_of(std::string_view record) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.record == record; });
  return found == rows.end() ? nullptr : &*found;
}

std::string_view text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all.append(all.empty() ? "" : ",").append(word);
  return all;
}

json::object body_of(const std::string& text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  return !error && value.is_object() ? std::move(value.get_object()) : json::object();
}

Entry entry_of(const Row& row, base::Instant at, const json::object& body, base::Actor by) {
  Entry entry(at, *row.kind, row.record);
  if (const auto staff = text(body, "staff"); !staff.empty()) by.staff = staff;
  entry.by(by);
  for (const auto& each : carried) entry.put(each.field, text(body, each.key));
  if (row.reason == Reason::code) entry.put(Field::reason, text(body, "reason"));
  return entry;
}

void about(Entry& entry, const renewal::Case& visit) {
  entry.put(Field::visit, visit.id).put(Field::reader, visit.reader).put(Field::policy, decided_by(visit));
}

// What the clerk has answered for besides: the reason itself stays in the case's journal.
void add_overruled(std::vector<Entry>& entries, const Entry& like, const json::object& body,
                   const renewal::Case& visit) {
  const auto with = [&](std::string_view what, const std::string& findings) {
    Entry entry(like.at(), Kind::overruled, what);
    for (const auto field : {Field::uid, Field::role, Field::staff}) entry.put(field, like.get(field));
    about(entry, visit);
    entries.push_back(entry.put(Field::findings, findings));
  };
  if (body.contains("override_reason")) with("case.overridden", joined(left_to_the_clerk(visit.decision)));
  if (body.contains("beside")) with("case.begun_beside", joined(visit.begun_beside));
}

}  // namespace

std::vector<Entry> audited(const std::vector<storage::JournalRecord>& journal, const renewal::Case& visit) {
  std::vector<Entry> entries;
  for (const auto& record : journal) {
    const auto* row = row_of(record.kind);
    const Row unknown{record.kind, Kind::visit, Reason::words};
    if (row == nullptr) row = &unknown;
    if (!row->kind) continue;
    const auto body = body_of(record.body);
    auto entry = entry_of(*row, record.at, body, visit.by);
    about(entry, visit);
    if (row->kind == Kind::decision) {
      entry.put(Field::outcome, text(visit.decision, "outcome"));
      entry.put(Field::findings, joined(codes_of(visit.decision)));
    }
    entries.push_back(entry);
    add_overruled(entries, entry, body, visit);
  }
  return entries;
}

std::vector<Entry> audited(const std::vector<storage::EventRecord>& events, const base::Actor& by) {
  std::vector<Entry> entries;
  for (const auto& event : events) {
    const auto* row = row_of(event.type);
    if (row == nullptr || !row->kind || !event.case_id.empty()) continue;
    auto entry = entry_of(*row, event.at, body_of(event.data), by);
    entries.push_back(entry.put(Field::reader, event.reader));
  }
  return entries;
}

bool listed(std::string_view record) {
  return row_of(record) != nullptr;
}

}  // namespace madoguchi::counter
