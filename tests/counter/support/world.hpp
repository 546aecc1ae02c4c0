// A counter without its edges: the real desk, protocol, simulated card and development CA, joined by values
// on one loop. What the daemon waits for (a card's answer, the authority's, the disk) happens here when the
// test says.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "../../temporary_folder.hpp"
#include "counter/desk.hpp"
#include "lines.hpp"
#include "ports.hpp"
#include "readers.hpp"
#include "simulated_ca/service.hpp"
#include "simulated_card/factory.hpp"

namespace madoguchi::counter::test {

inline constexpr const char* reader_name = "Reader 00 00";
inline constexpr const char* other_reader_name = "Reader 01 00";

using tests::TemporaryFolder;

struct Options {
  simulated_card::Layout layout = simulated_card::Layout::spare;
  simulated_card::CitizenKind citizen = simulated_card::CitizenKind::expiring_soon;
  std::set<mynumber::CertificateName> wanted{mynumber::CertificateName::authentication,
                                             mynumber::CertificateName::signature};
  const char* action = "renew";
  std::chrono::milliseconds hold{300'000};
  std::chrono::milliseconds resume_after{1};
  bool two_authorities = false;  // one for each certificate
  bool offers_status = false;    // they have an OCSP responder
  PluginPort* plugins = nullptr;
  std::uint16_t certificate_size = 2048;  // what the card's files hold
  bool writable = true;                   // else a generation without administrative commands
  storage::CaseStore* store = nullptr;    // outlives the world; nullptr: the world's own, in memory
  simulated_card::KeySource keys = simulated_card::generate_rsa_2048;  // of the citizen's card
  PadUse pad_use = PadUse::automatic;
};

inline Options only_authentication(simulated_card::Layout layout = simulated_card::Layout::spare) {
  Options options;
  options.layout = layout;
  options.wanted = {mynumber::CertificateName::authentication};
  return options;
}

// Calls that a test has left under way are let go of while what they work on is there still.
struct Loop : boost::asio::io_context {
  using boost::asio::execution_context::shutdown;
};

class World {
 public:
  explicit World(Options options = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Runs the loop until the call has returned.
  template <class T>
  base::Result<T> run(Later<T> work) {
    const auto begun = start(std::move(work));
    until([&] { return begun->has_value(); });
    return std::move(**begun);
  }
  // Only begins; its result is there after until().
  template <class T>
  std::shared_ptr<std::optional<base::Result<T>>> start(Later<T> work) {
    auto result = std::make_shared<std::optional<base::Result<T>>>();
    boost::asio::co_spawn(loop, std::move(work),
                          [result](const std::exception_ptr& thrown, base::Result<T> value) {
                            if (thrown) std::rethrow_exception(thrown);
                            result->emplace(std::move(value));
                          });
    return result;
  }
  // Throws when the condition does not come true within two minutes: sanitizers are slow.
  void until(const std::function<bool()>& condition);
  // What goes on by itself, until the condition is true.
  void resume_until(const std::function<bool()>& condition);

  base::Result<renewal::Case> open(const char* reader = reader_name, boost::json::object facts = {});
  PinRequest pin_request(const std::string& id, mynumber::PinName pin,
                         std::optional<std::string> value = {}) const;
  base::Result<PinReply> verify(const std::string& id, mynumber::PinName pin,
                                std::optional<std::string> value = {}, mynumber::VerifyGuards guards = {});
  // Every PIN that the decision asks for, in its order.
  void verify_all(const std::string& id);
  base::Result<renewal::Case> issue(const std::string& id) { return run(desk->issue(id, "clerk-7")); }
  // As a clerk goes on: the card back on its reader, the PINs where they are asked for. Throws when four
  // rounds do not end it.
  renewal::Case finish(const std::string& id);
  // An open case with every PIN verified.
  std::string ready();

  void pull();
  void put_back();
  // The daemon ends and begins anew: nothing is left of the desk but its store.
  void restart();
  // The settings of the CA's misbehaviour, see simulated_ca/faults.hpp.
  void order(const std::string& fault);

  // As the CA does of itself, e.g. when the holder has moved.
  void revoke(const std::string& serial);
  // The rules' part: a PIN that was forgotten is to be initialised today.
  void let_reset(mynumber::PinName pin);
  // How many VERIFY commands carried a PIN.
  [[nodiscard]] int pins_sent() const;
  [[nodiscard]] int tries_left(mynumber::PinName pin) const;

  // Of the CA's register, for the card's holder: those issued in place of the old ones.
  [[nodiscard]] std::vector<simulated_issuer::Entry> issued(mynumber::CertificateName which) const;
  // The card holds the new pair of each wanted certificate, there is one good serial for it, the old one is
  // revoked. `refused`: how many further certificates were issued and given back.
  void expect_renewed(const renewal::Case& visit, std::size_t refused = 0) const;
  // What the card's active file holds, cut to the certificate.
  [[nodiscard]] base::Bytes on_card(mynumber::CertificateName which) const;

  Options options;
  Loop loop;
  ManualClock clock;
  KeptLog log;
  MemoryStore store;
  TestReaders readers{loop};
  TemporaryFolder folder;
  std::unique_ptr<simulated_ca::Service> ca;
  std::unique_ptr<TestLine> line;
  std::unique_ptr<TestLine> signature_line;
  std::unique_ptr<TestLine> status_line;
  std::unique_ptr<TimelyAuthority> protocol;
  std::vector<base::Bytes> issuers;  // as configured: the signature certificates', and the others'
  std::shared_ptr<TestCard> card;
  simulated_card::Citizen citizen;
  Decide decide;
  DecideBy decide_by;  // as `decide` unless a test says otherwise
  std::function<std::chrono::steady_clock::time_point()> steady = std::chrono::steady_clock::now;
  std::vector<storage::EventRecord> published;
  std::unique_ptr<Desk> desk;

 private:
  void make_desk();
  base::Result<Decided> usual_decision(const boost::json::object& facts) const;

  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  mynumber::CardProfile profile_;
  std::unique_ptr<mynumber::TerminalKey> terminal_;
  std::unique_ptr<mynumber::AdminCommandSet> admin_;
  std::unique_ptr<authority::StatusInquiry> inquiry_;
  std::unique_ptr<AuthorityLine> authority_;
  std::unique_ptr<AuthorityLine> signature_authority_;
};

inline base::Code code_of(const base::Fault& fault) {
  return fault.code;
}
template <class T>
base::Code code_of(const base::Result<T>& result) {
  return result ? base::Code{255} : result.error().code;
}

}  // namespace madoguchi::counter::test
