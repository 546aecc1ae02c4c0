// What a front-end app can do at the counter. Each call is durable when it returns, belongs to no connection,
// and may be made again after any failure.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/actor.hpp"
#include "base/secret.hpp"
#include "counter/parts.hpp"
#include "mynumber/certificate.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

template <class T>
using Later = boost::asio::awaitable<base::Result<T>>;

using Statuses = std::map<mynumber::CertificateName, authority::CertificateStatus>;

// Whether the authority is asked if it stands by what is read of the card in a call, before it is decided.
enum class AskStatus : std::uint8_t {
  never,
  unless_silent,  // but for one that has just left a question unanswered (Parts::silence_kept): unknown
  anew,
};

struct OpenRequest {
  boost::json::object facts;
  std::string reader;
  std::string staff;
  std::string override_reason;
  // Unfinished cases with the same card, each by its id, that the clerk has decided to pass over.
  std::vector<std::string> beside{};
  base::Actor by{};
  AskStatus ask_status = AskStatus::never;
};

struct UpdateRequest {
  std::string id;
  std::optional<std::int64_t> revision;
  std::optional<boost::json::object>
      facts;  // merged into the case's: objects by key, everything else replaced
  std::optional<std::string> reader;
  std::string staff;
  std::vector<std::string> beside{};  // as when opening
  std::string override_reason{};
  base::Actor by{};
  AskStatus ask_status = AskStatus::never;
  // Somebody else has come than whose facts and papers the case has: no fact tells two proxies apart.
  bool visitor_changed = false;
};

struct CancelRequest {
  std::string id;
  std::string reason;
  std::string staff;
  // Lost, broken or replaced: nothing will be done with the card any more. What the authority has issued for
  // it is given back first, if need be after this call has returned.
  bool card_gone = false;
  base::Actor by{};
};

struct PinRequest {
  std::string id;
  mynumber::PinName pin{};
  base::Secret value;
  bool on_pad = false;  // entered at the reader's own keys instead; there is no `value` then
  std::string entered_by;
  std::string staff;
  mynumber::VerifyGuards guards;
  // Does whoever asked still wait for the answer? Where nobody does the PIN is not sent: who has given up may
  // send it again, and each time costs a try. Empty: yes.
  std::function<bool()> wanted;
  base::Actor by{};
  // Of the certificate that only this PIN opens.
  AskStatus ask_status = AskStatus::never;
};

// What came of a PIN at the official terminal, as a clerk tells it: never the PIN.
struct PinReport {
  std::string id;
  mynumber::PinName pin{};
  renewal::PinOutcome outcome{};
  std::string entered_by;
  std::string staff;
  std::optional<int> tries_left{};  // as the terminal shows, of one that did not match
  base::Actor by{};
};

// Certificates that a clerk takes as the card shows them, though not all could be proved or something
// differs.
struct Acceptance {
  std::vector<mynumber::CertificateName> certificates{};
  std::string reason{};
};

struct PinReply {
  renewal::Case visit;
  int tries_left = 0;
};

struct Expiry {
  mynumber::CertificatesPresent present;
  std::optional<mynumber::Certificate> authentication;
  std::optional<mynumber::Certificate> signature;  // unknown without its PIN
};

// A call of a method of a plugin's own.
struct PluginCall {
  std::string plugin;
  std::string verb;
  boost::json::object params;
  std::string case_id;   // of a method that touches a case
  std::string staff;     // empty for one that only reads
  bool keeps = false;    // it is given what the plugin keeps of its own
  bool reads = false;    // it changes nothing
  bool states = false;   // it is given a page of what the plugin keeps about cases,
  std::string cursor{};  // from here on; empty: from the first
  base::Actor by{};
};

class Desk {
 public:
  explicit Desk(Parts parts);
  ~Desk();

  // What can be known of the card in a reader without a PIN.
  Later<mynumber::Inspection> inspect(std::string reader);
  // Only of what kind it is, with as little as that takes. Whoever wants the reader meanwhile waits for it.
  Later<mynumber::CardKind> glance(std::string reader);
  // Both certificates, as far as the PINs given open them; the guards are those of verify_pin.
  Later<Expiry> check_expiry(std::string reader, std::vector<PinRequest> pins);
  // What their authorities say of these certificates (DER), each unknown where nobody answers in time
  // (Parts::status_patience).
  boost::asio::awaitable<Statuses> statuses(std::map<mynumber::CertificateName, base::Bytes> certificates);

  Later<renewal::Case> open(OpenRequest request);
  Later<renewal::Case> update(UpdateRequest request);
  Later<renewal::Case> cancel(CancelRequest request);
  Later<PinReply> verify_pin(PinRequest request);
  Later<PinReply> reset_pin(PinRequest request);
  // On the terminal's channel only.
  Later<renewal::Case> record_pin(PinReport report);
  // On the terminal's channel: hands the card over to the official terminal and lets go of the reader; from
  // then on each call takes the card back and looks at what was done. `accepted` is for that channel only.
  Later<renewal::Case> issue(std::string id, std::string staff);
  Later<renewal::Case> issue(std::string id, std::string staff, base::Actor by, Acceptance accepted);

  // The method's reply. What the plugin keeps from then on, and what it asked for, are durable by then.
  Later<boost::json::value> call(PluginCall request);

  // Goes on with the cases that wait for their authority alone, without card and clerk: at once, and again
  // after a while as long as there are any. Ends with stop(). To be begun once, at the daemon's start.
  boost::asio::awaitable<void> resume();

  base::Result<renewal::Case> load(const std::string& id);

  // For events about no case.
  void announce(const std::string& topic, std::string type, const std::string& reader,
                boost::json::object data);

  // Calls under way, e.g. for an ordered shutdown.
  [[nodiscard]] std::size_t under_way() const;
  // Runs stop between two steps from now on, and new calls are refused with shutting_down.
  void stop();
  // Lets go of every card. Only when nothing is under way.
  void release_all();
  // Whatever was verified on that reader's card is void.
  void card_gone(const std::string& reader);
  [[nodiscard]] bool held(const std::string& reader) const;
  // What kind of card lies on that reader, when any look at it has told: a glance, inspect(), or a case's.
  [[nodiscard]] std::optional<mynumber::CardKind> kind_on(const smartcard::ReaderStatus& reader) const;
  // Whether PINs can be entered at that reader's own keys, as far as that is known and they are used.
  [[nodiscard]] std::optional<bool> pad_on(const smartcard::ReaderStatus& reader) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace madoguchi::counter
