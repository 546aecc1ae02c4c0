#include "shown.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"

namespace madoguchi::cli {

std::string for_people(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of("\n\t", at), text.size());
    shown.append(base::on_one_line(text.substr(at, end - at)));
    if (end < text.size()) shown.push_back(text[end]);
    at = end + 1;
  }
  return shown;
}

// Outside of its strings a document has no such character, and within them it may be written out like this.
std::string as_json(const boost::json::value& value) {
  return base::on_one_line(boost::json::serialize(value));
}

}  // namespace madoguchi::cli
