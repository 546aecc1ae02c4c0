#include "examine_authority.hpp"

#include <boost/asio/io_context.hpp>

#include "authorities.hpp"
#include "doctor/examinations.hpp"
#include "renewal/judgement.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using authority::Conversation;
using doctor::State;

using Generally = base::Result<authority::Next> (authority::Authority::*)(const Conversation&,
                                                                          base::Instant) const;

constexpr std::chrono::seconds patience{5};
// As a renewal does: what was spoilt on its way may come whole the next time.
constexpr int most_asked = 2;

class Examination {
 public:
  Examination(const settings::DaemonConfig& config, const std::filesystem::path& folder,
              const base::Clock& clock, const doctor::Tell& tell)
      : config_(config), setting_(config.authorities.front()), folder_(folder), clock_(clock), tell_(tell) {}

  void run(bool usable) {
    // Where it cannot be reached, the way there is what is to be mended.
    if (!reaches()) return;
    ask_authority(usable);
    if (!setting_.ocsp_url.empty()) ask_status(setting_.ocsp_url, authority::Carries::ocsp);
    for (const auto& url : setting_.crl_urls) ask_status(url, authority::Carries::crl);
  }

 private:
  bool reaches() {
    auto transport = transport_to(loop_, setting_, folder_, setting_.url, authority::Carries::nothing);
    const auto reached = transport ? post(**transport, {}) : base::Result<base::Bytes>(transport.error());
    if (!reached) told(State::wrong, "authority.unreachable", reached.error());
    return reached.has_value();
  }

  void ask_authority(bool usable) {
    // What is wrong with the credentials is said where they are looked at.
    if (!usable) return told(State::ok, "authority.connected");
    const auto made = Authorities::make(loop_, config_, folder_, clock_);
    if (!made) return told(State::ok, "authority.connected");
    auto& line = (*made)->line(certificate());
    const auto answered = ask(line, &authority::Authority::preflight);
    if (!answered) return;
    conclude(answered->next, answered->last);
    if (line.issuers.empty() || !std::holds_alternative<authority::Finished>(answered->next)) return;
    const auto asked = ask(line, &authority::Authority::ask_issuers, Saying::nothing);
    const auto* finished = asked ? std::get_if<authority::Finished>(&asked->next) : nullptr;
    if (finished == nullptr) return;
    for (const auto& each : doctor::compare_issuers(setting_.name, line.issuers, finished->shown.named,
                                                    finished->shown.enclosed, clock_.now()))
      tell_(each);
  }

  // Where the standing of certificates is asked for: only a case that was interrupted would show what is
  // wrong.
  void ask_status(const std::string& url, authority::Carries carries) {
    const auto ill = [&](const base::Fault& fault) {
      tell_({State::attention,
             "authority.no_status",
             {{"name", setting_.name}, {"url", url}, {"why", fault.inner}}});
    };
    auto transport = transport_to(loop_, setting_, folder_, url, carries);
    if (!transport) return ill(transport.error());
    // An empty sequence is no request; whoever speaks OCSP there says so, in its words or in HTTP's.
    const auto answer = post(**transport, base::Bytes{0x30, 0x00});
    if (answer) return;
    const auto fault = answer.error();
    const auto* status = fault.details.if_contains("http_status");
    constexpr int bad_request = 400;
    const bool speaks = carries == authority::Carries::ocsp && status != nullptr && *status == bad_request;
    if (!speaks) ill(fault);
  }

  [[nodiscard]] mynumber::CertificateName certificate() const {
    return setting_.certificates.front() == policy::Certificate::signature
               ? mynumber::CertificateName::signature
               : mynumber::CertificateName::authentication;
  }

  struct Answered {
    authority::Next next;
    base::Bytes last;  // the answer's message; empty: none was needed
  };
  enum class Saying : std::uint8_t { why_not, nothing };

