// Goes through a chain, a store's or an export's, and says what is wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/chain.hpp"
#include "audit/statement.hpp"

namespace madoguchi::audit {

enum class Flaw : std::uint8_t {
  altered,      // a line is not what was written
  missing,      // entries that stood there are gone
  displaced,    // a line does not follow on the one before it
  forged,       // a statement's signature is not one
  another_key,  // a statement is signed with a key that was not named
  truncated,    // a statement knows of entries behind the last one
  unsealed,     // entries that no statement covers
  unaccounted,  // the store has cases that no entry is about
  unproven,     // a start found no good signature over them, and the log has gone on from there
  pruned,      // let go, says a signed base, in the middle of an export; or somebody put it where others were
  unreadable,  // the disk did not give back what the store has from here on; never told of an export
};
std::string_view name(Flaw flaw);

struct Problem {
  Flaw flaw{};
  std::int64_t seq = 0;      // at which it shows, or the first of those that it is about
  std::int64_t through = 0;  // the last of those; 0 where it is one
  bool operator==(const Problem&) const = default;
};

// Whether what an `audit.damaged` tells of leaves all before it without a signature. The head that was found
// stands in it, and is as good as ever once the key that has signed it is named. `behind`: where the chain
// stood before that start's first entry.
bool leaves_unproven(const Entry& damaged, const Place& behind, const std::vector<PublicKey>& keys);

// What a start has found, and has entered (`audit.damaged`): new statements cover what follows, so that
// nothing else would tell of it any more. Whoever only asks whether these lines are all there passes it over.
enum class Earlier : std::uint8_t { counts, is_passed_over };

class Verifier {
 public:
  // With the keys that statements may be signed with. The chain is taken up where its first line or statement
  // says that it begins: whoever knows where that must be asks begun_at().
  explicit Verifier(std::vector<PublicKey> keys, Earlier earlier = Earlier::counts)
      : keys_(std::move(keys)), earlier_(earlier) {}

  // One entry; `row` and `case_id`: what its keeper has apart of it.
  void entry(std::string_view text, std::optional<std::int64_t> row = {},
             std::optional<std::string_view> case_id = {});
  // A statement where it stands among the entries.
  void statement(std::string_view text);
  // Either, as an export has them.
  void line(std::string_view text);
  // At an export's end: an entry behind the last statement is one that anybody may have put there, or cut
  // off.
  void end();

  // A store's chain begins where its base says, or with the first entry; it ends where its head says.
  void begin_store(std::string_view base);
  void end_store(std::string_view head);
  // How many cases the store has that were opened since its first entry and that no entry is about. Called
  // last.
  void without_entries(std::int64_t cases);

  // The first few; how many there are is in flaws().
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
  [[nodiscard]] std::int64_t flaws() const { return flaws_; }
  [[nodiscard]] std::int64_t entries() const { return entries_; }
  // Where it was taken up; the end of what was gone through.
  [[nodiscard]] const std::optional<Place>& begun_at() const { return begun_at_; }
  [[nodiscard]] std::int64_t last() const { return at_.seq; }

 private:
  void note(Flaw flaw, std::int64_t seq, std::int64_t through = 0);
  void take_up(const Place& place);
  bool check_signature(const Statement& statement);
  void seal(const Place& place);
  void check_sealed();
  void recall(const Entry& entry);

  std::vector<PublicKey> keys_;
  Earlier earlier_;
  std::vector<Problem> problems_;
  std::int64_t flaws_ = 0;
  std::int64_t entries_ = 0;
  std::optional<Place> begun_at_;
  Place at_;
  bool lost_ = false;  // the line before could not be read: what it led to is not known
  std::optional<std::int64_t> sealed_;
  Place before_found_;            // where the chain stood before the start's findings that are gone through
  std::int64_t unproven_to_ = 0;  // told already
};

}  // namespace madoguchi::audit
