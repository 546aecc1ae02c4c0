// audit.query and audit.verify: the log, and the check of its chain.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "answer.hpp"
#include "audit/chain.hpp"
#include "audit/statement.hpp"
#include "base/calendar.hpp"
#include "families.hpp"

namespace madoguchi::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using audit::Field;
using rpc::Param;

// A call stays short whatever it is asked: so many entries are looked through, then the next one goes on.
constexpr int most_looked_at = 2000;
constexpr int piece = 100;

struct Filter {
  std::string kind, what, staff;
  std::optional<std::int64_t> uid;
  std::optional<base::Instant> from, to;
  [[nodiscard]] bool any() const {
    return !kind.empty() || !what.empty() || !staff.empty() || uid || from || to;
  }
};

bool wanted(const Filter& filter, const audit::Entry& entry) {
  const auto is = [](const std::string& asked, std::string_view found) {
    return asked.empty() || asked == found;
  };
  return is(filter.kind, audit::name(entry.kind())) && is(filter.what, entry.what()) &&
         is(filter.staff, entry.get(Field::staff)) &&
         (!filter.uid || entry.get(Field::uid) == std::to_string(*filter.uid)) &&
         (!filter.from || entry.at() >= *filter.from) && (!filter.to || entry.at() < *filter.to);
}

base::Result<std::optional<base::Instant>> time_of(const json::object& params, std::string_view key) {
  if (!params.contains(key)) return std::optional<base::Instant>();
  const auto given = text(params, key);
  const auto time = base::parse_time(given);
  if (time) return time;
  const auto day = base::parse_date(given);
  if (day) return std::optional(base::start_of_day_in_japan(*day));
  return base::make_fault(
      base::Code::invalid_params, {},
      {{"pointer", "/" + std::string(key)}, {"expected", "a date, or a time with its offset"}});
}

base::Result<Filter> filter_of(const json::object& params) {
  Filter filter{
      text(params, "kind"), text(params, "what"), text(params, "staff"), number(params, "uid"), {}, {}};
  auto from = time_of(params, "from");
  if (!from) return from.error();
  auto to = time_of(params, "to");
  if (!to) return to.error();
  filter.from = *from;
  filter.to = *to;
  return filter;
}

json::value shown(const storage::AuditRow& row) {
  boost::system::error_code error;
  auto value = json::parse(row.line, error);
  if (!error && value.is_object() && audit::read_line(row.line)) return value;
  return json::object{{"seq", row.seq}, {"damaged", true}};
}

json::value checkpoint(const Parts& parts, const audit::Place& place) {
  return json::parse(
      audit::signed_statement(audit::Purpose::checkpoint, place, parts.clock.now(), *parts.audit.key));
}

// No checkpoint goes out for a head that none of this daemon's keys has signed.
base::Result<audit::Place> head_of(const Parts& parts, const storage::AuditMarks& marks) {
  if (marks.head.empty()) return audit::Place{};
  const auto head = audit::read_statement(marks.head);
  if (!head || !audit::signed_by_any(*head, parts.audit.keys))
    return base::make_fault(base::Code::internal, "the head of the audit log is damaged");
  return head->place;
}

// At the end of the log the page has what makes an export whole.
void add_end(const Parts& parts, const base::Result<audit::Place>& head, json::object& page) {
  // Where it is damaged the entries are still to be had; audit.verify says what is wrong.
  if (head) page["checkpoint"] = checkpoint(parts, *head);
  page["public_key"] = parts.audit.keys.front().to_pem();
}

// Without rows that somebody has put behind the end: whoever went on from such a number would be told of
// nothing that follows. audit.verify tells of them. Whether there were any.
bool leave_out_behind(const base::Result<audit::Place>& head, std::vector<storage::AuditRow>& rows) {
  if (!head || head->seq == 0) return false;
  const auto behind =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.seq > head->seq; });
  const bool found = behind != rows.end();
  rows.erase(behind, rows.end());
  return found;
}

