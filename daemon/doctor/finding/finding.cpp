#include "doctor/finding.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/utf8.hpp"
#include "messages/book.hpp"

namespace madoguchi::doctor {
namespace {

// What a damaged file, a library or a file's name says need not be text; as JSON it would be none either, and
// the finding would be lost.
std::string legible(std::string_view words) {
  std::string text;
  for (std::size_t at = 0; at < words.size();) {
    const auto byte = static_cast<unsigned char>(words[at]);
    const bool plain = (byte >= 0x20 && byte < 0x7f) || byte == '\n';
    const auto length = plain ? 1 : byte < 0x80 ? 0 : base::utf8_length(words, at);
    text.append(length > 0 ? words.substr(at, length) : "?");
    at += std::max<std::size_t>(length, 1);
  }
  return text;
}

boost::json::object legible(boost::json::object facts) {
  for (auto& [name, value] : facts) {
    if (value.is_string()) value = legible(std::string_view(value.get_string()));
  }
  return facts;
}

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::attention:
      return "attention";
    case State::wrong:
      return "wrong";
  }
  return "wrong";
}

boost::json::object to_json(const Finding& finding) {
  const auto* message = messages::find(finding.id);
  if (message == nullptr) throw std::logic_error(finding.id + " is not in the book of messages");
  const auto facts = legible(finding.facts);
  boost::json::object told{{"id", finding.id},
                           {"part", finding.id.substr(0, finding.id.find('.'))},
                           {"state", name(finding.state)},
                           {"ja", messages::filled(message->ja, facts)},
                           {"en", messages::filled(message->en, facts)}};
  auto remedy = messages::remedy(finding.id, facts);
  remedy.erase("id");
  if (!remedy.empty() && finding.state != State::ok) told["do"] = std::move(remedy);
  told["facts"] = facts;
  return told;
}

}  // namespace madoguchi::doctor
