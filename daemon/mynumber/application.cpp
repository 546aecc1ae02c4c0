#include "application.hpp"

#include <array>
#include <string>

namespace madoguchi::mynumber {
namespace {

using smartcard::Command;

// Selected by their full names: the card takes prefixes too, by which a short name may hit another
// application.
constexpr std::size_t aid_size = 10;
using Aid = std::array<std::uint8_t, aid_size>;
constexpr Aid jpki_aid{0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
constexpr Aid resident_register_aid{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01};
constexpr Aid common_aid{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00};

base::Bytes aid_of(Application application) {
  switch (application) {
    case Application::jpki:
      return {jpki_aid.begin(), jpki_aid.end()};
    case Application::resident_register:
      return {resident_register_aid.begin(), resident_register_aid.end()};
    case Application::common:
      return {common_aid.begin(), common_aid.end()};
    case Application::none:
      break;
  }
  return {};
}

base::Bytes id_bytes(std::uint16_t file) {
  return {static_cast<std::uint8_t>(file >> 8), static_cast<std::uint8_t>(file & 0xFF)};
}

}  // namespace

std::string_view name(Application application) {
  switch (application) {
    case Application::jpki:
      return "jpki";
    case Application::resident_register:
      return "resident_register";
    case Application::common:
      return "common";
    case Application::none:
      break;
  }
  return "none";
}

base::Result<void> select_application(smartcard::Channel& card, CardState& state, Application application) {
  if (state.current == application) return {};
  state.current = Application::none;
  state.verified.reset();
  state.terminal_authenticated = false;

  const auto answer = smartcard::exchange(
      card, Command({.cla = 0x00, .ins = 0xA4, .p1 = 0x04, .p2 = 0x0C}, aid_of(application)));
  if (!answer) return answer.error();
  if (!answer->status.ok()) {
    // Cards of other kinds refuse in words of their own (6A82, 6A86, 6D00 ...): all of them mean that it is
    // not there.
    const auto code = application == Application::jpki ? base::Code::card_unknown : base::Code::not_found;
    const auto trouble = not_read("select_application", answer->status, name(application));
    if (application != Application::jpki && trouble.code == base::Code::card_mute) return trouble;
    const std::string status = smartcard::to_string(answer->status);
    return base::make_fault(code, "no application " + std::string(name(application)) + ": " + status,
                            {{"application", std::string(name(application))}, {"status", status}});
  }
  state.current = application;
  return {};
}

base::Result<void> select_file(smartcard::Channel& card, std::uint16_t file) {
  const auto answer =
      smartcard::exchange(card, Command({.cla = 0x00, .ins = 0xA4, .p1 = 0x02, .p2 = 0x0C}, id_bytes(file)));
  if (!answer) return answer.error();
  if (answer->status.ok()) return {};
  const std::string id = base::to_hex(id_bytes(file));
  if (answer->status.value == status::no_file)
    return base::make_fault(base::Code::not_found, "no file " + id);
  return not_read("select_file", answer->status, "file " + id);
}

base::Fault refused(std::string_view command, smartcard::StatusWord status, std::string_view inner) {
  const std::string word = smartcard::to_string(status);
  std::string text = std::string(command) + " answered " + word;
  if (!inner.empty()) text.append(": ").append(inner);
  return base::make_fault(base::Code::card_refused, std::move(text),
                          {{"command", std::string(command)}, {"status", word}});
}

base::Fault pin_fault(base::Code code, PinName pin, std::optional<int> tries_left) {
  boost::json::object details{{"pin", std::string(name(pin))}};
  if (tries_left) details["tries_left"] = *tries_left;
  return base::make_fault(code, std::string(name(pin)) + " PIN", std::move(details));
}

base::Fault not_read(std::string_view command, smartcard::StatusWord status, std::string_view inner) {
  auto fault = refused(command, status, inner);
  const auto kind = status.value >> 8;
  const bool execution_error = kind == 0x64 || kind == 0x65 || kind == 0x6F;
  if (execution_error) fault.code = base::Code::card_mute;
  return fault;
}

bool is_cards_answer(const base::Fault& fault) {
  return fault.code == base::Code::not_found || fault.code == base::Code::card_refused ||
         fault.code == base::Code::pin_required;
}

}  // namespace madoguchi::mynumber
