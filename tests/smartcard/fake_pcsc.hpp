// A PC/SC service in memory, which can be made to block or to vanish at any call. Shared by its functions, so
// that it outlives a thread that was left behind in one of them.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "pcsc_api.hpp"

namespace madoguchi::smartcard {

enum class Call : std::uint8_t {
  establish,
  release,
  list,
  wait,
  cancel,
  connect,
  disconnect,
  begin,
  end,
  transmit,
  control,
};

class FakePcsc : public std::enable_shared_from_this<FakePcsc> {
 public:
  struct Answer {
    LONG code = SCARD_S_SUCCESS;
    base::Bytes bytes;
  };
  using Card = std::function<Answer(const base::Bytes& command)>;

  PcscApi api();

  void plug(const std::string& reader);
  void unplug(const std::string& reader);
  void insert(const std::string& reader, Card card = {}, bool mute = false);
  void remove(const std::string& reader);
  // Out and in again before anybody can look.
  void swap(const std::string& reader, Card card = {});
  // As pcscd, which looks for cards now and then: a card that is pulled is there until look(), but its
  // commands are answered by no bytes; a reset that finds it gone shows the reader empty without counting;
  // one that is put back before the look is taken for the old one, and then that reset's empty reader is what
  // it shows.
  void pull(const std::string& reader);
  void put_back(const std::string& reader, Card card = {});
  void look(const std::string& reader);
  // Shows a removal or an insertion without counting it, as pcscd does for a moment; look() counts it.
  void change_by_half(const std::string& reader);
  // Another client's exclusive hold.
  void hold(const std::string& reader, bool held);
  void stop_service();
  void start_service();

  enum class Trap : std::uint8_t { block, vanish };
  // The nth call of that kind (from 1) blocks until release_blocked(), or finds the service gone from then
  // on.
  void set_trap(Call call, int nth, Trap trap);
  // Whether the trap has been met, waiting for it up to ten seconds.
  bool trapped();
  bool trapped_now();
  void release_blocked();
  // Does `action` before the nth call of that kind, on the calling thread.
  void before(Call call, int nth, std::function<void()> action);
  // That call of that kind answers with this code instead of doing anything.
  void answer(Call call, int nth, LONG code);
  void protocol(DWORD active);
  // What that reader's driver answers to whatever is asked of the reader itself; without: that it does not
  // know it.
  using Driver = std::function<Answer(DWORD code, const base::Bytes& sent)>;
  void drive(const std::string& reader, Driver driver);

  int count(Call call);
  std::uint16_t counter(const std::string& reader);
  std::vector<std::string> sent();  // commands that reached any card
  std::vector<DWORD> dispositions();
  // What was wrong with the calls: a context or handle used on two threads, not exclusive, outside a
  // transaction.
  std::vector<std::string> complaints();
  std::size_t open_contexts();
  std::size_t open_handles();

 private:
  struct Reader {
    bool present = false;
    bool mute = false;
    bool pulled = false;           // the card has left, which nobody has looked at
    bool shown_otherwise = false;  // the opposite of `present` is shown
    std::uint16_t counter = 0;
    bool held = false;
    SCARDHANDLE handle = 0;
    Card card;
    Driver driver;
  };
  struct Handle {
    std::string reader;
    std::uint16_t counter = 0;
    bool transaction = false;
    std::thread::id thread;
    SCARDCONTEXT context = 0;
  };
  struct Hook {
    std::function<void()> action;
    std::optional<LONG> code;
  };
  using Lock = std::unique_lock<std::mutex>;

  // What comes before every call; a code ends the call at once.
  std::optional<LONG> enter(Call call, Lock& lock);
  std::optional<LONG> enter(Call call, SCARDCONTEXT context, Lock& lock);
  std::optional<LONG> enter_card(Call call, SCARDHANDLE card, Lock& lock);
  // To be said by whoever asks for reader states, which libpcsclite keeps for all contexts together.
  void only_one_thread();
  void vanish();
  void change(Reader& reader, bool present);
  LONG list(SCARDCONTEXT context, char* names, DWORD* length);
  LONG status(SCARDCONTEXT context, DWORD milliseconds, SCARD_READERSTATE* states, DWORD count);
  std::optional<LONG> compare(SCARD_READERSTATE* states, DWORD count, std::size_t readers_at_entry);
  LONG connect(SCARDCONTEXT context, const char* name, DWORD share, SCARDHANDLE* card, DWORD* active);
  LONG disconnect(SCARDHANDLE card, DWORD disposition);
  LONG transmit(SCARDHANDLE card, const BYTE* command, DWORD length, BYTE* answer, DWORD* room);
  LONG control(SCARDHANDLE card, DWORD code, const BYTE* sent, DWORD length, BYTE* answer, DWORD* room);
  std::optional<LONG> card_gone(const Handle& handle);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = true;
  std::map<std::string, Reader> readers_;
  std::map<SCARDCONTEXT, std::thread::id> contexts_;
  std::map<SCARDHANDLE, Handle> handles_;
  std::optional<std::thread::id> lister_;  // the one thread that may ask for reader states
  std::set<SCARDCONTEXT> cancelled_;
  long last_number_ = 100;
  DWORD protocol_ = SCARD_PROTOCOL_T1;
  std::map<Call, int> counts_;
  std::map<std::pair<Call, int>, Hook> hooks_;
  std::optional<std::pair<Call, int>> trap_at_;
  Trap trap_ = Trap::block;
  bool trapped_ = false;
  bool released_ = false;
  std::vector<std::string> sent_;
  std::vector<DWORD> dispositions_;
  std::vector<std::string> complaints_;
};

}  // namespace madoguchi::smartcard
