#include "rpc/method.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace madoguchi::rpc {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 4> role_names{{
    {Role::clerk, "clerk"},
    {Role::supervisor, "supervisor"},
    {Role::admin, "admin"},
    {Role::display, "display"},
}};

// A function as the place where an answer goes.
class SinkSlot final : public Responder::Slot {
 public:
  explicit SinkSlot(Responder::Sink sink) : sink_(std::move(sink)) {}
  void answer(base::Result<boost::json::value> result) override {
    const std::unique_ptr<SinkSlot> self(this);
    sink_(std::move(result));
  }
  void answer_text(std::string_view json) override { answer(boost::json::parse(json)); }
  void drop() noexcept override {
    answer(base::make_fault(base::Code::internal, "the request was dropped without an answer"));
  }

 private:
  Responder::Sink sink_;
};

// What is wrong with a row; empty if nothing is.
std::string objection(const Method& row) {
  const std::string name(row.name);
  boost::system::error_code error;
  const auto example = boost::json::parse(row.example.empty() ? "{}" : row.example, error);
  if (error || !example.is_object()) return "the example of " + name + " is no JSON object";
  if (!row.result.empty()) static_cast<void>(boost::json::parse(row.result, error));
  if (error) return "the result of " + name + " is no JSON";
  const auto valid = validate(row, example.get_object());
  if (valid) return {};
  return "the example of " + name + " is refused: " + boost::json::serialize(valid.error().details);
}

bool comes_before(const Method& row, std::string_view name) {
  return row.name < name;
}

const Method* named(const std::vector<Method>& rows, std::string_view name) {
  const auto found = std::lower_bound(rows.begin(), rows.end(), name, comes_before);
  return found != rows.end() && found->name == name ? &*found : nullptr;
}

std::string_view family(std::string_view name) {
  return name.substr(0, name.find('.'));
}

bool has_family(const std::vector<Method>& rows, std::string_view wanted) {
  return std::any_of(rows.begin(), rows.end(), [&](const Method& row) { return family(row.name) == wanted; });
}

}  // namespace

std::string_view name(Role role) {
  const auto found =
      std::find_if(role_names.begin(), role_names.end(), [&](const auto& e) { return e.first == role; });
  return found == role_names.end() ? std::string_view() : found->second;
}

std::optional<Role> role_named(std::string_view text) {
  const auto found =
      std::find_if(role_names.begin(), role_names.end(), [&](const auto& e) { return e.second == text; });
  if (found == role_names.end()) return std::nullopt;
  return found->first;
}

std::string names(Roles roles) {
  std::string all;
  for (const auto& [role, text] : role_names) {
    if (roles.has(role)) all.append(all.empty() ? "" : ",").append(text);
  }
  return all;
}

Responder::Responder(Sink sink) : slot_(new SinkSlot(std::move(sink))) {}

Responder::Responder(Responder&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this == &other) return *this;
  if (slot_ != nullptr) slot_->drop();
  slot_ = std::exchange(other.slot_, nullptr);
  return *this;
}

Responder::~Responder() {
  if (slot_ != nullptr) slot_->drop();
}

Responder::Slot& Responder::take() {
  auto* slot = std::exchange(slot_, nullptr);
  if (slot == nullptr) throw std::logic_error("a request was answered twice");
  return *slot;
}

void Responder::operator()(base::Result<boost::json::value> result) {
  take().answer(std::move(result));
}

void Responder::text(std::string_view json) {
  take().answer_text(json);
}

void MethodTable::add(Method method) {
  if (find(method.name) != nullptr)
    throw std::logic_error("two methods are called " + std::string(method.name));
  if (const auto wrong = objection(method); !wrong.empty()) throw std::logic_error(wrong);
  const auto place = std::lower_bound(rows_.begin(), rows_.end(), method.name, comes_before);
  rows_.insert(place, std::move(method));
}

void MethodTable::define(std::string_view name, std::string_view schema) {
  boost::system::error_code error;
  auto shape = boost::json::parse(schema, error);
  if (error || !shape.is_object()) throw std::logic_error("the shape " + std::string(name) + " is no JSON");
  if (!shapes_.emplace(name, std::move(shape)).second)
    throw std::logic_error("two shapes are called " + std::string(name));
}

void Guests::join(Guests others) {
  std::move(others.rows_.begin(), others.rows_.end(), std::back_inserter(rows_));
  std::sort(rows_.begin(), rows_.end(), [](const Method& a, const Method& b) { return a.name < b.name; });
}

base::Result<Guests> MethodTable::admit(std::vector<Method> guests) const {
  std::sort(guests.begin(), guests.end(), [](const Method& a, const Method& b) { return a.name < b.name; });
  for (std::size_t i = 0; i < guests.size(); ++i) {
    auto wrong = objection(guests[i]);
    if (i > 0 && guests[i - 1].name == guests[i].name)
      wrong = "two methods are called " + std::string(guests[i].name);
    if (has_family(rows_, family(guests[i].name)))
      wrong = std::string(guests[i].name) + " would be taken for a method of core's";
    if (!wrong.empty()) return base::make_fault(base::Code::plugin_failed, std::move(wrong));
  }
  Guests admitted;
  admitted.rows_ = std::move(guests);
  return admitted;
}

void MethodTable::set_guests(Guests guests) {
  guests_ = std::move(guests.rows_);
}

std::string_view MethodTable::keep(std::string text) {
  return *texts_.insert(std::move(text)).first;
}

const Method* MethodTable::find(std::string_view name) const {
  const auto* own = named(rows_, name);
  return own != nullptr ? own : named(guests_, name);
}

const std::vector<Method>& MethodTable::rows() const {
  return rows_;
}

}  // namespace madoguchi::rpc
