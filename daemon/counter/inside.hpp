// The desk's inside, shared by the files that carry out its calls.
#pragma once

#include "authority/terminal.hpp"
#include "counter/desk.hpp"
#include "gate.hpp"
#include "held_cards.hpp"
#include "recorder.hpp"
#include "runner.hpp"

namespace madoguchi::counter {

// Both, as far as nothing but what is verified in this session is needed: the signature certificate is left
// out while its PIN is not. nullopt: the card has none.
using Certificates = std::map<mynumber::CertificateName, std::optional<mynumber::Certificate>>;
base::Result<Certificates> read_open_certificates(smartcard::Channel& card, mynumber::CardState& state,
                                                  const mynumber::CardProfile& profile);

// A PIN that has matched, and the certificate that nothing but it opens.
struct Opened {
  int tries = 0;
  std::optional<mynumber::Certificate> signature;
};
// An absent or damaged one is no reason to fail the PIN.
Opened opened_by(mynumber::PinName pin, int tries, smartcard::Channel& card, mynumber::CardState& state,
                 const mynumber::CardProfile& profile);

// What the card shows of those that were handed over to the official terminal.
using Looks = std::map<mynumber::CertificateName, authority::terminal::Look>;
// And what that is for a case that is told otherwise.
enum class HandOver : std::uint8_t { not_looked_at, withdrawn, unread, changed };

struct Desk::Inside {
  explicit Inside(Parts given)
      : parts(std::move(given)),
        gate(parts.loop),
        cards(parts),
        recorder(parts),
        runner(parts, cards, recorder, stopping) {}

  Parts parts;
  bool stopping = false;
  std::size_t under_way = 0;
  Gate gate;
  HeldCards cards;
  Recorder recorder;
  Runner runner;
  // Those that have left a question unanswered, and until when nobody waits for them unasked.
  std::map<authority::StatusInquiry*, std::chrono::steady_clock::time_point> silent;

  // Looks at the card on the case's reader, makes sure that it is the case's, and keeps what it says; and
  // with `ask_status`, what is said of its certificates.
  // `comes_again`: it is looked at for the second visit that is received now.
  Later<void> look_at_card(renewal::Case& visit, AskStatus ask_status, bool comes_again);
  // The same of the card that the case holds: reads only what drops none of the rights gained there.
  Later<void> look_again(renewal::Case& visit, AskStatus ask_status);
  boost::asio::awaitable<Statuses> statuses(std::map<mynumber::CertificateName, base::Bytes> certificates,
                                            AskStatus how);
  boost::asio::awaitable<void> learn_standing(renewal::Case& visit,
                                              std::map<mynumber::CertificateName, mynumber::Certificate> read,
                                              AskStatus how);
  // Decides anew from `facts`; the case gets the facts with their defaults, the decision and its state. A
  // certificate that the rules would have issued and the card has none of is left out, and said to be so.
  base::Result<void> decide(renewal::Case& visit);
  base::Result<Decided> by_its_policy(const renewal::Case& visit, const boost::json::object& facts);
  // Of a case that has begun, once its card is there: a key that was about to be made and is not on it is put
  // off, so that who has come, and today's rules, decide about it. The reader is let go as it was found.
  Later<void> put_off_unmade_keys(renewal::Case& visit, std::string reader);
  // The case as it would be decided now: with what the card says, which PINs are locked, and received anew
  // where that is on another day.
  renewal::Case as_of_now(const renewal::Case& visit, const boost::json::object& seen);

