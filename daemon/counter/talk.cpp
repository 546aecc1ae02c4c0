#include "talk.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "authority/ocsp.hpp"
#include "renewal/issuers.hpp"
#include "renewal/judgement.hpp"

namespace madoguchi::counter {
namespace {

namespace asio = boost::asio;
using authority::Conversation;
using base::Code;
using base::make_fault;
using renewal::Event;
using renewal::Happening;
using About = renewal::Converse::About;
// Of an authority's two general messages, which one.
using Generally = base::Result<authority::Next> (authority::Authority::*)(const Conversation&,
                                                                          base::Instant) const;

// How often an answer that cannot be believed is asked for again in one run.
constexpr int max_set_aside = 2;
constexpr std::chrono::milliseconds stop_noticed_within{250};

// An authority that says "again at once" is asked every second; its patience is not tried, ours ends.
constexpr std::chrono::seconds shortest_wait{1};

asio::awaitable<base::Result<base::Bytes>> post(authority::Transport& transport,
                                                std::chrono::milliseconds timeout, base::Bytes message) {
  auto start = [&transport, timeout, &message](auto handler) {
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    transport.post(std::move(message), timeout,
                   [kept](base::Result<base::Bytes> answer) { std::move (*kept)(std::move(answer)); });
  };
  base::Result<base::Bytes> answer =
      co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(base::Result<base::Bytes>)>(
          start, asio::use_awaitable);
  co_return answer;
}

base::Result<authority::Next> ask(const AuthorityLine& line, const renewal::Saga& saga, About about,
                                  const Conversation& conversation, bool waited) {
  if (about == About::revocation) return line.protocol.revoke(saga.old_certificate, conversation);
  auto enrolment = renewal::enrolment_of(saga);
  if (!enrolment) return enrolment.error();
  const auto verdict = about == About::enrolment      ? authority::Verdict::undecided
                       : about == About::confirmation ? authority::Verdict::accepted
                                                      : authority::Verdict::refused;
  return line.protocol.enrol(*enrolment, conversation, verdict, waited);
}

Conversation conversation_about(const renewal::Saga& saga, About about) {
  auto conversation = about == About::revocation ? saga.revocation : saga.enrolment;
  if (conversation.transaction_id.empty()) conversation.transaction_id = base::random_bytes(16);
  // No answer is recorded before it is believed.
  conversation.believed = true;
  return conversation;
}

// A fault that says that the certificate itself, not its wrapping, is wrong.
bool wrong_certificate(const base::Fault& fault) {
  return fault.code == Code::authority_mismatch && fault.details.contains("differs");
}

// Has the authority been left in peace for that long since its last answer? One from the future tells
// nothing: the clock has been set back.
bool is_over(std::chrono::seconds delay, const renewal::Saga& saga, base::Instant now) {
  const auto& seen = saga.authority_seen;
  return !seen || *seen > now || now - *seen >= delay;
}

// The certificate will be given back. One for another key leaves this card's key as good as it was.
Event refused(const base::Fault& fault) {
  const auto* differs = fault.details.if_contains("differs");
  const auto is = [&](const char* what) { return differs != nullptr && *differs == what; };
  const auto remedy = is("key")    ? renewal::Remedy::same_key
                      : is("size") ? renewal::Remedy::another_size
                                   : renewal::Remedy::another_key;
  return {Happening::certificate_refused, {}, {}, renewal::Failure{fault.code, fault.inner, remedy}};
}

// An authority that does not tell its time says nothing about this computer's.
base::Result<void> check_told(const authority::Next& answered, base::Instant now) {
  std::optional<base::Instant> told;
  if (const auto* finished = std::get_if<authority::Finished>(&answered)) told = finished->told_at;
  if (const auto* rejected = std::get_if<authority::Rejected>(&answered)) told = rejected->told_at;
  return told ? renewal::check_clock(now, *told) : base::Result<void>{};
}

Event ended(About about, const authority::Finished&) {
  switch (about) {
    case About::revocation:
      return {Happening::revoked, {}, {}, {}};
    case About::refusal:
      return {Happening::refusal_told, {}, {}, {}};
    case About::enrolment:
    case About::confirmation:
      return {Happening::confirmed, {}, {}, {}};
  }
  return {Happening::confirmed, {}, {}, {}};
}

Event said_no(const renewal::Saga& saga, About about, const authority::Rejected& rejected) {
  switch (about) {
    case About::revocation:
      return {Happening::revocation_unclear, {}, {}, {}};
    case About::refusal:
      return {Happening::refusal_unclear, {}, {}, {}};
    case About::confirmation:
      // It may have counted: the certificate is on the card and works, so this is for the back office.
      return {Happening::confirmation_unclear, {}, {}, {}};
    case About::enrolment:
      break;
  }
  const auto remedy = renewal::remedy_of(saga, rejected);
  return {Happening::rejected, {}, {}, renewal::Failure{rejected.fault.code, rejected.fault.inner, remedy}};
}

}  // namespace

// An authority's delay may be longer than what the daemon has left to end in.
asio::awaitable<void> pause(asio::io_context& loop, std::chrono::milliseconds delay, const bool& stopping) {
  asio::steady_timer timer(loop);
  const auto end = asio::steady_timer::clock_type::now() + delay;
  while (!stopping && asio::steady_timer::clock_type::now() < end) {
    timer.expires_at(std::min(end, asio::steady_timer::clock_type::now() + stop_noticed_within));
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<base::Result<Event>> talk(Parts& parts, const renewal::Saga& saga, About about,
                                          std::chrono::seconds& waited_for, bool patient,
                                          const SetAside& keep, const bool& stopping) {
  AuthorityLine& line = parts.authority(saga.certificate);
  const Conversation conversation = conversation_about(saga, about);
  const bool unanswered = !conversation.exchanges.empty() && conversation.exchanges.back().response.empty();
  bool waited = false;
  int set_aside = 0;

  for (;;) {
    base::Result<authority::Next> next = ask(line, saga, about, conversation, waited);
    if (!next) {
      if (about == About::enrolment && wrong_certificate(next.error())) co_return refused(next.error());
      co_return next.error();
    }
    if (auto* issued = std::get_if<authority::Issued>(&*next)) {
      if (about != About::enrolment)
        co_return make_fault(Code::internal, "a certificate where none was asked for");
      const auto checked = renewal::check_issued(
          saga, issued->certificate, {parts.clock.now(), line.issuers, parts.profile.certificate_size});
      // It is good and only early by this clock: kept, and measured again by the next run.
      if (!checked && checked.error().code == Code::authority_clock) co_return checked.error();
      if (!checked) co_return refused(checked.error());
      co_return Event{Happening::certificate_issued, std::move(issued->certificate), {}, {}};
    }
    if (const auto* finished = std::get_if<authority::Finished>(&*next)) co_return ended(about, *finished);
    if (const auto* rejected = std::get_if<authority::Rejected>(&*next))
      co_return said_no(saga, about, *rejected);
    if (const auto* wait = std::get_if<authority::Wait>(&*next)) {
      const auto delay = std::max(wait->delay, shortest_wait);
      if (!patient && !waited && is_over(delay, saga, parts.clock.now())) {
        waited = true;
        continue;
      }
      if (!patient || waited_for + delay > line.patience)
        co_return make_fault(Code::authority_waiting, "the authority is still at it");
      co_await pause(parts.loop, delay, stopping);
      if (stopping) co_return make_fault(Code::shutting_down, "while the authority is still at it");
      waited_for += delay;
      waited = true;
      continue;
    }
    auto& send = std::get<authority::Send>(*next);
    if (!unanswered) {
      co_return Event{Happening::message_outgoing, std::move(send.message), conversation.transaction_id, {}};
    }
    const base::Bytes request = send.message;
    base::Result<base::Bytes> answer = co_await post(line.transport, line.timeout, std::move(send.message));
    if (!answer) co_return answer.error();
    // Believed only when the conversation can go on with it: one bad answer must not stand in the way for
    // good.
    auto fault = line.protocol.check_response(request, *answer);
    if (fault) {
      Conversation with = conversation;
      with.exchanges.back().response = *answer;
      with.believed = false;
      const auto beyond = ask(line, saga, about, with, false);
      if (beyond || wrong_certificate(beyond.error())) {
        co_return Event{Happening::message_incoming, std::move(*answer), {}, {}, parts.clock.now()};
      }
      fault = beyond.error();
    }
    if (const auto kept = keep(fault.error(), *answer); !kept) co_return kept.error();
    if (++set_aside >= max_set_aside) co_return fault.error();
  }
}

asio::awaitable<base::Result<Event>> ask_status(Parts& parts, const renewal::Saga& saga, const SetAside& keep,
                                                const bool& stopping) {
  AuthorityLine& line = parts.authority(saga.certificate);
  if (line.status == nullptr) co_return make_fault(Code::internal, "nobody to ask for a status");
  const authority::StatusOf about{saga.new_certificate, line.issuers};
  for (int set_aside = 0;;) {
    const auto request = authority::make_status_request(about, base::random_bytes(16));
    if (!request) co_return renewal::status_unanswered(request.error());
    base::Result<base::Bytes> answer = co_await post(*line.status, line.timeout, *request);
    // What is cut short by the daemon's end was not asked.
    if (!answer && stopping) co_return make_fault(Code::shutting_down, "while asking for a status");
    if (!answer) co_return renewal::status_unanswered(answer.error());
    const auto standing = authority::read_status(about, *request, *answer, parts.clock.now());
    if (standing) co_return renewal::judge_standing(standing->standing);
    if (const auto kept = keep(standing.error(), *answer); !kept) co_return kept.error();
    if (++set_aside >= max_set_aside) co_return renewal::status_unanswered(standing.error());
  }
}

namespace {

asio::awaitable<base::Result<authority::Finished>> ask_generally(Parts& parts, const AuthorityLine& line,
                                                                 Generally question, const SetAside& keep) {
  Conversation conversation{base::random_bytes(16), {}, {}};
  for (int set_aside = 0;;) {
    base::Result<authority::Next> next = (line.protocol.*question)(conversation, parts.clock.now());
    if (next) {
      if (const auto sane = check_told(*next, parts.clock.now()); !sane) co_return sane.error();
      if (const auto* rejected = std::get_if<authority::Rejected>(&*next)) co_return rejected->fault;
      if (auto* finished = std::get_if<authority::Finished>(&*next)) co_return std::move(*finished);
      auto* send = std::get_if<authority::Send>(&*next);
      if (send == nullptr) co_return make_fault(Code::internal, "a certificate or a wait where none can be");
      conversation.exchanges = {{std::move(send->message), {}}};
    } else {
      // Only an answer that cannot be believed is asked for again.
      if (!next.error().details.contains("set_aside")) co_return next.error();
      if (const auto kept = keep(next.error(), conversation.exchanges.back().response); !kept)
        co_return kept.error();
      if (++set_aside >= max_set_aside) co_return next.error();
      conversation.exchanges.back().response.clear();
    }
    auto& exchange = conversation.exchanges.back();
    base::Result<base::Bytes> answer = co_await post(line.transport, line.timeout, exchange.request);
    if (!answer) co_return answer.error();
    if (const auto fits = line.protocol.check_response(exchange.request, *answer); !fits) {
      if (const auto kept = keep(fits.error(), *answer); !kept) co_return kept.error();
      if (++set_aside >= max_set_aside) co_return fits.error();
      continue;
    }
    exchange.response = std::move(*answer);
  }
}

}  // namespace

asio::awaitable<base::Result<Event>> ask_whether_there(Parts& parts, mynumber::CertificateName certificate,
                                                       const SetAside& keep) {
  const base::Result<authority::Finished> answered =
      co_await ask_generally(parts, parts.authority(certificate), &authority::Authority::preflight, keep);
  if (!answered) co_return answered.error();
  co_return Event{Happening::authority_answered, {}, {}, {}, parts.clock.now()};
}

asio::awaitable<base::Result<void>> check_issuers(Parts& parts, const renewal::Saga& saga, bool any_begun,
                                                  const SetAside& keep) {
  const AuthorityLine& line = parts.authority(saga.certificate);
  if (renewal::issuers_fit(saga, line.issuers, parts.clock.now())) co_return base::Result<void>{};
  const base::Result<authority::Finished> answered =
      co_await ask_generally(parts, line, &authority::Authority::ask_issuers, keep);
  if (!answered) co_return answered.error();
  co_return renewal::check_issuers(saga, line.issuers, answered->shown, parts.clock.now(), any_begun);
}

}  // namespace madoguchi::counter
