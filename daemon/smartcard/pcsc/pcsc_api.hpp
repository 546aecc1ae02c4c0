// PC/SC as a table of functions, so that a test gives each instance its own; SCardIsValidContext is left out
// on purpose: after a restart of pcscd it still says valid (R6).
#pragma once

#include <winscard.h>

#include <functional>

namespace madoguchi::smartcard {

// list_readers and get_status_change are for the event thread alone: libpcsclite (1.9.9) keeps the reader
// states of all its contexts in one array that nothing guards, so that two contexts are not enough to use
// them on two threads. Every other function is called from many threads. All may outlive the PcscReaders it
// was given to.
struct PcscApi {
  std::function<LONG(SCARDCONTEXT*)> establish_context;
  std::function<LONG(SCARDCONTEXT)> release_context;
  std::function<LONG(SCARDCONTEXT, char* names, DWORD* length)> list_readers;
  std::function<LONG(SCARDCONTEXT, DWORD milliseconds, SCARD_READERSTATE*, DWORD count)> get_status_change;
  std::function<LONG(SCARDCONTEXT)> cancel;
  std::function<LONG(SCARDCONTEXT, const char* reader, DWORD share, DWORD protocols, SCARDHANDLE*,
                     DWORD* active)>
      connect;
  std::function<LONG(SCARDHANDLE, DWORD disposition)> disconnect;
  std::function<LONG(SCARDHANDLE)> begin_transaction;
  std::function<LONG(SCARDHANDLE, DWORD disposition)> end_transaction;
  std::function<LONG(SCARDHANDLE, DWORD protocol, const BYTE* command, DWORD length, BYTE* answer,
                     DWORD* room)>
      transmit;
  // To the reader itself instead of its card.
  std::function<LONG(SCARDHANDLE, DWORD code, const BYTE* sent, DWORD length, BYTE* answer, DWORD* room)>
      control;
};

// libpcsclite's own.
PcscApi system_pcsc();

}  // namespace madoguchi::smartcard
