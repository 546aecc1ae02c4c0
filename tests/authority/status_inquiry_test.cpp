// Who is asked for a certificate's status, in which order, and what is made of silence.
#include "authority/status_inquiry.hpp"

#include <gtest/gtest.h>

#include "status_ca.hpp"

namespace madoguchi::authority::test {
namespace {

using base::Code;
using simulated_issuer::Kind;
using namespace std::chrono_literals;

// Keeps what is asked until the test answers it.
class Held final : public Transport {
 public:
  struct Post {
    base::Bytes message;
    std::chrono::milliseconds timeout;
    Done done;
  };
  void post(base::Bytes message, std::chrono::milliseconds timeout, Done done) override {
    posts.push_back({std::move(message), timeout, std::move(done)});
  }
  void cancel() override {}
  // The oldest that has no answer yet.
  void answer(base::Result<base::Bytes> answer) {
    auto done = std::move(posts.at(answered++).done);
    done(std::move(answer));
  }
  void be_silent() { answer(base::make_fault(Code::authority_unreachable, "timed out")); }

  std::vector<Post> posts;
  std::size_t answered = 0;
};

class Moved final : public base::Clock {
 public:
  [[nodiscard]] base::Instant now() const override { return at; }
  base::Instant at = test::now();
};

class Inquiry : public testing::Test {
 protected:
  std::unique_ptr<StatusInquiry> asks(bool responder, std::vector<Transport*> lists) {
    return std::make_unique<StatusInquiry>(
        StatusInquiry::Sources{ca().issuers, responder ? &ocsp_ : nullptr, std::move(lists)}, clock_);
  }
  void ask(StatusInquiry& inquiry, std::chrono::milliseconds budget = 2s) {
    inquiry.ask(certificate_, budget, [this](const CertificateStatus& status) {
      ++calls_;
      status_ = status;
    });
  }
  void expect(Standing standing, StatusSource source, Doubt doubt = Doubt::none) {
    EXPECT_EQ(std::exchange(calls_, 0), 1);
    EXPECT_EQ(status_.standing, standing);
    EXPECT_EQ(status_.source, source);
    EXPECT_EQ(name(status_.doubt), name(doubt));
    EXPECT_EQ(status_.as_of.has_value(), source != StatusSource::none);
  }
  void answer_ocsp() { ocsp_.answer(ca().answer(ocsp_.posts.at(ocsp_.answered).message, clock_.at)); }