Reply query(Parts& parts, const json::object& params) {
  const auto filter = filter_of(params);
  if (!filter) return filter.error();
  const auto limit = static_cast<std::size_t>(number(params, "limit").value_or(100));
  const auto since = number(params, "since").value_or(0);
  const int look_at = filter->any() ? most_looked_at : static_cast<int>(limit);
  auto rows = parts.audit.trail->audit_entries(since, text(params, "case"), look_at);
  if (!rows) return rows.error();
  const auto marks = parts.audit.trail->audit_marks();
  if (!marks) return marks.error();
  const auto head = head_of(parts, *marks);
  const bool full = rows->size() == static_cast<std::size_t>(look_at);
  const bool ended = leave_out_behind(head, *rows) || !full;
  json::object page;
  json::array entries;
  std::size_t seen = 0;
  for (const auto& row : *rows) {
    if (entries.size() == limit) break;
    ++seen;
    const auto read =
        filter->any() ? audit::read_line(row.line) : base::Result<audit::ReadLine>(base::Fault{});
    // One that is damaged may be any of those that were asked for.
    if (!filter->any() || !read || wanted(*filter, read->line.entry)) entries.push_back(shown(row));
  }
  page["entries"] = std::move(entries);
  if (seen < rows->size() || !ended) {
    page["next"] = (*rows)[seen - 1].seq;
  } else {
    add_end(parts, head, page);
  }
  // Why what stood behind `since` is not there.
  const auto base = audit::read_statement(marks->base);
  if (base && base->place.seq > since) page["base"] = json::parse(marks->base);
  return json::value(std::move(page));
}

json::object words_of(audit::Flaw flaw) {
  switch (flaw) {
    case audit::Flaw::altered:
      return {{"ja", "記録の内容が書き換えられています。"}, {"en", "The entry is not what was written."}};
    case audit::Flaw::missing:
      return {{"ja", "この番号からの記録がなくなっています。"},
              {"en", "From this number on entries are gone."}};
    case audit::Flaw::displaced:
      return {{"ja", "直前の記録とつながっていません。"},
              {"en", "It does not follow on the entry before it."}};
    case audit::Flaw::forged:
      return {{"ja", "署名が正しくありません。"}, {"en", "A signature is not valid."}};
    case audit::Flaw::another_key:
      return {{"ja", "別の鍵で署名されています。"}, {"en", "It is signed with another key."}};
    case audit::Flaw::truncated:
      return {{"ja", "この番号から後の記録が切り取られています。"},
              {"en", "From this number on the log is cut off."}};
    case audit::Flaw::unsealed:
      return {{"ja", "この番号から後の記録には署名がありません。"},
              {"en", "From this number on no signature covers the entries."}};
    case audit::Flaw::unaccounted:
      return {{"ja", "受付の開始が記録されていない受付があります。"},
              {"en", "There are cases whose opening is not entered."}};
    case audit::Flaw::unproven:
      return {{"ja", "この範囲の記録を保証する署名がありません。"},
              {"en", "No signature vouches for these entries."}};
    case audit::Flaw::pruned:
      return {{"ja", "保存期間を過ぎて削除されたとされる記録です。"},
              {"en", "These entries are said to be deleted by retention."}};
    case audit::Flaw::unreadable:
      return {{"ja", "この番号からの記録を、ディスクから読み取れません。"},
              {"en", "From this number on entries cannot be read from the disk."}};
  }
  return {};
}

json::object found_by(const audit::Verifier& verifier) {
  json::array problems;
  for (const auto& problem : verifier.problems()) {
    json::object one{{"seq", problem.seq}, {"flaw", audit::name(problem.flaw)}};
    if (problem.through > 0) one["through"] = problem.through;
    for (auto& word : words_of(problem.flaw)) one.insert(word);
    problems.push_back(std::move(one));
  }
  return {{"ok", verifier.flaws() == 0},
          {"entries", verifier.entries()},
          {"first", verifier.begun_at() ? verifier.begun_at()->seq + 1 : 1},
          {"last", verifier.last()},
          {"flaws", verifier.flaws()},
          {"problems", std::move(problems)}};
}

asio::awaitable<Reply> verify(Parts& parts) {
  auto& trail = *parts.audit.trail;
  audit::Verifier verifier(parts.audit.keys);
  const auto begin = trail.audit_marks();
  if (!begin) co_return begin.error();
  verifier.begin_store(begin->base);
  // Also what somebody has put before the first.
  for (auto since = std::numeric_limits<std::int64_t>::min();;) {
    const auto rows = trail.audit_entries(since, {}, piece);
    if (!rows) co_return rows.error();
    for (const auto& row : *rows) verifier.entry(row.line, row.seq, row.case_id);
    if (rows->size() < static_cast<std::size_t>(piece)) break;
    since = rows->back().seq;
    // The counter goes on meanwhile; what it records is gone through, too.
    co_await asio::post(parts.loop, asio::use_awaitable);
  }
  const auto marks = trail.audit_marks();
  if (!marks) co_return marks.error();
  verifier.end_store(marks->head);
  const auto cases = trail.unaccounted_cases();
  if (!cases) co_return cases.error();
  verifier.without_entries(*cases);
  auto result = found_by(verifier);
  const auto head = head_of(parts, *marks);
  if (head) result["checkpoint"] = checkpoint(parts, *head);
  result["public_key"] = parts.audit.keys.front().to_pem();
  if (verifier.flaws() > 0) {
    parts.log.write(base::Level::error, "audit.damaged",
                    {{"flaws", verifier.flaws()}, {"first", verifier.problems().front().seq}});
  }
  co_return json::value(std::move(result));
}

