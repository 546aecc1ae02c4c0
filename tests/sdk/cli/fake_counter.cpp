#include "fake_counter.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cctype>

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

json::array names(const std::vector<std::string>& list) {
  return json::array(list.begin(), list.end());
}

json::object dates(const char* serial, const char* issued, const char* expires) {
  return {{"serial", serial}, {"issued_on", issued}, {"expires_on", expires}};
}

json::object progress(int n, const char* certificate, const char* ja, const char* en) {
  return {
      {"subscription", "s-1"},
      {"topic", "cases"},
      {"seq", n},
      {"at", "2026-04-20T10:00:00+09:00"},
      {"type", "case.progress"},
      {"case", "c-1"},
      {"data",
       {{"certificate", certificate}, {"step", "key.made"}, {"n", n}, {"of", 8}, {"ja", ja}, {"en", en}}}};
}

}  // namespace

FakeCounter::FakeCounter() {
  server.on("readers.list", [this](const Session& session, const json::object& request) {
    session.result(request, {{"readers",
                              {{{"name", "Reader A"},
                                {"state", "present"},
                                {"card", "my_number_card"},
                                {"pinpad", at_keys.has_value()}},
                               {{"name", "Reader B"}, {"state", "empty"}, {"pinpad", false}}}}});
  });
  server.on("card.inspect", [this](const Session& session, const json::object& request) {
    json::object authentication = dates("11AA", "2021-07-08", "2026-07-07");
    authentication["present"] = true;
    authentication["key_bits"] = 2048;
    session.result(request, {{"reader", request.at("params").at("reader")},
                             {"kind", "my_number_card"},
                             {"identity", "555566667777888"},
                             {"card_expires_on", "2031-07-07"},
                             {"applications", {"jpki"}},
                             {"certificates",
                              {{"authentication", authentication},
                               {"signature", {{"present", signature_present}, {"readable", false}}}}},
                             {"tries_left", tries()}});
  });
  server.on("card.check_expiry",
            [this](const Session& s, const json::object& request) { check_expiry(s, request); });
  server.on("cases.open", [this](const Session& session, const json::object& request) {
    if (opened_ < answers_to_open.size()) {
      session.error(request, -32602, "invalid_params", answers_to_open[opened_++]);
    } else if (!left_to_the_clerk.empty() && !request.at("params").as_object().contains("override_reason")) {
      session.error(request, -32007, "policy.blocked", left_to_the_clerk);
    } else {
      session.result(request, visit());
    }
  });
  server.on("cases.get", [this](const Session& session, const json::object& request) {
    session.result(request, visit());
  });
  server.on("cases.update", [this](const Session& session, const json::object& request) {
    session.result(request, visit());
  });
  server.answer("cases.list", {{"cases", json::array()}});
  server.answer("events.subscribe", {{"subscription", "s-1"}, {"seq", 0}});
  server.on("cases.verify_pin",
            [this](const Session& s, const json::object& request) { verify(s, request); });
  server.on("cases.reset_pin", [this](const Session& s, const json::object& request) { reset(s, request); });
  server.on("cases.record_pin",
            [this](const Session& s, const json::object& request) { record(s, request); });
  server.on("cases.issue", [this](const Session& s, const json::object& request) { issue(s, request); });
}

std::vector<std::string> FakeCounter::arguments(std::vector<std::string> command) const {
  command.insert(command.begin(), {"--socket", server.socket()});
  return command;
}

bool FakeCounter::verified_in_order(const std::vector<std::string>& wanted) {
  std::vector<std::string> found;
  for (const auto& call : server.calls("cases.verify_pin")) found.emplace_back(call.at("pin").as_string());
  return found == wanted;
}

json::object FakeCounter::tries() const {
  json::object left;
  for (const auto& [name, pin] : pins) left[name] = pin.tries;
  return left;
}

