// A reader's driver that can be unplugged while pcscd lives, as USB readers are and virtual ones are not: all
// calls go to the driver beside it (LIBRARY.driver) until the file LIBRARY.unplugged is there. From then on
// it answers as drivers do whose reader has gone. pcscd then fails every call, and no longer knows the
// reader's state; one from its configuration it keeps in its list.
#include <unistd.h>

#include <string>

#include "beside.hpp"

namespace {

bool unplugged() {
  static const std::string mark = own_path() + ".unplugged";
  return ::access(mark.c_str(), F_OK) == 0;
}

// What was under way when it was unplugged has no answer either.
template <class Function, class... Arguments>
RESPONSECODE forward(const char* name, Arguments... arguments) {
  if (unplugged()) return IFD_NO_SUCH_DEVICE;
  const RESPONSECODE answer = genuine<Function>(name)(arguments...);
  return unplugged() ? IFD_NO_SUCH_DEVICE : answer;
}

}  // namespace

extern "C" {

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name) {
  return forward<decltype(IFDHCreateChannelByName)>(__func__, lun, name);
}
RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) {
  return forward<decltype(IFDHCreateChannel)>(__func__, lun, channel);
}
// Also of one that has gone: its port is to be free for when it is plugged in again.
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
  return forward<decltype(IFDHSetProtocolParameters)>(__func__, lun, protocol, flags, pts1, pts2, pts3);
}
RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length) {
  return forward<decltype(IFDHPowerICC)>(__func__, lun, action, atr, length);
}
RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER sent, PUCHAR command, DWORD size, PUCHAR answer,
                               PDWORD answer_size, PSCARD_IO_HEADER received) {
  const auto code =
      forward<decltype(IFDHTransmitToICC)>(__func__, lun, sent, command, size, answer, answer_size, received);
  if (code == IFD_NO_SUCH_DEVICE) *answer_size = 0;
  return code;
}
RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR sent, DWORD size, PUCHAR answer, DWORD room,
                         LPDWORD answer_size) {
  return forward<decltype(IFDHControl)>(__func__, lun, code, sent, size, answer, room, answer_size);
}
RESPONSECODE IFDHICCPresence(DWORD lun) {
  return forward<decltype(IFDHICCPresence)>(__func__, lun);
}

}  // extern "C"
