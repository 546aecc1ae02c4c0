#include "audit/verifier.hpp"

#include <algorithm>
#include <array>

namespace madoguchi::audit {
namespace {

constexpr std::array<std::string_view, 11> flaw_names{"altered",     "missing",   "displaced", "forged",
                                                      "another_key", "truncated", "unsealed",  "unaccounted",
                                                      "unproven",    "pruned",    "unreadable"};
constexpr std::size_t most_told = 20;
constexpr std::string_view damage_entered = "audit.damaged";

// Each start names the key that it goes on with: a change of it shows there also once all that is signed is
// signed with the new one.
bool starts_with_another(const Entry& entry, const std::vector<PublicKey>& keys) {
  if (keys.empty() || entry.what() != "daemon.started" || entry.get(Field::key).empty()) return false;
  return std::none_of(keys.begin(), keys.end(),
                      [&](const PublicKey& key) { return key.id() == entry.get(Field::key); });
}

// A machine starts each morning, and each start signs: one change of the key is one flaw.
bool just_told(const std::vector<Problem>& problems) {
  return !problems.empty() && problems.back().flaw == Flaw::another_key;
}

std::optional<Flaw> told_by(const Entry& damaged) {
  if (damaged.what() != damage_entered) return std::nullopt;
  const auto* const found = std::find(flaw_names.begin(), flaw_names.end(), damaged.get(Field::reason));
  if (found == flaw_names.end()) return std::nullopt;
  return static_cast<Flaw>(std::distance(flaw_names.begin(), found));
}

// A head that is none, or is of another chain.
bool is_of_the_head(Flaw flaw) {
  return flaw == Flaw::another_key || flaw == Flaw::forged || flaw == Flaw::unsealed ||
         flaw == Flaw::displaced;
}

}  // namespace

bool leaves_unproven(const Entry& damaged, const Place& behind, const std::vector<PublicKey>& keys) {
  const auto flaw = told_by(damaged);
  if (!flaw || !is_of_the_head(*flaw)) return false;
  const auto text = damaged.get(Field::head);
  // Of an older version, which kept no head; a missing one is told as `unsealed`.
  if (flaw == Flaw::another_key && text.empty()) return false;
  const auto head = read_statement(text);
  return !head || head->purpose != Purpose::head || head->place != behind || !signed_by_any(*head, keys);
}

std::string_view name(Flaw flaw) {
  return flaw_names.at(static_cast<std::size_t>(flaw));
}

void Verifier::note(Flaw flaw, std::int64_t seq, std::int64_t through) {
  ++flaws_;
  if (problems_.size() < most_told) problems_.push_back({flaw, seq, through > seq ? through : 0});
}

void Verifier::recall(const Entry& entry) {
  if (earlier_ == Earlier::is_passed_over) return;
  const auto flaw = told_by(entry);
  if (!flaw) return;
  if (!is_of_the_head(*flaw)) return note(*flaw, at_.seq);
  // Whose signature it was is nothing to ask without keys.
  if (keys_.empty() || !leaves_unproven(entry, before_found_, keys_)) return;
  const auto to = before_found_.seq;
  // A checkpoint between vouches for what stands before it.
  if (sealed_.value_or(-1) >= to || unproven_to_ >= std::max<std::int64_t>(to, 1)) return;
  const auto known = std::max({begun_at_->seq, sealed_.value_or(0), unproven_to_});
  // Also where they are gone by now: their times, by which they went, may have been anybody's as well.
  note(Flaw::unproven, std::min(known + 1, to), to);
  unproven_to_ = to;
}

void Verifier::take_up(const Place& place) {
  begun_at_ = place;
  at_ = place;
}

void Verifier::entry(std::string_view text, std::optional<std::int64_t> row,
                     std::optional<std::string_view> case_id) {
  ++entries_;
  // A base says that it is gone, and so it has been put there since.
  if (row && begun_at_ && *row <= begun_at_->seq) return note(Flaw::altered, *row);
  const auto read = read_line(text);
  const bool as_kept = read && (!row || *row == read->after.seq) &&
                       (!case_id || *case_id == read->line.entry.get(Field::visit));
  if (!as_kept) {
    if (!begun_at_) take_up({std::max<std::int64_t>(row.value_or(1), 1) - 1, {}});
    // In no entry's place.
    if (row && *row <= at_.seq) return note(Flaw::altered, *row);
    ++at_.seq;
    lost_ = true;
    return note(Flaw::altered, row.value_or(at_.seq));
  }
  const auto& before = read->line.before;
  if (!begun_at_) take_up(before);
  if (before.seq > at_.seq) {
    note(Flaw::missing, at_.seq + 1, before.seq);
  } else if (before.seq < at_.seq || (!lost_ && before.hash != at_.hash)) {
    note(Flaw::displaced, read->after.seq);
  }
  lost_ = false;
  if (read->line.entry.what() != damage_entered) {
    before_found_ = read->after;
  } else if (entries_ == 1) {
    before_found_ = before;
  }
  at_ = read->after;
  if (!just_told(problems_) && starts_with_another(read->line.entry, keys_)) note(Flaw::another_key, at_.seq);
  recall(read->line.entry);
}

bool Verifier::check_signature(const Statement& statement) {
  const auto named = [&](const PublicKey& key) { return key.id() == statement.key; };
  const auto key = std::find_if(keys_.begin(), keys_.end(), named);
  if (key == keys_.end()) {
    if (!just_told(problems_)) note(Flaw::another_key, statement.place.seq);
    return false;
  }
  if (signed_by(statement, *key)) return true;
  note(Flaw::forged, statement.place.seq);
  return false;
}

void Verifier::statement(std::string_view text) {
  const auto read = read_statement(text);
  if (!read || read->purpose == Purpose::head) return note(Flaw::forged, at_.seq);
  if (!check_signature(*read)) return;
  const auto& place = read->place;
  if (!begun_at_) take_up(place);
  if (read->purpose == Purpose::checkpoint) return seal(place);
  // An export that goes on behind it lacks what was pruned meanwhile. It may be as rightly gone as the base
  // says, or be a piece that somebody has cut out and put a later export's base there.
  if (place.seq > at_.seq) {
    note(Flaw::pruned, at_.seq + 1, place.seq);
    at_ = place;
    before_found_ = place;
    lost_ = false;
  }
}

void Verifier::seal(const Place& place) {
  sealed_ = place.seq;
  if (place.seq > at_.seq) {
    note(Flaw::truncated, at_.seq + 1, place.seq);
  } else if (place.seq < at_.seq || (!lost_ && place.hash != at_.hash)) {
    note(Flaw::displaced, place.seq);
  }
}

void Verifier::line(std::string_view text) {
  if (is_statement(text)) return statement(text);
  entry(text);
}

void Verifier::check_sealed() {
  const auto from = begun_at_ ? begun_at_->seq : 0;
  if (sealed_.value_or(from) < at_.seq || (!sealed_ && entries_ == 0))
    note(Flaw::unsealed, sealed_.value_or(from) + 1, at_.seq);
}

void Verifier::end() {
  check_sealed();
}

void Verifier::begin_store(std::string_view base) {
  if (base.empty()) return take_up({});
  const auto read = read_statement(base);
  if (!read || read->purpose != Purpose::base) return note(Flaw::forged, 0);
  if (check_signature(*read)) take_up(read->place);
}

void Verifier::end_store(std::string_view head) {
  const auto read = read_statement(head);
  if (head.empty() || !read || read->purpose != Purpose::head) {
    if (!head.empty()) note(Flaw::forged, at_.seq);
    if (!head.empty() || entries_ > 0) check_sealed();
    return;
  }
  if (check_signature(*read)) {
    seal(read->place);
    check_sealed();
  }
}

void Verifier::without_entries(std::int64_t cases) {
  if (cases > 0) note(Flaw::unaccounted, at_.seq);
}

}  // namespace madoguchi::audit
