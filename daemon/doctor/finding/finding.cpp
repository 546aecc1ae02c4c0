#include "doctor/finding.hpp"

#include <stdexcept>

#include "messages/book.hpp"

namespace madoguchi::doctor {

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
  boost::json::object told{{"id", finding.id},
                           {"part", finding.id.substr(0, finding.id.find('.'))},
                           {"state", name(finding.state)},
                           {"ja", messages::filled(message->ja, finding.facts)},
                           {"en", messages::filled(message->en, finding.facts)}};
  auto remedy = messages::remedy(finding.id, finding.facts);
  remedy.erase("id");
  if (!remedy.empty() && finding.state != State::ok) told["do"] = std::move(remedy);
  told["facts"] = finding.facts;
  return told;
}

}  // namespace madoguchi::doctor
