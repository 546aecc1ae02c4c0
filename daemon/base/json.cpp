// Through Boost.JSON's basic_parser: its own parser lets the last of two equal keys win, turns 1e400 into
// infinity and a 65-bit integer into a double.
#include "base/json.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/string.hpp>
#include <cmath>

namespace madoguchi::base {
namespace {

namespace json = boost::json;
using json::error_code;
using json::string_view;

class Builder {
 public:
  static constexpr std::size_t max_object_size = most_json_values;
  static constexpr std::size_t max_array_size = most_json_values;
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  explicit Builder(json::value& root) : root_(root), text_(root.storage()) {}

  // Why it stopped, when it was not the grammar.
  [[nodiscard]] std::string_view problem() const { return problem_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) {
    auto* slot = place(ec);
    if (slot == nullptr) return false;
    slot->emplace_object();
    return open(*slot);
  }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_begin(error_code& ec) {
    auto* slot = place(ec);
    if (slot == nullptr) return false;
    slot->emplace_array();
    return open(*slot);
  }
  bool on_array_end(std::size_t, error_code&) { return close(); }

  bool on_key_part(string_view part, std::size_t, error_code&) { return gather(part); }
  bool on_key(string_view part, std::size_t, error_code& ec) {
    auto& object = open_[depth_ - 1]->get_object();
    if (object.empty() && depth_ <= roomy_depth) object.reserve(roomy_members);
    const auto [member, fresh] = object.emplace(whole(part), nullptr);
    text_.clear();
    if (!fresh) return refuse(ec, "a key stands twice in one object");
    member_ = &member->value();
    return true;
  }

  bool on_string_part(string_view part, std::size_t, error_code&) { return gather(part); }
  bool on_string(string_view part, std::size_t, error_code& ec) {
    auto* slot = place(ec);
    if (slot == nullptr) return false;
    slot->emplace_string().assign(whole(part));
    text_.clear();
    return true;
  }

  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, string_view, error_code& ec) { return put(number, ec); }
  bool on_uint64(std::uint64_t number, string_view, error_code& ec) { return put(number, ec); }
  bool on_double(double number, string_view text, error_code& ec) {
    if (!std::isfinite(number)) return refuse(ec, "a number is too large");
    if (text.find_first_of(".eE") == string_view::npos) return refuse(ec, "an integer has more than 64 bits");
    return put(number, ec);
  }
  bool on_bool(bool truth, error_code& ec) { return put(truth, ec); }
  bool on_null(error_code& ec) { return put(nullptr, ec); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  // The message and its params are given room for their members at once; what lies deeper grows as it needs.
  static constexpr std::size_t roomy_depth = 2;
  static constexpr std::size_t roomy_members = 6;

  bool refuse(error_code& ec, std::string_view problem) {
    problem_ = problem;
    ec = json::error::syntax;
    return false;
  }

  // Where the next value goes.
  json::value* place(error_code& ec) {
    if (++count_ > most_json_values) {
      refuse(ec, "there are too many values");
      return nullptr;
    }
    if (depth_ == 0) return &root_;
    auto* container = open_[depth_ - 1];
    if (!container->is_array()) return member_;
    return &container->get_array().emplace_back(nullptr);
  }

  template <class T>
  bool put(T value, error_code& ec) {
    auto* slot = place(ec);
    if (slot == nullptr) return false;
    *slot = value;
    return true;
  }

  bool open(json::value& container) {
    open_[depth_++] = &container;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }

  bool gather(string_view part) {
    text_.append(part);
    return true;
  }
  string_view whole(string_view part) {
    if (text_.empty()) return part;
    text_.append(part);
    return text_;
  }

  json::value& root_;
  json::string text_;
  // A container is stable while it is open: its parent does not grow before it is closed.
  std::array<json::value*, deepest_json + 1> open_{};
  json::value* member_ = nullptr;
  std::size_t depth_ = 0;
  std::size_t count_ = 0;
  std::string_view problem_;
};

}  // namespace

std::optional<JsonProblem> parse_json(std::string_view text, json::value& into) {
  json::parse_options options;
  options.max_depth = deepest_json;
  json::basic_parser<Builder> parser(options, into);
  error_code ec;
  const auto used = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) {
    const auto problem = parser.handler().problem();
    return JsonProblem{used, problem.empty() ? ec.message() : std::string(problem)};
  }
  if (used != text.size()) return JsonProblem{used, "something follows the value"};
  return std::nullopt;
}

}  // namespace madoguchi::base
