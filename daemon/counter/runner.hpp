// Takes a case's sagas through their steps: each outcome is durable before the next step begins.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "card_steps.hpp"
#include "counter/parts.hpp"
#include "held_cards.hpp"
#include "recorder.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

class Runner {
 public:
  Runner(Parts& parts, HeldCards& cards, Recorder& recorder, const bool& stopping)
      : parts_(parts), cards_(cards), recorder_(recorder), stopping_(stopping) {}

  // Goes as far as it can. A fault is why it stopped; the case in the store says where. Steps that need no
  // card go on without one; `alone` takes no others, and gives card.absent where one comes. Of a case that is
  // given up only what its authority is still to be told is done; with `clerk_begun` no certificate begins
  // that has not.
  enum class With : std::uint8_t { clerk, clerk_begun, alone };
  boost::asio::awaitable<base::Result<void>> run(renewal::Case& visit, With with = With::clerk);
  // Looks whether a key that was about to be made has been made. Where none was, the saga is planned again,
  // so that its day's rules decide.
  boost::asio::awaitable<base::Result<void>> put_off_keys(renewal::Case& visit);
  // Looks again at the card of what ended as renewed elsewhere, as long as that may show that it was not, and
  // plans it again where it was not: whether a key is made then is judged first. True: something was.
  boost::asio::awaitable<base::Result<bool>> look_again(renewal::Case& visit, bool another_day);
  // Before a case is cancelled that may have cost the card its old key: whether the card works without it.
  // True of any other case, whose card is not looked at.
  boost::asio::awaitable<base::Result<bool>> card_works_without(const renewal::Case& visit);

 private:
  // What the certificate before has brought: the day that this one may not outlive, and that the authority is
  // there.
  void follow_the_one_before(renewal::Case& visit, std::size_t index);
  boost::asio::awaitable<base::Result<void>> run_saga(renewal::Case& visit, std::size_t index, With with,
                                                      base::Date day);
  boost::asio::awaitable<base::Result<renewal::Event>> take(renewal::Case& visit, std::size_t index,
                                                            const renewal::Step& step, With with,
                                                            std::chrono::seconds& waited);
  // Whether a key may be made; of any other step nothing is asked. `day`: that of the run.
  boost::asio::awaitable<base::Result<void>> before_a_key(renewal::Case& visit, std::size_t index,
                                                          const renewal::Step& step, base::Date day,
                                                          bool& issuers_checked);
  boost::asio::awaitable<base::Result<void>> check_issuers(renewal::Case& visit, std::size_t index);
  boost::asio::awaitable<base::Result<renewal::Event>> on_the_card(renewal::Case& visit, std::size_t index,
                                                                   const renewal::Step& step);
  boost::asio::awaitable<base::Result<renewal::Event>> sign_request(HeldCards::Use& card,
                                                                    const CardTools& tools,
                                                                    const renewal::Saga& saga);
  // Where the case is given up, its certificate goes back.
  base::Result<void> give_back(renewal::Case& visit, std::size_t index);
  [[nodiscard]] renewal::Step next(const renewal::Saga& saga) const;
  base::Result<void> record(renewal::Case& visit, std::size_t index, const renewal::Event& event);
  // Keeps an answer of the authority that cannot be believed.
  base::Result<void> set_aside(renewal::Case& visit, std::size_t index, const base::Fault& why,
                               const base::Bytes& answer);

  Parts& parts_;
  HeldCards& cards_;
  Recorder& recorder_;
  const bool& stopping_;
};

}  // namespace madoguchi::counter