  // Nothing where there is no answer, which has been told then.
  std::optional<Answered> ask(counter::AuthorityLine& line, Generally question,
                              Saying saying = Saying::why_not) {
    const auto ill = [&](State state, const char* id, const base::Fault& fault) {
      if (saying == Saying::why_not) told(state, id, fault);
      return std::optional<Answered>{};
    };
    Conversation conversation{base::random_bytes(16), {}, {}};
    for (int asked = 0;;) {
      auto next = (line.protocol.*question)(conversation, clock_.now());
      if (next && !std::holds_alternative<authority::Send>(*next)) {
        const auto& all = conversation.exchanges;
        return Answered{std::move(*next), all.empty() ? base::Bytes() : all.back().response};
      }
      // The counter's own certificate has ended, which is said where it is looked at: nothing can be asked.
      if (!next && conversation.exchanges.empty()) return ill(State::ok, "authority.connected", {});
      if (next) conversation.exchanges = {{std::get<authority::Send>(*next).message, {}}};
      if (!next && asked == most_asked) return ill(State::wrong, "authority.not_believed", next.error());
      auto& exchange = conversation.exchanges.back();
      ++asked;
      auto answer = post(line.transport, exchange.request);
      if (!answer) return ill(State::wrong, "authority.no_answer", answer.error());
      if (const auto fits = line.protocol.check_response(exchange.request, *answer); !fits)
        return ill(State::wrong, "authority.not_believed", fits.error());
      exchange.response = std::move(*answer);
    }
  }

  // A signed error. Authorities that know no general message give the same to everybody, known or not.
  static bool said_no(base::ByteView answer) {
    constexpr std::uint32_t sequence = 0x30, error = 0xB7;  // PKIMessage {header, body}, PKIBody [23]
    const auto message = smartcard::find_tlv(answer, sequence);
    smartcard::TlvReader parts(message ? message->value : base::ByteView());
    parts.next();
    const auto body = parts.next();
    return body && body->tag == error;
  }

  void conclude(const authority::Next& next, base::ByteView last_answer) {
    const auto* finished = std::get_if<authority::Finished>(&next);
    const auto* rejected = std::get_if<authority::Rejected>(&next);
    const auto at = finished != nullptr   ? finished->told_at
                    : rejected != nullptr ? rejected->told_at
                                          : std::nullopt;
    if (at && !renewal::check_clock(clock_.now(), *at))
      tell_({State::wrong,
             "clock.differs",
             {{"now", base::format_time(std::chrono::floor<std::chrono::seconds>(clock_.now()))},
              {"there", base::format_time(*at)},
              {"name", setting_.name}}});
    if (finished != nullptr)
      return told(State::ok, said_no(last_answer) ? "authority.answers" : "authority.ok");
    if (rejected != nullptr) return told(State::wrong, "authority.refuses", rejected->fault);
    told(State::ok, "authority.connected");
  }

  base::Result<base::Bytes> post(authority::Transport& transport, base::Bytes message) {
    base::Result<base::Bytes> answer(base::Bytes{});
    transport.post(std::move(message), patience,
                   [&](base::Result<base::Bytes> done) { answer = std::move(done); });
    loop_.restart();
    loop_.run();
    return answer;
  }

  void told(State state, const char* id, const base::Fault& fault = {}) {
    json::object facts{{"name", setting_.name}, {"url", setting_.url}};
    if (state != State::ok) facts["why"] = fault.inner;
    tell_({state, id, std::move(facts)});
  }

  const settings::DaemonConfig& config_;
  const settings::AuthorityConfig& setting_;
  const std::filesystem::path& folder_;
  const base::Clock& clock_;
  const doctor::Tell& tell_;
  boost::asio::io_context loop_{1};
};

}  // namespace

void examine_authority(const settings::DaemonConfig& config, const std::filesystem::path& folder,
                       const base::Clock& clock, const doctor::Tell& tell, bool usable) {
  Examination(config, folder, clock, tell).run(usable);
}

}  // namespace madoguchi::app