  base::Bytes certificate_ = ca().issue(true);
  Held ocsp_;
  Held signature_list_;
  Held own_list_;
  Moved clock_;
  CertificateStatus status_;
  int calls_ = 0;
};

TEST_F(Inquiry, without_anybody_to_ask_it_is_unknown) {
  const auto inquiry = asks(false, {});
  ask(*inquiry);
  expect(Standing::unknown, StatusSource::none, Doubt::not_offered);
}

TEST_F(Inquiry, the_responder_is_asked_first_and_its_word_counts) {
  const auto inquiry = asks(true, {&own_list_});
  ask(*inquiry);
  EXPECT_EQ(calls_, 0);
  answer_ocsp();
  expect(Standing::good, StatusSource::ocsp);
  ca().revoke(certificate_);
  ask(*inquiry);
  answer_ocsp();
  expect(Standing::revoked, StatusSource::ocsp);
  EXPECT_TRUE(own_list_.posts.empty());
}

TEST_F(Inquiry, what_the_responder_does_not_know_is_not_made_good_by_a_lists_silence) {
  const auto inquiry = asks(true, {&own_list_});
  certificate_ = ca().issue(false);
  ask(*inquiry);
  answer_ocsp();
  expect(Standing::unknown, StatusSource::ocsp, Doubt::not_known);
}

TEST_F(Inquiry, of_another_issuers_certificate_nobody_is_asked) {
  const auto inquiry = asks(true, {&own_list_});
  certificate_ = der_of(*pki().counter.certificate);
  ask(*inquiry);
  expect(Standing::unknown, StatusSource::none, Doubt::other_issuer);
  EXPECT_TRUE(ocsp_.posts.empty());
}

TEST_F(Inquiry, where_the_responder_is_silent_or_not_believed_the_lists_are_asked_within_the_budget) {
  const auto inquiry = asks(true, {&signature_list_, &own_list_});
  ask(*inquiry, 2s);
  EXPECT_EQ(ocsp_.posts.at(0).timeout, 1s);
  ocsp_.be_silent();
  EXPECT_EQ(own_list_.posts.at(0).timeout, 1s);
  EXPECT_TRUE(own_list_.posts.at(0).message.empty());
  own_list_.answer(ca().list());
  EXPECT_EQ(calls_, 0) << "the other list may be the one";
  signature_list_.answer(ca().list(Kind::signature));
  expect(Standing::good, StatusSource::crl);

  ask(*inquiry);
  ocsp_.answer(base::Bytes{1, 2, 3});
  expect(Standing::good, StatusSource::crl);
  EXPECT_EQ(own_list_.posts.size(), 1u) << "a list serves more than once";
}

TEST_F(Inquiry, silence_everywhere_is_never_good) {
  const auto inquiry = asks(true, {&own_list_});
  ask(*inquiry);
  ocsp_.be_silent();
  own_list_.be_silent();
  expect(Standing::unknown, StatusSource::none, Doubt::unreachable);
  ask(*inquiry);
  ocsp_.be_silent();
  own_list_.answer(base::Bytes{4, 5});
  expect(Standing::unknown, StatusSource::none, Doubt::unbelieved);
  ask(*inquiry);
  ocsp_.be_silent();
  own_list_.answer(ca().list(Kind::signature));
  EXPECT_EQ(status_.standing, Standing::unknown);
  EXPECT_EQ(status_.doubt, Doubt::unreachable) << "of the responder: this list is about others";
}

TEST_F(Inquiry, a_list_is_fetched_again_after_a_while_and_used_to_its_end_where_it_cannot) {
  const auto inquiry = asks(false, {&own_list_});
  ask(*inquiry);
  own_list_.answer(ca().list(Kind::authentication, clock_.at));
  expect(Standing::good, StatusSource::crl);
  clock_.at += list_kept;
  ca().revoke(certificate_);
  ask(*inquiry);
  own_list_.be_silent();
  expect(Standing::good, StatusSource::crl);
  EXPECT_LE(*status_.as_of, clock_.at - list_kept) << "and says as of when";
  ask(*inquiry);
  own_list_.answer(ca().list(Kind::authentication, clock_.at));
  expect(Standing::revoked, StatusSource::crl);
  clock_.at += 25h;
  ask(*inquiry);
  own_list_.be_silent();
  expect(Standing::unknown, StatusSource::none, Doubt::out_of_date);
}

TEST_F(Inquiry, an_older_list_does_not_replace_a_newer_one) {
  const auto inquiry = asks(false, {&own_list_});
  const auto old = ca().list(Kind::authentication, clock_.at - 1min);
  ca().revoke(certificate_);
  ask(*inquiry);
  own_list_.answer(ca().list(Kind::authentication, clock_.at));
  expect(Standing::revoked, StatusSource::crl);
  clock_.at += list_kept;
  ask(*inquiry);
  own_list_.answer(old);
  expect(Standing::revoked, StatusSource::crl);
}

TEST_F(Inquiry, who_asks_while_a_list_is_on_its_way_waits_for_that_one) {
  const auto inquiry = asks(false, {&own_list_});
  ask(*inquiry);
  ask(*inquiry);
  EXPECT_EQ(own_list_.posts.size(), 1u);
  own_list_.answer(ca().list());
  EXPECT_EQ(calls_, 2);
  EXPECT_EQ(status_.standing, Standing::good);
}

TEST_F(Inquiry, what_comes_after_its_end_is_nobodys) {
  auto inquiry = asks(true, {&own_list_});
  ask(*inquiry);
  inquiry.reset();
  answer_ocsp();
  EXPECT_EQ(calls_, 0);
}

}  // namespace
}  // namespace madoguchi::authority::test