  struct TakenUp {
    Gate::Pass pass;
    renewal::Case visit;
  };
  // A PIN's case, in its turn. pin.malformed before that, reader.busy when other work on the case takes
  // longer than a PIN may wait, conflict for whoever has given up.
  Later<TakenUp> take_up(const PinRequest& request);
  Later<PinReply> check_pin(renewal::Case visit, PinRequest request);
  // A case that needed a person for its PINs alone goes on once the card has been given all that it wants.
  static void pins_are_there(renewal::Case& visit, const HeldCards::Use& card);
  // Makes the outcome durable before anything else can fail or anybody is asked, then asks the authority
  // about what the PIN has opened, and decides anew.
  struct Check {
    mynumber::PinName pin{};
    Note outcome;
    Opened opened;
    AskStatus ask_status = AskStatus::never;
  };
  Later<void> settle_check(renewal::Case& visit, Check check);
  Later<void> decide_after(renewal::Case& visit, Check check);
  // The same of the rest of a case that has begun.
  base::Result<void> decide_rest_after(renewal::Case& visit, mynumber::PinName pin);
  // conflict unless the rules allow it: as decided, or once issuing has begun, as they would now.
  base::Result<void> may_reset(const renewal::Case& visit, mynumber::PinName pin);
  Later<PinReply> set_pin(renewal::Case visit, PinRequest request, CardTools tools);
  // conflict where a new case says that it is a second visit: both visits are one case, named as far as it is
  // known by its card.
  base::Result<void> refuse_second_visit(const renewal::Case& visit);
  // The same where an update makes it one, of a case that has had no first.
  base::Result<void> refuse_second_visit(const renewal::Case& as_it_was, const renewal::Case& visit);
  // Cases with the same card that have begun and not ended, or wait for a second visit, other than this one.
  struct Others {
    std::vector<std::string> sound{};
    std::vector<std::string> damaged{};  // cannot be read, and so neither gone on with nor cancelled
  };
  base::Result<Others> unfinished_with_the_card_of(const renewal::Case& visit);
  // conflict (details.unfinished; details.case is the first; details.damaged those among them that cannot be
  // read) when there are some that no clerk has decided to pass over, by naming them now or before.
  base::Result<void> refuse_beside_another(renewal::Case& visit, const std::vector<std::string>& named = {});
  // The parts of Desk::update(), see update.cpp: what is told is taken in, as far as it still may be; then a
  // case is decided anew, or what is left of one that has begun.
  base::Result<void> take_in(renewal::Case& visit, const UpdateRequest& request, HandOver handed);
  base::Result<void> decide_update(const renewal::Case& as_it_was, renewal::Case& visit,
                                   const UpdateRequest& request, std::vector<Note>& notes);
  base::Result<void> decide_update_of_rest(renewal::Case& visit, const UpdateRequest& request,
                                           HandOver handed);
  // conflict when the rules would decide otherwise today, or with what the card says now, than they did;
  // tells what. policy.blocked when they leave to the clerk what they have not before.
  base::Result<void> still_as_decided(renewal::Case& visit, const boost::json::object& seen);
  // The same of what no key has been made for, once the rest of the case is under way or done.
  base::Result<void> rest_still_as_decided(const renewal::Case& visit);
  // Would the rules of now make another key, where one was given up or lost, for what was decided?
  // pin_required before each PIN of theirs was entered today, or set anew.
  base::Result<bool> other_keys_as_decided(const renewal::Case& visit);
  // The case with its rest as it would be decided now, and by that alone.
  base::Result<renewal::Case> rest_as_of_now(const renewal::Case& visit);
  // Shows what is decided now about the rest, and takes it over where it can be done. Otherwise nothing is
  // changed but the decision that is shown, and the issuing refuses the rest.
  base::Result<void> decide_rest_anew(renewal::Case& visit);
  // The PINs that the rules would have initialised now, those of certificates that are half done and those
  // that were locked meanwhile too.
  boost::json::array resets_of_what_is_not_done(const renewal::Case& visit);
  // Of a case that has begun, with `told` merged: whether these are facts.
  base::Result<void> keep_as_told(renewal::Case& visit, const boost::json::object& told);
  base::Result<void> same_written_today(const renewal::Case& visit);
  // Judges a case that has begun before it goes on: nothing that has not touched the card goes on unasked. On
  // another day than it was decided for, a case of which nothing has is as if it had not begun.
  base::Result<void> of_today(renewal::Case& visit);
  // What only the card says comes before that: a key that was about to be made, or a verdict that it
  // contradicts by now.
  Later<void> look_before_judging(renewal::Case& visit, bool another_day, std::string staff);
  Later<void> prepare_sagas(renewal::Case& visit);
  // The terminal's channel, see terminal.cpp and terminal_back.cpp.
  Later<renewal::Case> issue_at_terminal(renewal::Case visit, std::string staff, Acceptance accepted);
  // `notes`: of what has led to it, recorded with it.
  Later<renewal::Case> hand_over(renewal::Case visit, std::string staff, std::vector<Note> notes);
  Later<renewal::Case> take_back(renewal::Case visit, std::string staff, Acceptance accepted);
  // The card's certificates now, once they are those that the case was decided for.
  Later<Certificates> still_the_same_card(renewal::Case& visit, const std::string& staff);
  // conflict, once it is recorded and decided anew by what the card says now.
  base::Fault renewed_elsewhere(renewal::Case& visit, mynumber::CertificateName which,
                                boost::json::object seen, const std::string& staff);
  Later<Looks> look_after_terminal(const renewal::Case& visit);
  // Before a case that was handed over is cancelled: conflict when its card is not as it was.
  Later<void> make_sure_nothing_was_done(renewal::Case& visit, const std::string& staff,
                                         std::vector<Note>& notes);
  // A hand-over holds for its day and its visitor: before a case is told otherwise, its card, named with the
  // update, is looked at, and what it shows that nothing was done about is the counter's again.
  Later<HandOver> withdraw_hand_over(renewal::Case& visit, const UpdateRequest& request,
                                     std::vector<Note>& notes);
  // Shows what is decided by what was told while the card is away; the hand-over stands until the card shows
  // that it may be withdrawn.
  base::Result<void> decide_handed_over_anew(renewal::Case& visit, HandOver seen = HandOver::not_looked_at);
  // Of what came back on another day, or is decided otherwise by now: whether the rest goes there again.
  base::Result<void> hand_over_rest(renewal::Case& visit, const Looks& looks, const std::string& staff,
                                    std::vector<Note>& notes);
  // Cases of the same card that wait, e.g. for a second visit, have nothing to wait for any more once another
  // has renewed it.
  boost::asio::awaitable<void> tell_those_that_wait(const renewal::Case& done);
  boost::asio::awaitable<void> renewed_in_another(std::string id, const renewal::Case& done);
  // Records that the case is, and tells the authority what it is to be told of that, as far as it listens.
  Later<renewal::Case> give_up(renewal::Case visit, boost::json::object note);
  // Ends a case that has been served and has nothing to issue.
  base::Result<renewal::Case> complete(renewal::Case visit, const std::string& staff);
  // Runs the sagas and settles the case; `note` goes into the journal.
  Later<renewal::Case> go_on(renewal::Case visit, Runner::With with, boost::json::object note);
  base::Result<renewal::Case> settle(renewal::Case visit, Runner::With with, boost::json::object note,
                                     std::optional<base::Fault> fault);

