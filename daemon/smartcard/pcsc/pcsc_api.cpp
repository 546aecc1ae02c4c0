#include "pcsc_api.hpp"

namespace madoguchi::smartcard {

PcscApi system_pcsc() {
  PcscApi api;
  api.establish_context = [](SCARDCONTEXT* context) {
    return SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, context);
  };
  api.release_context = SCardReleaseContext;
  api.list_readers = [](SCARDCONTEXT context, char* names, DWORD* length) {
    return SCardListReaders(context, nullptr, names, length);
  };
  api.get_status_change = SCardGetStatusChange;
  api.cancel = SCardCancel;
  api.connect = SCardConnect;
  api.disconnect = SCardDisconnect;
  api.begin_transaction = SCardBeginTransaction;
  api.end_transaction = SCardEndTransaction;
  api.transmit = [](SCARDHANDLE card, DWORD protocol, const BYTE* command, DWORD length, BYTE* answer,
                    DWORD* room) {
    const SCARD_IO_REQUEST* header = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    return SCardTransmit(card, header, command, length, nullptr, answer, room);
  };
  api.control = [](SCARDHANDLE card, DWORD code, const BYTE* sent, DWORD length, BYTE* answer, DWORD* room) {
    return SCardControl(card, code, sent, length, answer, *room, room);
  };
  return api;
}

}  // namespace madoguchi::smartcard
