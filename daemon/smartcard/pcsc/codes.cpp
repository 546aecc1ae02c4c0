#include "codes.hpp"

#include <array>

namespace madoguchi::smartcard {
namespace {

using base::Code;

struct Row {
  LONG value;
  Trouble connecting;
  Trouble connected;
};

constexpr Row same(LONG value, Code code, Loss loss) {
  return {value, {code, loss}, {code, loss}};
}

// While connecting there is nothing to lose but the context.
constexpr Row card(LONG value, Code connecting, Code connected) {
  return {value, {connecting, Loss::none}, {connected, Loss::card}};
}

constexpr std::array rows{
    same(SCARD_E_NO_SERVICE, Code::reader_service_down, Loss::service),
    same(SCARD_E_SERVICE_STOPPED, Code::reader_service_down, Loss::service),
    same(SCARD_F_COMM_ERROR, Code::reader_service_down, Loss::service),
    same(SCARD_P_SHUTDOWN, Code::reader_service_down, Loss::service),
    // Also what a single unplugged reader answers, so it condemns this worker's own context only.
    same(SCARD_E_INVALID_HANDLE, Code::reader_service_down, Loss::context),
    same(SCARD_F_INTERNAL_ERROR, Code::reader_gone, Loss::context),
    same(SCARD_E_SERVER_TOO_BUSY, Code::reader_service_down, Loss::context),
    card(SCARD_E_SHARING_VIOLATION, Code::reader_busy, Code::reader_busy),
    card(SCARD_E_NO_SMARTCARD, Code::card_absent, Code::card_removed),
    card(SCARD_W_REMOVED_CARD, Code::card_absent, Code::card_removed),
    card(SCARD_E_NOT_TRANSACTED, Code::card_mute, Code::card_removed),
    card(SCARD_E_COMM_DATA_LOST, Code::card_mute, Code::card_removed),
    card(SCARD_W_RESET_CARD, Code::card_mute, Code::card_removed),
    card(SCARD_W_UNPOWERED_CARD, Code::card_mute, Code::card_removed),
    card(SCARD_W_UNRESPONSIVE_CARD, Code::card_mute, Code::card_mute),
    card(SCARD_W_UNSUPPORTED_CARD, Code::card_mute, Code::card_mute),
    card(SCARD_E_PROTO_MISMATCH, Code::card_mute, Code::card_mute),
    card(SCARD_E_TIMEOUT, Code::card_mute, Code::card_mute),
};

}  // namespace

Trouble trouble_of(LONG code, bool connected) {
  for (const auto& row : rows) {
    if (row.value == code) return connected ? row.connected : row.connecting;
  }
  return {Code::reader_gone, connected ? Loss::card : Loss::none};
}

std::string call_text(std::string_view call, LONG code) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string text(call);
  text += ": ";
  for (int shift = 28; shift >= 0; shift -= 4)
    text += digits[static_cast<unsigned long>(code) >> shift & 0x0F];
  return text;
}

base::Fault pcsc_fault(std::string_view call, LONG code, bool connected) {
  return base::make_fault(trouble_of(code, connected).code, call_text(call, code));
}

}  // namespace madoguchi::smartcard
