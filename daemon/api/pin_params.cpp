#include "pin_params.hpp"

#include "answer.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;

base::Fault bad(std::string pointer, std::string_view expected) {
  return base::make_fault(base::Code::invalid_params, {}, {{"pointer", pointer}, {"expected", expected}});
}

// {"entry": "pinpad"} and nothing else.
bool is_entry(const json::value& value) {
  const auto* object = value.if_object();
  return object != nullptr && object->size() == 1 && object->contains("entry") &&
         object->at("entry") == json::value("pinpad");
}

}  // namespace

const std::vector<base::Code>& pin_faults() {
  static const std::vector<base::Code> faults{base::Code::pin_wrong,         base::Code::pin_locked,
                                              base::Code::pin_malformed,     base::Code::pin_last_try,
                                              base::Code::pin_tries_changed, base::Code::pin_timeout,
                                              base::Code::pin_cancelled};
  return faults;
}

std::function<bool()> still_there(const rpc::Caller& caller) {
  return [peer = caller.peer] {
    const auto there = peer.lock();
    return there && !there->gone();
  };
}

base::Result<std::vector<counter::PinRequest>> pins_of(const rpc::Caller& caller,
                                                       const json::object& params) {
  std::vector<counter::PinRequest> pins;
  const auto* given = params.if_contains("pins");
  if (given == nullptr) return pins;
  const auto* expected = params.if_contains("expected_tries_left");
  for (const auto& [key, value] : given->get_object()) {
    const auto pin = mynumber::pin_named(key);
    if (!pin || *pin == mynumber::PinName::resident_register)
      return bad(pin ? "/pins/" + std::string(key) : "/pins", "signature or authentication");
    counter::PinRequest request;
    request.on_pad = is_entry(value);
    if (!value.is_string() && !request.on_pad) {
      return bad("/pins/" + std::string(key), R"(a string, or {"entry": "pinpad"})");
    }
    request.pin = *pin;
    request.entered_by = params.contains("entered_by") ? text(params, "entered_by") : "holder";
    request.staff = text(params, "staff");
    request.by = acting(caller, params);
    request.wanted = still_there(caller);
    if (!request.on_pad) request.value = base::Secret(std::string_view(value.get_string()));
    request.guards.accept_last_try = flag(params, "accept_last_try");
    if (const auto* tries = expected == nullptr ? nullptr : expected->get_object().if_contains(key)) {
      if (!tries->is_int64()) return bad("/expected_tries_left/" + std::string(key), "an integer");
      request.guards.expected_tries_left = static_cast<int>(tries->get_int64());
    }
    pins.push_back(std::move(request));
  }
  return pins;
}

}  // namespace madoguchi::api
