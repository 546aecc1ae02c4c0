#include "policy/text.hpp"

#include <algorithm>
#include <array>

#include "policy/day_text.hpp"

namespace madoguchi::policy {

std::vector<std::string> parameters_in(std::string_view text) {
  std::vector<std::string> names;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    const bool ends = close != std::string_view::npos;
    std::string name(ends ? text.substr(open + 1, close - open - 1) : text.substr(open));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    if (!ends) break;
  }
  return names;
}

std::vector<std::string> parameter_complaints(std::string_view text, const std::vector<std::string>& known) {
  std::string all;
  for (const auto& one : known) all.append(all.empty() ? "{" : ", {").append(one).append("}");
  std::vector<std::string> complaints;
  for (const auto& name : parameters_in(text)) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    complaints.push_back("{" + name + "} is unknown here; " +
                         (all.empty() ? "this text has none" : "known: " + all));
  }
  return complaints;
}

Text day_text(base::Date date) {
  static constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
  const auto year = std::to_string(static_cast<int>(date.year()));
  const auto month = static_cast<unsigned>(date.month());
  const auto day = std::to_string(static_cast<unsigned>(date.day()));
  return {year + "年" + std::to_string(month) + "月" + day + "日",
          day + " " + months.at(month - 1) + " " + year};
}

}  // namespace madoguchi::policy
