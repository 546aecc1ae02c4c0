// The line to the development CA, and its protocol at the test's time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "authority/authority.hpp"
#include "authority/transport.hpp"
#include "ports.hpp"
#include "simulated_ca/service.hpp"

namespace madoguchi::counter::test {

// What becomes of one message to the authority.
enum class Fate { delivered, lost_before, lost_after, spoilt, twice };

// The line to the development CA.
class TestLine final : public authority::Transport {
 public:
  enum class To { cmp, ocsp };
  TestLine(boost::asio::io_context& loop, simulated_ca::Service& ca, To to = To::cmp)
      : loop_(loop), ca_(ca), to_(to) {}
  void post(base::Bytes message, std::chrono::milliseconds timeout, Done done) override;
  void cancel() override;

  // Lets what waits go on, see `held`.
  void release();

  bool down = false;
  bool held = false;  // messages wait for release()
  int posts = 0;
  std::function<Fate(int number)> fate;

 private:
  base::Result<base::Bytes> answer(const base::Bytes& message, Fate fate);

  boost::asio::io_context& loop_;
  simulated_ca::Service& ca_;
  To to_;
  std::deque<std::function<void()>> waiting_;
};

// The real protocol, whose authority lives at the test's time: OpenSSL writes the real one into every
// message.
class TimelyAuthority final : public authority::Authority {
 public:
  explicit TimelyAuthority(std::unique_ptr<Authority> real, const ManualClock& clock)
      : real_(std::move(real)), clock_(clock) {}
  base::Result<base::Bytes> to_be_signed(const authority::Enrolment& enrolment) const override {
    return real_->to_be_signed(enrolment);
  }
  base::Result<base::Bytes> assemble(const authority::Enrolment& enrolment, base::ByteView to_be_signed,
                                     base::ByteView signature) const override {
    return real_->assemble(enrolment, to_be_signed, signature);
  }
  base::Result<authority::Next> enrol(const authority::Enrolment& enrolment,
                                      const authority::Conversation& conversation, authority::Verdict verdict,
                                      bool waited) const override {
    return real_->enrol(enrolment, conversation, verdict, waited);
  }
  base::Result<authority::Next> revoke(base::ByteView old_certificate,
                                       const authority::Conversation& conversation) const override {
    return real_->revoke(old_certificate, conversation);
  }
  base::Result<authority::Next> preflight(const authority::Conversation& conversation,
                                          base::Instant now) const override;
  base::Result<authority::Next> ask_issuers(const authority::Conversation& conversation,
                                            base::Instant now) const override;
  base::Result<void> check_response(base::ByteView request, base::ByteView response) const override {
    return real_->check_response(request, response);
  }

  std::chrono::milliseconds ahead{0};  // of the counter's clock
  bool tells_time = true;
  std::optional<authority::ShownIssuers> shown;  // in place of what the real one shows

 private:
  base::Result<authority::Next> at_its_time(base::Result<authority::Next> next) const;
  std::unique_ptr<Authority> real_;
  const ManualClock& clock_;
};

}  // namespace madoguchi::counter::test
