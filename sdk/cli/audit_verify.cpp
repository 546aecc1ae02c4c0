// audit verify: the daemon's own log, or an export that needs no daemon.
#include <boost/json/array.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "audit/verifier.hpp"
#include "commands.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

struct Found {
  bool ok = false;
  std::int64_t entries = 0, first = 1, last = 0, flaws = 0;
  struct Problem {
    std::int64_t seq = 0, through = 0;
    std::string flaw;
  };
  std::vector<Problem> problems;
};

int not_read(const Context& context, const std::string& what) {
  client::RpcError error;
  error.reason = "audit.not_read";
  error.ja = say(Lang::ja, "audit.not_read", {what});
  error.en = say(Lang::en, "audit.not_read", {what});
  static_cast<void>(fail(context, error));
  return bad_usage;
}

int show(const Context& context, const Found& found) {
  const auto entries = std::to_string(found.entries);
  const auto first = std::to_string(found.first);
  const auto last = std::to_string(found.last);
  if (found.ok && found.entries == 0) {
    context.out.say("audit.no_entries", {last});
    return finish(context);
  }
  if (found.ok) {
    context.out.say("audit.whole", {entries, first, last});
    if (found.first > 1) context.out.say("audit.begins_later", {first});
    return finish(context);
  }
  context.out.say("audit.not_whole", {entries, first, last, std::to_string(found.flaws)});
  for (const auto& problem : found.problems) {
    const auto seq = std::to_string(problem.seq);
    const auto flaw = word(context.lang(), "audit.flaw", problem.flaw);
    if (problem.through > problem.seq) {
      context.out.say("audit.problems", {seq, std::to_string(problem.through), flaw});
    } else {
      context.out.say("audit.problem", {seq, flaw});
    }
  }
  return finish(context, refused);
}

int verify_daemons(const Context& context) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  const auto result = client->call("audit.verify", {});
  if (!result) return fail(context, result.error());
  context.out.document(*result);
  if (!result->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  const auto& object = result->get_object();
  Found found{flag_at(object, "ok"),        number_at(object, "entries", 0), number_at(object, "first", 1),
              number_at(object, "last", 0), number_at(object, "flaws", 0),   {}};
  if (const auto* problems = array_at(object, "problems")) {
    for (const auto& one : *problems) {
      if (!one.is_object()) continue;
      const auto& told = one.get_object();
      found.problems.push_back(
          {number_at(told, "seq", 0), number_at(told, "through", 0), text_at(told, "flaw")});
    }
  }
  return show(context, found);
}

// A line without its end was cut off; it is given to the check as it is.
void read_lines(std::ifstream& file, audit::Verifier& verifier) {
  std::string line;
  while (std::getline(file, line)) verifier.line(line);
  verifier.end();
}

}  // namespace

int verify_audit(const Context& context, const AuditVerifyOptions& options) {
  if (options.file.empty()) return verify_daemons(context);
  if (options.keys.empty()) return fail_usage(context, "audit.needs_key");
  std::vector<audit::PublicKey> keys;
  for (const auto& name : options.keys) {
    std::ifstream file(name, std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto key = audit::PublicKey::from_pem(pem);
    if (!key)
      return not_read(context, name + ": " + (pem.empty() ? std::strerror(errno) : key.error().inner));
    keys.push_back(std::move(*key));
  }
  std::ifstream file(options.file, std::ios::binary);
  if (!file) return not_read(context, options.file + ": " + std::strerror(errno));
  audit::Verifier verifier(std::move(keys));
  read_lines(file, verifier);
  Found found{
      verifier.flaws() == 0, verifier.entries(), verifier.begun_at() ? verifier.begun_at()->seq + 1 : 1,
      verifier.last(),       verifier.flaws(),   {}};
  json::array problems;
  for (const auto& problem : verifier.problems()) {
    found.problems.push_back({problem.seq, problem.through, std::string(audit::name(problem.flaw))});
    json::object told{{"seq", problem.seq}, {"flaw", audit::name(problem.flaw)}};
    if (problem.through > 0) told["through"] = problem.through;
    problems.push_back(std::move(told));
  }
  context.out.document(json::object{{"ok", found.ok},
                                    {"entries", found.entries},
                                    {"first", found.first},
                                    {"last", found.last},
                                    {"flaws", found.flaws},
                                    {"problems", std::move(problems)}});
  return show(context, found);
}

}  // namespace madoguchi::cli
