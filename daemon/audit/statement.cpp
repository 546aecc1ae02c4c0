#include "audit/statement.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/calendar.hpp"
#include "base/json.hpp"
#include "text.hpp"

namespace madoguchi::audit {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> purposes{"head", "base", "checkpoint"};
constexpr std::string_view beginning = R"({"statement":")";

base::Fault no_statement(const char* why) {
  return base::make_fault(base::Code::internal, why);
}

std::string body_of(const Statement& statement) {
  std::string text(beginning);
  text.append(name(statement.purpose)).append("\"");
  add_number(text, "seq", std::to_string(statement.place.seq));
  add_text(text, "hash", statement.place.hash);
  add_text(text, "at", base::format_time(statement.at));
  add_text(text, "key", statement.key);
  text.push_back('}');
  return text;
}

std::string to_text(const Statement& statement) {
  auto text = body_of(statement);
  text.pop_back();
  add_text(text, "signature", base::to_base64(statement.signature));
  text.push_back('}');
  return text;
}

}  // namespace

std::string_view name(Purpose purpose) {
  return purposes.at(static_cast<std::size_t>(purpose));
}

std::string signed_statement(Purpose purpose, const Place& place, base::Instant at, const SigningKey& key) {
  Statement statement{purpose, place, at, key.public_key().id(), {}};
  statement.signature = key.sign(body_of(statement));
  return to_text(statement);
}

std::string unsigned_statement(Purpose purpose, const Place& place, base::Instant at) {
  return to_text({purpose, place, at, {}, {}});
}

base::Result<Statement> read_statement(std::string_view text) {
  json::value parsed;
  if (base::parse_json(text, parsed) || !parsed.is_object()) return no_statement("not a JSON object");
  const auto& object = parsed.get_object();
  const auto purpose = std::find(purposes.begin(), purposes.end(), text_of(object, "statement"));
  const auto* seq = object.if_contains("seq");
  const auto at = base::parse_time(text_of(object, "at"));
  auto signature = base::from_base64(text_of(object, "signature"));
  if (purpose == purposes.end() || seq == nullptr || !seq->is_int64() || !at || !signature)
    return no_statement("not a statement");
  if (seq->get_int64() < 0 || seq->get_int64() > last_number) return no_statement("of no number");
  Statement statement{static_cast<Purpose>(purpose - purposes.begin()),
                      {seq->get_int64(), std::string(text_of(object, "hash"))},
                      *at,
                      std::string(text_of(object, "key")),
                      std::move(*signature)};
  if (to_text(statement) != text) return no_statement("not in the form in which it was written");
  return statement;
}

bool is_statement(std::string_view text) {
  return text.starts_with(beginning);
}

bool signed_by(const Statement& statement, const PublicKey& key) {
  return statement.key == key.id() && key.verifies(body_of(statement), statement.signature);
}

bool signed_by_any(const Statement& statement, const std::vector<PublicKey>& keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const PublicKey& key) { return signed_by(statement, key); });
}

}  // namespace madoguchi::audit