json::object FakeCounter::decision() const {
  json::array said{{{"code", "notice.expected"},
                    {"severity", "info"},
                    {"message", {{"ja", "通知が届いています"}, {"en", "A notice was sent"}}}}};
  said.insert(said.end(), findings.begin(), findings.end());
  return {{"outcome", outcome},
          {"certificates",
           {{"authentication", {{"action", "renew"}, {"new_expires_on", "2032-07-07"}}},
            {"signature", {{"action", "renew"}, {"new_expires_on", "2032-07-07"}}}}},
          {"pins_required", names(required)},
          {"pin_resets", names(resets)},
          {"missing", names(missing)},
          {"missing", json::array()},
          {"fee_yen", 0},
          {"findings", std::move(said)}};
}

json::object FakeCounter::visit() const {
  json::object checked;
  for (const auto& [name, how] : outcomes) checked[name] = how;
  json::object certificates;
  for (const char* name : {"authentication", "signature"}) {
    const bool is_done =
        issued_ || std::find(written.begin(), written.end(), std::string(name)) != written.end();
    json::object certificate{{"action", "renew"}, {"phase", is_done ? "done" : phase_of_rest}};
    certificate["old"] = dates("11AA", "2021-07-08", "2026-07-07");
    if (!is_done && key_of_rest_to_be_made) certificate["key_to_be_made"] = true;
    if (is_done) certificate["new"] = dates("22BB", "2026-04-20", "2032-07-07");
    certificates[name] = certificate;
  }
  json::object object{{"id", "c-1"},
                      {"revision", 1},
                      {"state", state},
                      {"opened_at", "2026-04-20T10:00:00+09:00"},
                      {"updated_at", "2026-04-20T10:01:00+09:00"},
                      {"staff", "clerk"},
                      {"reader", "Reader A"},
                      {"card", "555566667777888"},
                      {"decision", decision()},
                      {"pins", checked},
                      {"certificates", certificates}};
  if (!facts.empty()) object["facts"] = facts;
  if (!channel.empty()) object["channel"] = channel;
  if (state == "attention" || needs_person) {
    object["attention"] = {{"reason", "authority.mismatch"},
                           {"ja", "一致しません"},
                           {"en", "does not fit"},
                           {"look_at", {{"ja", "カードを確認"}, {"en", "look at the card"}}}};
  }
  return object;
}

bool FakeCounter::given_as_wanted(const Session& session, const json::object& request,
                                  const std::string& name, bool on_pad, std::string& at_pad) {
  if (on_pad != (at_keys && name != "signature")) {
    json::object details{{"cannot", on_pad ? "pinpad" : "typed"}};
    if (!on_pad) details["entry"] = "pinpad";
    session.error(request, -32004, "conflict", details);
    return false;
  }
  if (!on_pad) return true;
  at_pad = at_keys->front();
  at_keys->pop_front();
  if (!at_pad.starts_with("pin.")) return true;
  session.error(request, -32006, at_pad);
  return false;
}

void FakeCounter::verify(const Session& session, const json::object& request) {
  const auto& params = request.at("params").as_object();
  const std::string name(params.at("pin").as_string());
  const bool on_pad = params.contains("entry");
  std::string value;
  if (!given_as_wanted(session, request, name, on_pad, value)) return;
  if (!on_pad) value = params.at("value").as_string();
  if (!accepts(session, request, name, value, params.if_contains("expected_tries_left"))) return;
  session.result(request, {{"case", visit()}, {"tries_left", pins.at(name).tries}});
}

void FakeCounter::check_expiry(const Session& session, const json::object& request) {
  const auto& params = request.at("params").as_object();
  auto authentication = dates("11AA", "2021-07-08", "2026-07-07");
  json::object certificates{{"authentication", authentication}, {"signature", {{"unknown", true}}}};
  const auto* given = params.if_contains("pins");
  if (given != nullptr) {
    const std::string name(given->as_object().begin()->key());
    const auto& entered = given->at(name);
    std::string value;
    if (!given_as_wanted(session, request, name, entered.is_object(), value)) return;
    if (!entered.is_object()) value = entered.as_string();
    const auto* expected = params.if_contains("expected_tries_left");
    const auto* tries = expected != nullptr ? &expected->at(name) : nullptr;
    if (!accepts(session, request, name, value, tries)) return;
    if (name == "signature" && signature_readable) {
      auto signature = dates("33CC", "2021-07-09", "2026-07-06");
      signature["key_bits"] = 2048;
      certificates["signature"] = signature;
    }
  }
  if (params.contains("status")) {
    for (auto& [name, certificate] : certificates) {
      if (!standing.empty() && !certificate.as_object().contains("unknown"))
        certificate.as_object()["status"] = standing;
    }
  }
  session.result(request, {{"certificates", certificates}});
}

