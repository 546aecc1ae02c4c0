#include "audit/chain.hpp"

#include <boost/json/serialize.hpp>

#include "base/bytes.hpp"
#include "text.hpp"

namespace madoguchi::audit {

namespace json = boost::json;

void add_text(std::string& to, std::string_view key, std::string_view value) {
  to.append(",\"").append(key).append("\":").append(json::serialize(json::string(value)));
}

void add_number(std::string& to, std::string_view key, std::string_view digits) {
  to.append(",\"").append(key).append("\":").append(digits);
}

std::string_view text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::string hash_of(std::string_view text) {
  return base::to_hex(base::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

Chain::Row Chain::append(const Entry& entry) {
  const Line line{head_, entry};
  Row row{line.seq(), to_text(line)};
  // The hash stands at the end, before `"}`.
  head_ = {row.seq, row.text.substr(row.text.size() - 66, 64)};
  return row;
}

}  // namespace madoguchi::audit
