#include "renewal/pieces.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <string_view>

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;

// Tells how many pieces make the whole: one that is missing must not pass for a text that is empty.
constexpr std::string_view pieces = "pieces";
// A row of its own costs about as much as this does in the row that is written anew with every step.
constexpr std::size_t worth_a_piece = 256;

base::Fault broken(std::string_view what) {
  return base::make_fault(base::Code::internal, "a stored case " + std::string(what));
}

// The names on the way are the codec's own, which need no escaping.
void set_texts_apart(json::value& value, const std::string& pointer,
                     std::map<std::string, std::string>& apart) {
  if (auto* list = value.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      set_texts_apart((*list)[i], pointer + "/" + std::to_string(i), apart);
  }
  auto* object = value.if_object();
  if (object == nullptr) return;
  for (auto member = object->begin(); member != object->end();) {
    auto place = pointer + "/" + std::string(member->key());
    if (const auto* text = member->value().if_string(); text != nullptr && text->size() >= worth_a_piece) {
      apart.emplace(std::move(place), json::serialize(*text));
      member = object->erase(member);
      continue;
    }
    set_texts_apart(member->value(), place, apart);
    ++member;
  }
}

}  // namespace

Pieces take_apart(json::object stored) {
  Pieces made{std::move(stored), {}};
  for (const char* large : {"facts", "decision"}) {
    const auto* value = made.body.if_contains(large);
    if (value == nullptr) continue;
    made.apart.emplace("/" + std::string(large), json::serialize(*value));
    made.body.erase(large);
  }
  // Certificates, and what was said to the authority and by it.
  if (auto* sagas = made.body.if_contains("sagas")) set_texts_apart(*sagas, "/sagas", made.apart);
  made.body[pieces] = static_cast<std::int64_t>(made.apart.size());
  return made;
}

base::Result<json::object> put_together(json::object body, const std::map<std::string, std::string>& apart) {
  const auto* count = body.if_contains(pieces);
  const std::size_t wanted =
      count != nullptr && count->is_int64() ? static_cast<std::size_t>(count->get_int64()) : 0;
  if (wanted != apart.size()) return broken("has lost a piece");
  json::value whole(std::move(body));
  for (const auto& [pointer, text] : apart) {
    const auto last = pointer.rfind('/');
    if (last == std::string::npos) return broken("has a piece without a place");
    boost::system::error_code error;
    auto* around = whole.find_pointer(std::string_view(pointer).substr(0, last), error);
    auto* object = around != nullptr ? around->if_object() : nullptr;
    if (object == nullptr) return broken("has no place for its piece " + pointer);
    auto piece = json::parse(text, error);
    if (error) return broken("has a piece that is not JSON: " + pointer);
    (*object)[std::string_view(pointer).substr(last + 1)] = std::move(piece);
  }
  return std::move(whole.get_object());
}

}  // namespace madoguchi::renewal
