#include "documents.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <charconv>

#include "base/calendar.hpp"
#include "show.hpp"
#include "terminal.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

using Types = std::vector<std::string_view>;

// The usual ones, offered by number; a city may accept others, which --document names.
Types types_for(std::string_view missing) {
  if (missing == "photo_identity_document")
    return {"my_number_card", "drivers_licence", "passport", "residence_card", "disability_handbook"};
  if (missing == "identity_document")
    return {"drivers_licence", "passport", "residence_card", "disability_handbook",
            "eligibility_certificate"};
  if (missing == "family_register" || missing == "guardianship_registration") return {missing};
  return {};
}

bool is_dated(std::string_view type) {
  return type == "family_register" || type == "guardianship_registration";
}

class Asking {
 public:
  Asking(const Context& context, Terminal terminal) : context_(context), terminal_(std::move(terminal)) {}

  // False: interrupted. Nothing is put behind `shown` where the visitor has none.
  bool ask(std::string_view missing, json::array& shown) {
    const auto types = types_for(missing);
    if (types.empty()) return true;
    const auto number = chosen(missing, choices(types));
    if (!number) return false;
    if (*number == 0) return true;
    const bool dated = is_dated(types.front());
    json::object document{{"type", dated ? types.front() : types[*number - 1]}};
    if (dated && *number == 2) document["original"] = false;
    if (dated) {
      const auto day = issued_on();
      if (!day) return false;
      if (!day->empty()) document["issued_on"] = *day;
    }
    shown.push_back(std::move(document));
    return true;
  }

 private:
  [[nodiscard]] std::vector<std::string> choices(const Types& types) const {
    const auto lang = context_.lang();
    if (is_dated(types.front())) return {say(lang, "ask.document.original"), say(lang, "ask.document.copy")};
    std::vector<std::string> names;
    names.reserve(types.size());
    for (const auto type : types) names.push_back(word(lang, "document.type", type));
    return names;
  }

  // 0: none of them.
  std::optional<std::size_t> chosen(std::string_view missing, const std::vector<std::string>& names) {
    const auto lang = context_.lang();
    std::string offered;
    for (std::size_t i = 0; i < names.size(); ++i)
      offered += (i == 0 ? "" : lang == Lang::ja ? "、" : ", ") + std::to_string(i + 1) + " " + names[i];
    for (;;) {
      const auto answer =
          terminal_.ask(say(lang, "ask.document", {word(lang, "document", missing), offered}));
      if (!answer) return std::nullopt;
      if (answer->empty()) return 0;
      std::size_t number = 0;
      const auto* end = answer->data() + answer->size();
      const auto read = std::from_chars(answer->data(), end, number);
      if (read.ec == std::errc() && read.ptr == end && number >= 1 && number <= names.size()) return number;
    }
  }

  std::optional<std::string> issued_on() {
    for (;;) {
      auto answer = terminal_.ask(say(context_.lang(), "ask.document.issued_on"));
      if (!answer || answer->empty() || base::parse_date(*answer)) return answer;
      Output::complain(say(context_.lang(), "ask.no_such_date"));
    }
  }

  const Context& context_;
  Terminal terminal_;
};

bool complete_but_for_papers(const json::object& decision) {
  const auto outcome = text_at(decision, "outcome");
  return outcome == "not_today" || outcome == "two_visits";
}

}  // namespace

std::optional<json::object> document_named(std::string_view given) {
  constexpr std::string_view copy = ":copy";
  json::object document;
  const bool is_copy = given.ends_with(copy);
  if (is_copy) given.remove_suffix(copy.size());
  const auto at = given.find('@');
  document["type"] = given.substr(0, at);
  if (at != std::string_view::npos) {
    const auto day = given.substr(at + 1);
    if (!base::parse_date(day)) return std::nullopt;
    document["issued_on"] = day;
  }
  if (is_copy) document["original"] = false;
  if (given.substr(0, at).empty() || given.find(':') != std::string_view::npos) return std::nullopt;
  return document;
}

void add_documents(const std::vector<std::string>& given, json::object& facts) {
  if (given.empty()) return;
  auto& documents = facts["documents"];
  if (!documents.is_array()) documents = json::array();
  for (const auto& each : given) {
    if (auto document = document_named(each)) documents.get_array().push_back(std::move(*document));
  }
}

std::string options_for(const std::vector<std::string>& missing) {
  std::string text;
  for (const auto& name : missing) {
    if (name == "my_number_card") continue;
    std::string type = name;
    if (name == "identity_document" || name == "photo_identity_document") type = "drivers_licence";
    // Of a family register the page wants no day.
    if (name == "guardianship_registration") type += "@YYYY-MM-DD";
    text += (text.empty() ? "--document " : " --document ") + type;
  }
  return text;
}

std::string others_for(const Context& context, const std::vector<std::string>& missing) {
  std::string text;
  for (const auto& name : missing) {
    const auto types = types_for(name);
    if (types.size() < 2) continue;
    for (const auto type : types) {
      if (!text.empty()) text += context.lang() == Lang::ja ? "、" : ", ";
      text.append(type).append(" (").append(word(context.lang(), "document.type", type)).append(")");
    }
  }
  return text;
}

std::optional<int> ask_for_documents(const Context& context, client::Client& client, json::object& visit,
                                     const std::string& staff) {
  const auto* decision = object_at(visit, "decision");
  const auto* missing = decision != nullptr ? array_at(*decision, "missing") : nullptr;
  if (missing == nullptr || missing->empty() || !complete_but_for_papers(*decision)) return std::nullopt;
  auto terminal = Terminal::open(context.interrupts);
  if (!terminal) return std::nullopt;
  json::array shown;
  Asking asking(context, std::move(*terminal));
  for (const auto& item : *missing) {
    if (item.is_string() && !asking.ask(item.get_string(), shown))
      return fail(context, client::make_error(client::reasons::interrupted), text_at(visit, "id"));
  }
  if (shown.empty()) return std::nullopt;
  json::array all;
  if (const auto* facts = object_at(visit, "facts")) {
    if (const auto* before = array_at(*facts, "documents")) all = *before;
  }
  all.insert(all.end(), shown.begin(), shown.end());
  const auto reply = client.call(
      "cases.update", {{"case", text_at(visit, "id")}, {"facts", {{"documents", all}}}, {"staff", staff}});
  if (!reply) return fail(context, reply.error(), text_at(visit, "id"));
  if (!reply->is_object())
    return fail(context, client::make_error(client::reasons::garbled), text_at(visit, "id"));
  visit = reply->get_object();
  show_decision_of(context, visit);
  return std::nullopt;
}

}  // namespace madoguchi::cli