  Later<boost::json::value> call_about_case(PluginCall request);
  base::Result<boost::json::value> call_about_itself(const PluginCall& request);

  // See Desk::resume().
  boost::asio::awaitable<void> apart(std::string id, boost::asio::awaitable<void> work);
  boost::asio::awaitable<void> settle_with_plugins();
  boost::asio::awaitable<void> settle_one(std::string id);
  base::Result<std::vector<std::string>> waiting_cases();
  boost::asio::awaitable<void> resume_one(std::string id);
};

// Counts a call that is under way.
class UnderWay {
 public:
  explicit UnderWay(std::size_t& count) : count_(count) { ++count_; }
  ~UnderWay() { --count_; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  std::size_t& count_;
};

base::Fault refuse_shutting_down();

// conflict (details.refused: pointers, details.call) where `told` would change what is settled once issuing
// has begun: everything but the papers, the PINs, the office and the time, and as long as a key
// may yet have to be made and none is in doubt, who has come.
// The way out is that of the case, or of what a look at a card that was handed over has shown.
base::Result<void> may_still_be_told(const Parts& parts, const renewal::Case& visit,
                                     const boost::json::object& told, HandOver seen);
// The same of a visitor whom no fact tells apart from the one before.
base::Result<void> another_may_have_come(const Parts& parts, const renewal::Case& visit);
// Is the rest of a case that has begun to be judged once more on the day that it was decided on? It is where
// it was decided so that it is not done, or not before a PIN is set anew or has matched; and where it was put
// off or another key is to be made: while nobody knew of it, others may have come than it was decided for.
bool rest_to_be_judged(const renewal::Case& visit);

// The journal's note of a certificate that is handed over to the official terminal.
Note handed_over_note(const renewal::Case& visit, const renewal::Saga& saga, const std::string& staff);
// Takes what the card shows into the case, with the journal's notes of it (terminal_back.cpp).
base::Result<std::vector<Note>> take_in_looks(renewal::Case& visit, const Looks& looks, base::Instant now,
                                              const std::string& staff, const Acceptance& accepted);
// What can be is taken out of the terminal's hands by the last look; false: nothing.
bool withdraw(renewal::Case& visit, const std::string& staff, std::vector<Note>& notes);
// Why what was handed over cannot be told otherwise, and what to do; empty where nothing was.
boost::json::object way_out_of_hand_over(const renewal::Case& visit, HandOver seen);
// pin_required for one that nobody has looked at, though it is decided anew beside one that is done.
base::Result<void> looked_at_today(const renewal::Case& visit);
// conflict for what is as it was handed over, and is not done as decided now.
base::Fault update_first(const renewal::Case& visit);
// Was it decided since it was handed over that it is not done today?
bool decided_otherwise(const renewal::Case& visit);

bool is_a_second_visit(const boost::json::object& facts);

// policy.blocked (details.call: cases.update) when `decision` leaves to the clerk what `before` has not: only
// an update takes a reason.
base::Result<void> left_to_the_update(const renewal::Case& visit, const boost::json::object& before,
                                      const boost::json::object& decision);

// Among its like: a decision's findings begin with the most severe.
void add_advice(boost::json::object& decision, boost::json::object finding);

// What the card holds instead of what the case had read of it, for the journal; kept with the case, so that
// each decision from then on tells of it.
std::vector<Note> note_what_was_replaced(const boost::json::object& before, renewal::Case& visit,
                                         const std::string& staff);

// What the clerk and the holder have been told and would be done otherwise.
boost::json::object changed_between(const boost::json::object& was, const boost::json::object& now);
// Nobody who asks for the issuing has named the facts: where the rules of another day do not know one of them
// any more, e.g. an office that has another name, it is a conflict that an update mends.
base::Fault no_longer_sound(const renewal::Case& visit, base::Fault why);

// Of a case that has begun, which a PIN does not decide: it need not be set anew any more.
void known_again(renewal::Case& visit, mynumber::PinName pin);

// What the journal keeps of a request with a PIN.
boost::json::object note_for(const PinRequest& request);
// The journal's word for how a check of a PIN has failed: "pin.not_sent" where no try can have been used,
// since the job that had it says that it had not `begun` with it or how it ended before it was sent;
// "pin.unclear" where nobody knows.
std::string_view record_for(const base::Fault& fault, bool begun);
// conflict for whoever has given up: nothing was sent.
base::Result<void> still_wanted(const PinRequest& request);

}  // namespace madoguchi::counter
