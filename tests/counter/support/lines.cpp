#include "lines.hpp"

#include <boost/asio/post.hpp>
#include <stdexcept>

namespace madoguchi::counter::test {

namespace asio = boost::asio;
using base::Code;
using base::make_fault;

void TestLine::post(base::Bytes message, std::chrono::milliseconds, Done done) {
  const int number = ++posts;
  auto go = [this, message = std::move(message), done = std::move(done), number] {
    const auto ordered = fate ? fate(number) : Fate::delivered;
    asio::post(loop_, [done, answered = answer(message, ordered)] { done(answered); });
  };
  if (held) {
    waiting_.push_back(std::move(go));
  } else {
    go();
  }
}

void TestLine::cancel() {
  down = true;
  release();
}

void TestLine::release() {
  held = false;
  for (auto& go : std::exchange(waiting_, {})) go();
}

base::Result<base::Bytes> TestLine::answer(const base::Bytes& message, Fate ordered) {
  const auto nobody = make_fault(Code::authority_unreachable, "no answer");
  if (down || ordered == Fate::lost_before) return nobody;
  if (to_ == To::ocsp) {
    auto status = ca_.ocsp(message);
    if (!status) throw std::runtime_error(base::describe(status.error()));
    if (ordered == Fate::lost_after) return nobody;
    if (ordered == Fate::spoilt) status->resize(status->size() / 2);
    return status;
  }
  auto answer = ca_.cmp(message);
  if (answer.delivery != simulated_ca::Delivery::answer || answer.status != 200) return nobody;
  if (ordered == Fate::lost_after) return nobody;
  if (ordered == Fate::twice) ca_.cmp(message);
  if (ordered == Fate::spoilt) answer.body.resize(answer.body.size() / 2);
  return answer.body;
}

base::Result<authority::Next> TimelyAuthority::preflight(const authority::Conversation& conversation,
                                                         base::Instant now) const {
  return at_its_time(real_->preflight(conversation, now));
}

base::Result<authority::Next> TimelyAuthority::ask_issuers(const authority::Conversation& conversation,
                                                           base::Instant now) const {
  auto next = at_its_time(real_->ask_issuers(conversation, now));
  auto* finished = next ? std::get_if<authority::Finished>(&*next) : nullptr;
  if (finished != nullptr && shown) finished->shown = *shown;
  return next;
}

base::Result<authority::Next> TimelyAuthority::at_its_time(base::Result<authority::Next> next) const {
  auto* finished = next ? std::get_if<authority::Finished>(&*next) : nullptr;
  if (finished == nullptr || !finished->told_at) return next;
  *finished->told_at += clock_.advanced() + ahead;
  if (!tells_time) finished->told_at.reset();
  return next;
}

}  // namespace madoguchi::counter::test
