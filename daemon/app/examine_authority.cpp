#include "examine_authority.hpp"

#include <boost/asio/io_context.hpp>

#include "authorities.hpp"
#include "renewal/judgement.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using authority::Conversation;
using doctor::State;

constexpr std::chrono::seconds patience{5};
// As a renewal does: what was spoilt on its way may come whole the next time.
constexpr int most_asked = 2;

class Examination {
 public:
  Examination(const settings::DaemonConfig& config, const std::filesystem::path& folder,
              const base::Clock& clock, const doctor::Tell& tell)
      : config_(config), setting_(config.authorities.front()), folder_(folder), clock_(clock), tell_(tell) {}

  void run(bool usable) {
    auto transport = knocker(loop_, setting_, folder_);
    if (!transport) return told(State::wrong, "authority.unreachable", transport.error());
    if (const auto reached = post(**transport, {}); !reached)
      return told(State::wrong, "authority.unreachable", reached.error());
    // What is wrong with the credentials is said where they are looked at.
    if (!usable) return told(State::ok, "authority.connected");
    const auto made = Authorities::make(loop_, config_, folder_, clock_);
    if (!made) return told(State::ok, "authority.connected");
    ask((*made)->line(certificate()));
  }

 private:
  [[nodiscard]] mynumber::CertificateName certificate() const {
    return setting_.certificates.front() == policy::Certificate::signature
               ? mynumber::CertificateName::signature
               : mynumber::CertificateName::authentication;
  }

  void ask(counter::AuthorityLine& line) {
    Conversation conversation{base::random_bytes(16), {}, {}};
    for (int asked = 0;;) {
      const auto next = line.protocol.preflight(conversation, clock_.now());
      if (next && !std::holds_alternative<authority::Send>(*next)) return conclude(*next);
      // The counter's own certificate has ended, which is said where it is looked at: nothing can be asked.
      if (!next && conversation.exchanges.empty()) return told(State::ok, "authority.connected");
      if (next) conversation.exchanges = {{std::get<authority::Send>(*next).message, {}}};
      if (!next && asked == most_asked) return told(State::wrong, "authority.not_believed", next.error());
      auto& exchange = conversation.exchanges.back();
      ++asked;
      auto answer = post(line.transport, exchange.request);
      if (!answer) return told(State::wrong, "authority.no_answer", answer.error());
      if (const auto fits = line.protocol.check_response(exchange.request, *answer); !fits)
        return told(State::wrong, "authority.not_believed", fits.error());
      exchange.response = std::move(*answer);
    }
  }

  void conclude(const authority::Next& next) {
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
    if (finished != nullptr) return told(State::ok, "authority.ok");
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