// One at a time, however many ask: whoever does while it goes on gets its answer.
class Verification : public std::enable_shared_from_this<Verification> {
 public:
  explicit Verification(Parts& parts) : parts_(parts) {}

  void ask(rpc::Responder respond) {
    waiting_.push_back(std::move(respond));
    if (waiting_.size() > 1) return;
    const auto all = [self = shared_from_this()](const Reply& reply) {
      for (auto& each : std::exchange(self->waiting_, {})) each(reply);
    };
    answer(parts_.loop, rpc::Responder(all), verify(parts_));
  }

 private:
  Parts& parts_;
  std::vector<rpc::Responder> waiting_;
};

Param words(std::string_view name, std::string_view description) {
  return {.name = name, .description = description, .minimum = 1, .maximum = 128};
}

std::vector<Param> query_params() {
  return {{.name = "since",
           .type = Param::Type::integer,
           .description = "entries behind this number; `next` of the page before",
           .minimum = 0},
          {.name = "limit",
           .type = Param::Type::integer,
           .description = "entries a page; 100 unless told",
           .minimum = 1,
           .maximum = 500},
          words("case", "only about this case"),
          {.name = "kind",
           .description = "only of this kind",
           .values = {"decision", "override", "pin", "key", "certificate", "case", "policy", "plugin",
                      "access", "daemon", "audit"}},
          words("what", "only of this, e.g. pin.mismatched"),
          words("staff", "only by this member of the staff"),
          {.name = "uid",
           .type = Param::Type::integer,
           .description = "only by this user of the computer",
           .minimum = 0},
          words("from", "a date, or a time with its offset: not before"),
          words("to", "the same: before")};
}

}  // namespace

void add_audit(rpc::MethodTable& table, Parts& parts) {
  const auto verification = std::make_shared<Verification>(parts);
  table.add(
      {.name = "audit.query",
       .summary =
           "The audit log, oldest first, a page at a time. With `next` there is more, even where a page "
           "is empty; the last page has a signed checkpoint of the log's end.",
       .roles = rpc::Role::supervisor | rpc::Role::admin,
       .params = query_params(),
       .result = R"({"type":"object","required":["entries"],"properties":{
           "entries":{"type":"array","items":{"type":"object","required":["seq"],"additionalProperties":true,
             "description":"as it was sealed, member by member; its members are those of its kind",
             "properties":{"seq":{"type":"integer"},
               "damaged":{"type":"boolean","description":"it cannot be read any more"}}}},
           "next":{"type":"integer","description":"`since` of the next page"},
           "base":{"$ref":"#/components/schemas/AuditStatement","description":"up to where entries were let go"},
           "checkpoint":{"$ref":"#/components/schemas/AuditStatement","description":"of the log's end"},
           "public_key":{"type":"string","description":"PEM; of the key that signs"}}})",
       .faults = {base::Code::storage_unavailable},
       .example = R"({"since":0,"limit":100,"kind":"pin","from":"2026-11-23"})",
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(query(parts, params)); },
       .reads = true});
  table.add(
      {.name = "audit.verify",
       .summary =
           "Goes through the whole audit log: whether anything was changed, left out, moved or cut off.",
       .roles = rpc::only(rpc::Role::admin),
       .result =
           R"({"type":"object","required":["ok","entries","first","last","flaws","problems"],"properties":{
           "ok":{"type":"boolean"},"entries":{"type":"integer","description":"so many were gone through"},
           "first":{"type":"integer"},"last":{"type":"integer"},
           "flaws":{"type":"integer","description":"so many were found; problems names the first of them"},
           "problems":{"type":"array","items":{"type":"object","required":["seq","flaw","ja","en"],"properties":{
             "seq":{"type":"integer","description":"where it shows, or the first that it is about"},
             "through":{"type":"integer","description":"the last that it is about, where it is more than one"},
             "flaw":{"type":"string"},"ja":{"type":"string"},"en":{"type":"string"}}}},
           "checkpoint":{"$ref":"#/components/schemas/AuditStatement"},
           "public_key":{"type":"string","description":"PEM; of the key that signs"}}})",
       .faults = {base::Code::storage_unavailable},
       .example = "{}",
       .handler = [verification](const rpc::Caller&, const json::object&,
                                 rpc::Responder respond) { verification->ask(std::move(respond)); },
       .reads = true});
}

}  // namespace madoguchi::api
