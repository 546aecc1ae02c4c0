// What the counter works with, built by app and handed in.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <vector>

#include "authority/authority.hpp"
#include "authority/status_inquiry.hpp"
#include "authority/transport.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "counter/plugin_port.hpp"
#include "mynumber/admin.hpp"
#include "policy/case_so_far.hpp"
#include "renewal/case.hpp"
#include "smartcard/readers.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::counter {

// One certification authority: how to speak to it, and the line to it.
struct AuthorityLine {
  const authority::Authority& protocol;
  authority::Transport& transport;
  std::chrono::milliseconds timeout{20000};  // of one message
  std::chrono::seconds patience{120};        // how long a run waits for an authority that says "waiting"
  std::vector<base::Bytes> issuers{};        // what it issues must be signed by one of them; empty: not known
  authority::Transport* status = nullptr;    // to its OCSP responder; nullptr: there is none
  authority::StatusInquiry* inquiry = nullptr;  // about certificates on cards; nullptr: nobody can be asked
};

// A decision as documents; `facts` with every default filled in.
struct Decided {
  boost::json::object facts;
  boost::json::object decision;
};
// The seam to policy: facts (and when they were received) in, decision out.
using Decide = std::function<base::Result<Decided>(const boost::json::object& facts, base::Instant received)>;

// The same for a case: by the version of that digest, which it keeps while it is under way (empty: by the one
// in force), and with what is known of it.
using DecideBy =
    std::function<base::Result<Decided>(const std::string& digest, const boost::json::object& facts,
                                        base::Instant received, const policy::CaseSoFar& so_far)>;

// Where a PIN is entered that a reader's own keys can take.
enum class PadUse : std::uint8_t {
  automatic,  // there when the reader has them, else typed
  optional,   // there or typed
  never,      // typed
  required,   // there, and a reader without them is of no use
};

struct Parts {
  boost::asio::io_context& loop;
  smartcard::Readers& readers;
  storage::CaseStore& store;
  const mynumber::CardProfile& profile;
  mynumber::AdminCommandSet* admin = nullptr;       // nullptr: this card generation cannot be written to
  const mynumber::TerminalKey* terminal = nullptr;  // needed with `admin`
  std::function<AuthorityLine&(mynumber::CertificateName)> authority;  // not called on the terminal's channel
  Decide decide;
  DecideBy decide_by{};  // empty: there is only one policy
  const base::Clock& clock;
  base::Log& log;
  // Called after commit, on the loop, once an event.
  std::function<void(const storage::EventRecord&)> publish;
  PluginPort* plugins = nullptr;                   // none: nobody follows, and no methods but the daemon's
  std::chrono::milliseconds card_deadline{30000};  // of one card job; making an RSA key takes seconds
  PadUse pad_use = PadUse::automatic;
  std::chrono::seconds pad_patience{30};            // how long a reader waits for a PIN at its keys
  std::chrono::milliseconds hold{300000};           // how long an idle case keeps its card
  std::chrono::milliseconds pin_patience{1000};     // how long a PIN waits for other work on its case
  std::chrono::milliseconds status_patience{2000};  // for the standing of a card's certificates
  std::chrono::seconds silence_kept{45};            // of who has not answered: a queue waits once
  std::function<std::chrono::steady_clock::time_point()> steady = std::chrono::steady_clock::now;
  std::chrono::milliseconds resume_after{60000};  // before the first next try; each pause is twice as long,
  std::chrono::milliseconds resume_at_most{900000};  // up to this
  renewal::Channel channel = renewal::Channel::cmp;  // who issues
};

}  // namespace madoguchi::counter
