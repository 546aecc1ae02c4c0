// Which case holds which reader's card, and what is verified on it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "counter/parts.hpp"
#include "gate.hpp"
#include "mynumber/card.hpp"
#include "on_card.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

// A card in use. `state` belongs to the reader's thread while a job runs and to the loop between jobs.
struct Held {
  explicit Held(boost::asio::io_context& loop) : idle(loop) {}
  std::unique_ptr<smartcard::Lease> lease;
  std::shared_ptr<mynumber::CardState> state = std::make_shared<mynumber::CardState>();
  std::string reader;
  std::string case_id;
  boost::asio::steady_timer idle;
  bool in_use = false;
};

class HeldCards {
 public:
  explicit HeldCards(Parts& parts) : parts_(parts), glances_(parts.loop) {}

  // One call's use of a held card. While it lives the idle clock stands still; afterwards the card stays held
  // for Parts::hold, unless it was lost meanwhile.
  class Use {
   public:
    Use(HeldCards& cards, std::shared_ptr<Held> held) : cards_(&cards), held_(std::move(held)) {
      held_->in_use = true;
    }
    Use(Use&& other) noexcept = default;
    Use& operator=(Use&&) = delete;
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() {
      if (held_) cards_->rest(held_);
    }

    // Runs `work(Channel&, CardState&) -> Result<T>`. A fault that means the card's session is over ends the
    // hold.
    template <class T, class Work>
    boost::asio::awaitable<base::Result<T>> work(Work job,
                                                 std::optional<std::chrono::milliseconds> deadline = {}) {
      auto bound = [state = held_->state, job = std::move(job)](smartcard::Channel& card) {
        return job(card, *state);
      };
      base::Result<T> result = co_await on_card<T>(
          *held_->lease, deadline.value_or(cards_->parts_.card_deadline), std::move(bound));
      if (!result && session_over(result.error().code)) cards_->forget(held_);
      co_return result;
    }
    [[nodiscard]] bool verified(mynumber::PinName pin) const { return held_->state->is_verified(pin); }

   private:
    HeldCards* cards_;
    std::shared_ptr<Held> held_;
  };

  // While it lives, the case's card is not idle, whatever else the case waits for.
  class Working {
   public:
    Working(HeldCards& cards, std::string case_id) : cards_(cards), case_id_(std::move(case_id)) {
      cards_.working_.insert(case_id_);
    }
    Working(const Working&) = delete;
    Working& operator=(const Working&) = delete;
    ~Working() { cards_.work_ended(case_id_); }

   private:
    HeldCards& cards_;
    std::string case_id_;
  };

  // The case's hold on its reader: the one that it has, or a new one after making sure that this is the
  // case's card. card.different or card.unknown otherwise, reader.busy while another case holds it, conflict
  // for a case without a reader.
  boost::asio::awaitable<base::Result<Use>> hold(const renewal::Case& visit);
  // A look at the card that leaves nothing behind. `work` as in Use::work().
  template <class T, class Work>
  boost::asio::awaitable<base::Result<T>> look(std::string reader, Work job,
                                               std::optional<std::chrono::milliseconds> deadline = {}) {
    if (glancing_.contains(reader)) co_await glances_.enter(reader);
    if (by_reader_.contains(reader)) co_return base::make_fault(base::Code::reader_busy, "held by a case");
    auto lease = take_lease(reader);
    if (!lease) co_return lease.error();
    auto bound = [state = std::make_shared<mynumber::CardState>(),
                  job = std::move(job)](smartcard::Channel& card) { return job(card, *state); };
    base::Result<T> result =
        co_await on_card<T>(**lease, deadline.value_or(parts_.card_deadline), std::move(bound));
    co_return result;
  }
  // A look that nobody has asked this reader for, so that nobody is refused because of it: whoever wants the
  // reader meanwhile waits for its end.
  boost::asio::awaitable<base::Result<mynumber::CardKind>> glance(std::string reader);
  // A look that somebody has asked for, at what can be known without a PIN.
  boost::asio::awaitable<base::Result<mynumber::Inspection>> inspect(std::string reader);
  // Of the card that lies there now, when a look has told it since it was put there.
  [[nodiscard]] std::optional<mynumber::CardKind> kind_on(const smartcard::ReaderStatus& reader) const;
  // Whether PINs can be entered at the reader's own keys, as far as a card on it has told.
  [[nodiscard]] bool has_pad(const std::string& reader) const;
  [[nodiscard]] bool holds(const renewal::Case& visit) const;
  [[nodiscard]] bool working(const std::string& case_id) const { return working_.contains(case_id); }
  [[nodiscard]] bool held(const std::string& reader) const { return by_reader_.contains(reader); }
  // Ends whatever hold the case has: the card forgets its PINs.
  void release(const std::string& case_id);
  // The same of the case's holds on other readers than the one that it has now.
  void release_all_but(const renewal::Case& visit);
  // The card was taken away: a hold that nobody uses just now is over. One in use ends by its own failing
  // job.
  void card_gone(const std::string& reader);
  void release_all() { by_reader_.clear(); }

 private:
  static bool session_over(base::Code code);
  // A name that no reader has is a reader that is not there: unplugged, as far as a clerk can tell.
  base::Result<std::unique_ptr<smartcard::Lease>> take_lease(const std::string& reader);
  [[nodiscard]] std::optional<smartcard::ReaderStatus> status_of(const std::string& reader) const;
  // The number of the card that lies there, to be asked before a look: another one may lie there after it.
  [[nodiscard]] std::uint32_t card_count(const std::string& reader) const;
  void rest(const std::shared_ptr<Held>& held);
  void forget(const std::shared_ptr<Held>& held);
  void work_ended(const std::string& case_id);

  Parts& parts_;
  std::set<std::string> working_;  // cases
  std::map<std::string, std::shared_ptr<Held>> by_reader_;
  struct KnownKind {
    std::uint32_t card_count;
    mynumber::CardKind kind;
  };
  std::map<std::string, KnownKind> kinds_;  // by reader
  Gate glances_;                            // by reader
  std::set<std::string> glancing_;          // readers
};

}  // namespace madoguchi::counter
