#include "smartcard/channel.hpp"

namespace madoguchi::smartcard {
namespace {

// More than any file or public key needs; a card that offers more bytes for ever is cut off here (C12).
constexpr std::size_t max_collected = 65536;

// The same logical channel in the interindustry class (ISO/IEC 7816-4 5.4.1): without chaining and secure
// messaging, and not the proprietary bit of a command such as 80 2A.
std::uint8_t get_response_class(std::uint8_t cla) {
  if ((cla & 0xC0) == 0x40) return cla & 0x4F;
  return cla & 0x03;
}

std::uint32_t offered(StatusWord status) {
  return status.sw2() == 0 ? 256U : status.sw2();
}

// Once more with the Le that 6Cxx names.
base::Result<Response> transmit_corrected(Channel& card, const Command& command) {
  auto response = card.transmit(command);
  if (!response || response->status.sw1() != 0x6C || command.secret()) return response;
  return card.transmit(command.with_expected(offered(response->status)));
}

}  // namespace

base::Result<Response> exchange(Channel& card, const Command& command) {
  auto response = transmit_corrected(card, command);
  if (!response) return response;
  const std::uint8_t cla = get_response_class(command.header().cla);
  Response whole = std::move(*response);
  while (whole.status.sw1() == 0x61) {
    const Command get_response({cla, 0xC0, 0x00, 0x00}, base::Bytes{}, offered(whole.status));
    auto more = transmit_corrected(card, get_response);
    if (!more) return more;
    const bool endless = more->status.sw1() == 0x61 && more->data.empty();
    if (endless || whole.data.size() + more->data.size() > max_collected) {
      return base::make_fault(base::Code::card_refused, "the card offers bytes by 61xx without end");
    }
    whole.data.insert(whole.data.end(), more->data.begin(), more->data.end());
    whole.status = more->status;
  }
  return whole;
}

}  // namespace madoguchi::smartcard
