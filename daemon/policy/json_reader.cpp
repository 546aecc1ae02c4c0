#include "json_reader.hpp"

#include <algorithm>

#include "base/json_pointer.hpp"

namespace madoguchi::policy {

void JsonComplaint::say(std::string_view pointer, std::string_view expected, std::string_view logged) {
  if (fault_) {
    constexpr std::size_t longest = 4096;
    if (fault_->inner.size() < longest)
      fault_->inner.append("; ").append(logged).append(": expected ").append(expected);
    return;
  }
  boost::json::object details;
  details["pointer"] = pointer;
  details["expected"] = expected;
  std::string inner(logged);
  inner.append(": expected ").append(expected);
  fault_ = base::make_fault(base::Code::invalid_params, std::move(inner), std::move(details));
}

void JsonComplaint::say_unknown(std::string_view parent, std::string_view name, std::string_view expected) {
  const auto place = pointer_to(parent, name);
  if (names_ == UnknownNames::in_full) return say(place, expected);
  say(place, expected, std::string(parent) + "/(a name of " + std::to_string(name.size()) + " bytes)");
}

std::string one_of(std::span<const std::string_view> names) {
  std::string text = "one of ";
  for (std::size_t i = 0; i < names.size(); ++i) text.append(i == 0 ? "" : ", ").append(names[i]);
  return text;
}

std::string pointer_to(std::string_view pointer, std::string_view token) {
  return base::below(pointer, token);
}

const boost::json::value* JsonReader::find(std::string_view name) {
  known_.push_back(name);
  return object_->if_contains(name);
}

std::optional<bool> JsonReader::flag(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) {
    complain(name, "true or false");
    return std::nullopt;
  }
  return value->get_bool();
}

std::optional<std::int64_t> JsonReader::integer(std::string_view name, std::int64_t least,
                                                std::int64_t most) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_int64() || value->get_int64() < least || value->get_int64() > most) {
    complain(name, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return value->get_int64();
}

std::optional<std::string> JsonReader::text(std::string_view name, std::size_t longest) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string() || value->get_string().empty() || value->get_string().size() > longest) {
    complain(name, "a text of 1 to " + std::to_string(longest) + " bytes");
    return std::nullopt;
  }
  return std::string(value->get_string());
}

std::optional<base::Date> JsonReader::date(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto date =
      value->is_string() ? base::parse_date(std::string_view(value->get_string())) : std::nullopt;
  if (!date) complain(name, "a date that exists, YYYY-MM-DD");
  return date;
}

std::optional<base::Instant> JsonReader::time(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto time =
      value->is_string() ? base::parse_time(std::string_view(value->get_string())) : std::nullopt;
  if (!time) complain(name, "a time that exists, RFC 3339 with an offset");
  return time;
}

const boost::json::object* JsonReader::object(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) complain(name, "an object");
  return value->if_object();
}

const boost::json::array* JsonReader::array(std::string_view name, std::size_t most) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_array() || value->get_array().size() > most) {
    complain(name, "a list of at most " + std::to_string(most));
    return nullptr;
  }
  return value->if_array();
}

void JsonReader::require(std::string_view name, std::string_view expected) {
  if (!object_->contains(name)) complain(name, std::string(expected).append(" (required)"));
}

void JsonReader::complain(std::string_view name, std::string_view expected) {
  complaint_->say(pointer(name), expected);
}

void JsonReader::finish() {
  for (const auto& member : *object_) {
    const std::string_view name(member.key());
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      complaint_->say_unknown(pointer_, name, "no such field; " + one_of(known_));
    }
  }
}

}  // namespace madoguchi::policy
