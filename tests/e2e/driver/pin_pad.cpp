// A reader's driver with keys for PINs (PC/SC part 10), which virtual readers have not: all calls go to the
// driver beside it, but for what is asked of the reader itself. Whoever stands at the keys is the file
// LIBRARY.keys: its digits, or `cancel`. It is taken away once it was read; where there is none for as long
// as the host said, nobody has come. As a real reader, it takes a structure only that it understands.
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "beside.hpp"

extern "C" {
#include <reader.h>
}

namespace {

using Bytes = std::vector<UCHAR>;

constexpr DWORD verify_code = 0x42330006;

// The command, and how long its PIN may be.
struct Wanted {
  std::chrono::seconds longest{0};
  std::size_t least = 0;
  std::size_t most = 0;
  Bytes command;
};

std::optional<Wanted> understood(const UCHAR* sent, DWORD size) {
  PIN_VERIFY_STRUCTURE head{};
  if (size < sizeof(head)) return std::nullopt;
  std::memcpy(&head, sent, sizeof(head));
  Wanted wanted{std::chrono::seconds(head.bTimerOut), static_cast<std::size_t>(head.wPINMaxExtraDigit >> 8),
                static_cast<std::size_t>(head.wPINMaxExtraDigit & 0xFF),
                Bytes(sent + sizeof(head), sent + size)};
  const bool ascii_behind_lc = head.bmFormatString == 0x82 && head.bmPINLengthFormat == 0;
  const bool whole = head.ulDataLength == wanted.command.size() && wanted.command.size() >= 5 &&
                     wanted.command[4] == wanted.command.size() - 5 &&
                     head.bmPINBlockString == wanted.command[4];
  const bool lengths = wanted.least >= 1 && wanted.least <= wanted.most &&
                       (head.bmPINBlockString == 0 || wanted.least == head.bmPINBlockString);
  const bool ends = (head.bEntryValidationCondition & 0x03) != 0 && head.bTimerOut > 0;
  if (!ascii_behind_lc || !whole || !lengths || !ends) return std::nullopt;
  return wanted;
}

// Polled: nothing tells a driver of a file.
std::optional<std::string> pressed(std::chrono::seconds longest) {
  const std::string keys = own_path() + ".keys";
  const auto end = std::chrono::steady_clock::now() + longest;
  while (std::chrono::steady_clock::now() < end) {
    if (::access(keys.c_str(), F_OK) == 0) {
      std::string line;
      std::getline(std::ifstream(keys), line);
      ::unlink(keys.c_str());
      return line;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return std::nullopt;
}

Bytes word(unsigned value) {
  return {static_cast<UCHAR>(value >> 8), static_cast<UCHAR>(value & 0xFF)};
}

Bytes send(DWORD lun, Bytes command, const std::string& pin) {
  command.resize(5);
  command[4] = static_cast<UCHAR>(pin.size());
  command.insert(command.end(), pin.begin(), pin.end());
  Bytes answer(258);
  DWORD size = answer.size();
  const SCARD_IO_HEADER header{1, sizeof(SCARD_IO_HEADER)};
  SCARD_IO_HEADER received{};
  const auto code = genuine<decltype(IFDHTransmitToICC)>("IFDHTransmitToICC")(
      lun, header, command.data(), command.size(), answer.data(), &size, &received);
  answer.resize(code == IFD_SUCCESS ? size : 0);
  return answer;
}

Bytes verify(DWORD lun, const UCHAR* sent, DWORD size) {
  const auto wanted = understood(sent, size);
  if (!wanted) return word(0x6B80);
  const auto pin = pressed(wanted->longest);
  if (!pin) return word(0x6400);
  if (*pin == "cancel") return word(0x6401);
  if (pin->size() < wanted->least || pin->size() > wanted->most) return word(0x6403);
  return send(lun, wanted->command, *pin);
}

RESPONSECODE answer_with(const Bytes& bytes, PUCHAR answer, DWORD room, LPDWORD answer_size) {
  if (bytes.size() > room) return IFD_ERROR_INSUFFICIENT_BUFFER;
  std::memcpy(answer, bytes.data(), bytes.size());
  *answer_size = bytes.size();
  return IFD_SUCCESS;
}

}  // namespace

extern "C" {

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name) {
  return genuine<decltype(IFDHCreateChannelByName)>(__func__)(lun, name);
}
RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) {
  return genuine<decltype(IFDHCreateChannel)>(__func__)(lun, channel);
}
RESPONSECODE IFDHCloseChannel(DWORD lun) {
  return genuine<decltype(IFDHCloseChannel)>(__func__)(lun);
}
RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value) {
  return genuine<decltype(IFDHGetCapabilities)>(__func__)(lun, tag, length, value);
}
RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD length, PUCHAR value) {
  return genuine<decltype(IFDHSetCapabilities)>(__func__)(lun, tag, length, value);
}
RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR pts1, UCHAR pts2,
                                       UCHAR pts3) {
  return genuine<decltype(IFDHSetProtocolParameters)>(__func__)(lun, protocol, flags, pts1, pts2, pts3);
}
RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length) {
  return genuine<decltype(IFDHPowerICC)>(__func__)(lun, action, atr, length);
}
RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER sent, PUCHAR command, DWORD size, PUCHAR answer,
                               PDWORD answer_size, PSCARD_IO_HEADER received) {
  return genuine<decltype(IFDHTransmitToICC)>(__func__)(lun, sent, command, size, answer, answer_size,
                                                        received);
}
RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR sent, DWORD size, PUCHAR answer, DWORD room,
                         LPDWORD answer_size) {
  if (code == CM_IOCTL_GET_FEATURE_REQUEST) {
    return answer_with({FEATURE_VERIFY_PIN_DIRECT, 4, 0x42, 0x33, 0x00, 0x06}, answer, room, answer_size);
  }
  if (code == verify_code) return answer_with(verify(lun, sent, size), answer, room, answer_size);
  return genuine<decltype(IFDHControl)>(__func__)(lun, code, sent, size, answer, room, answer_size);
}
RESPONSECODE IFDHICCPresence(DWORD lun) {
  return genuine<decltype(IFDHICCPresence)>(__func__)(lun);
}

}  // extern "C"
