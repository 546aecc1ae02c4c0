#include "simulated_ca/faults.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <optional>
#include <span>

#include "cmp_messages.hpp"

namespace madoguchi::simulated_ca {
namespace {

template <class E>
struct Named {
  std::string_view name;
  E value;
};

constexpr std::array<Named<FaultKind>, 11> fault_names = {{{"lose_reply", FaultKind::lose_reply},
                                                           {"delay", FaultKind::delay},
                                                           {"hang", FaultKind::hang},
                                                           {"http_500", FaultKind::http_500},
                                                           {"reject", FaultKind::reject},
                                                           {"unsigned_error", FaultKind::unsigned_error},
                                                           {"garbage", FaultKind::garbage},
                                                           {"wrong_key", FaultKind::wrong_key},
                                                           {"wrong_subject", FaultKind::wrong_subject},
                                                           {"wrong_dates", FaultKind::wrong_dates},
                                                           {"waiting", FaultKind::waiting}}};

constexpr std::array<Named<GarbageMode>, 4> mode_names = {{{"random", GarbageMode::random},
                                                           {"truncated", GarbageMode::truncated},
                                                           {"nonce", GarbageMode::nonce},
                                                           {"protection", GarbageMode::protection}}};

base::Fault refused(std::string_view what) {
  return base::make_fault(base::Code::invalid_params, "fault order: " + std::string(what));
}

template <class E, std::size_t N>
bool read_name(const boost::json::value& value, const std::array<Named<E>, N>& names, E& out) {
  const auto* text = value.if_string();
  if (text == nullptr) return false;
  const auto* found =
      std::find_if(names.begin(), names.end(), [&](const auto& row) { return row.name == *text; });
  if (found == names.end()) return false;
  out = found->value;
  return true;
}

bool read_number(const boost::json::value& value, int low, int high, int& out) {
  const auto* number = value.if_int64();
  if (number == nullptr || *number < low || *number > high) return false;
  out = static_cast<int>(*number);
  return true;
}

bool read_failure(const boost::json::value& value, int& out) {
  if (const auto* text = value.if_string()) {
    const auto bit = failure_bit({text->data(), text->size()});
    if (bit) out = *bit;
    return bit.has_value();
  }
  return read_number(value, 0, 26, out);
}

bool read_body(const boost::json::value& value, std::string& out) {
  const auto* text = value.if_string();
  if (text == nullptr) return false;
  out.assign(text->data(), text->size());
  return out == "any" || is_request_body(out);
}

bool read_member(std::string_view name, const boost::json::value& value, PlannedFault& fault) {
  constexpr int day = 86'400;
  if (name == "fault") return read_name(value, fault_names, fault.kind);
  if (name == "body") return read_body(value, fault.body);
  if (name == "count") return read_number(value, 1, 1'000'000, fault.count);
  if (name == "failure") return read_failure(value, fault.failure);
  if (name == "mode") return read_name(value, mode_names, fault.mode);
  if (name == "days") return read_number(value, -36'525, 36'525, fault.days);
  if (name == "polls") return read_number(value, 0, 1'000, fault.polls);
  if (name == "check_after") return read_number(value, 0, day, fault.check_after);
  if (name == "ms") {
    int milliseconds = 0;
    const bool read = read_number(value, 0, day * 1000, milliseconds);
    fault.delay = std::chrono::milliseconds(milliseconds);
    return read;
  }
  if (name == "text" && value.is_string()) {
    fault.text.assign(value.get_string().data(), value.get_string().size());
    return true;
  }
  return false;
}

base::Result<PlannedFault> read_fault(const boost::json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr || !object->contains("fault"))
    return refused("an object with a member fault is expected");
  PlannedFault fault;
  for (const auto& member : *object) {
    if (!read_member(member.key(), member.value(), fault)) return refused(member.key());
  }
  return fault;
}

template <class E, std::size_t N>
std::string_view name_of(E value, const std::array<Named<E>, N>& names) {
  return std::find_if(names.begin(), names.end(), [&](const auto& row) { return row.value == value; })->name;
}

}  // namespace

base::Result<void> FaultPlan::add(const boost::json::value& order) {
  if (const auto* object = order.if_object(); object != nullptr && object->contains("clear")) {
    if (object->size() != 1 || object->at("clear") != true) return refused("clear");
    planned_.clear();
    return {};
  }
  const auto orders = order.is_array() ? order.get_array() : boost::json::array{order};
  std::vector<PlannedFault> read;
  for (const auto& one : orders) {
    auto fault = read_fault(one);
    if (!fault) return fault.error();
    read.push_back(*std::move(fault));
  }
  planned_.insert(planned_.end(), read.begin(), read.end());
  return {};
}

std::vector<PlannedFault> FaultPlan::take(std::string_view body) {
  std::vector<PlannedFault> taken;
  for (auto& fault : planned_) {
    if (fault.body != "any" && fault.body != body) continue;
    --fault.count;
    taken.push_back(fault);
  }
  std::erase_if(planned_, [](const auto& fault) { return fault.count == 0; });
  return taken;
}

boost::json::array FaultPlan::describe() const {
  boost::json::array faults;
  for (const auto& fault : planned_) {
    faults.push_back(
        {{"fault", name_of(fault.kind, fault_names)}, {"body", fault.body}, {"count", fault.count}});
  }
  return faults;
}

}  // namespace madoguchi::simulated_ca