bool FakeCounter::accepts(const Session& session, const json::object& request, const std::string& name,
                          const std::string& value, const json::value* expected) {
  auto& pin = pins.at(name);
  const auto refuse = [&](const char* reason, const json::object& details) {
    session.error(request, -32006, reason, details);
    return false;
  };
  const json::object left{{"tries_left", pin.tries}};
  if (value.size() < 4) return refuse("pin.malformed", {});
  if (expected != nullptr && *expected != pin.tries) return refuse("pin.tries_changed", left);
  if (pin.tries == 0) {
    outcomes[name] = "locked";
    return refuse("pin.locked", left);
  }
  if (pin.tries == 1 && !request.at("params").as_object().contains("accept_last_try")) {
    return refuse("pin.last_try", left);
  }
  if (value != pin.value) {
    --pin.tries;
    outcomes[name] = pin.tries == 0 ? "locked" : "mismatched";
    return refuse(pin.tries == 0 ? "pin.locked" : "pin.wrong", {{"tries_left", pin.tries}});
  }
  pin.tries = name == "signature" ? 5 : 3;
  pin.verified = true;
  outcomes[name] = "matched";
  return true;
}

void FakeCounter::reset(const Session& session, const json::object& request) {
  const auto& params = request.at("params").as_object();
  const std::string name(params.at("pin").as_string());
  if (!channel.empty())
    return session.error(request, -32002, "conflict",
                         {{"cannot", "write_card"}, {"call", "cases.record_pin"}});
  auto& pin = pins.at(name);
  if (params.at("value").as_string().size() < 4) return session.error(request, -32006, "pin.malformed");
  pin.value = params.at("value").as_string();
  pin.tries = name == "signature" ? 5 : 3;
  pin.verified = true;
  outcomes[name] = "reset";
  settle(name);
  json::object told{{"case", visit()}, {"tries_left", pin.tries}};
  if (std::any_of(pin.value.begin(), pin.value.end(), [](unsigned char c) { return std::islower(c) != 0; }))
    told["hint"] = json::object{{"folded_to", "upper_case"}, {"ja", "大文字"}, {"en", "Set as capitals."}};
  session.result(request, told);
}

// Of a visit for PINs alone nothing is left once each of them is known.
void FakeCounter::settle(const std::string& name) {
  std::erase(resets, name);
  const auto* purpose = facts.if_contains("purpose");
  if (resets.empty() && purpose != nullptr && *purpose == "pin_reset") state = "ready";
}

void FakeCounter::record(const Session& session, const json::object& request) {
  if (channel.empty()) return session.error(request, -32002, "conflict", {{"cannot", "terminal"}});
  const auto& params = request.at("params").as_object();
  const std::string name(params.at("pin").as_string());
  outcomes[name] = params.at("outcome").as_string();
  settle(name);
  session.result(request, visit());
}

void FakeCounter::issue(const Session& session, const json::object& request) {
  if (on_issue && !on_issue(session, request)) return;
  session.notify(progress(1, "authentication", "カードで新しい鍵を作りました", "The card made a new key"));
  auto other = progress(2, "authentication", "別の受付", "another case's");
  other["case"] = "c-2";
  session.notify(other);
  session.notify(progress(8, "signature", "古い証明書を失効しました", "The old certificate was revoked"));
  issued_ = end_state == "completed";
  state = end_state;
  session.result(request, visit());
}

}  // namespace madoguchi::cli
