#include "audit/verifier.hpp"

#include <algorithm>
#include <array>

namespace madoguchi::audit {
namespace {

constexpr std::array<std::string_view, 8> flaw_names{"altered",     "missing",   "displaced", "forged",
                                                     "another_key", "truncated", "unsealed",  "unaccounted"};
constexpr std::size_t most_told = 20;

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

}  // namespace

std::string_view name(Flaw flaw) {
  return flaw_names.at(static_cast<std::size_t>(flaw));
}

void Verifier::note(Flaw flaw, std::int64_t seq) {
  ++flaws_;
  if (problems_.size() < most_told) problems_.push_back({flaw, seq});
}

// Another key shows by itself, and no longer once it is named.
void Verifier::recall(const Entry& entry) {
  if (earlier_ == Earlier::is_passed_over || entry.what() != "audit.damaged") return;
  const auto* const found = std::find(flaw_names.begin(), flaw_names.end(), entry.get(Field::reason));
  if (found == flaw_names.end()) return;
  const auto flaw = static_cast<Flaw>(std::distance(flaw_names.begin(), found));
  if (flaw != Flaw::another_key) note(flaw, at_.seq);
}

void Verifier::take_up(const Place& place) {
  begun_at_ = place;
  at_ = place;
}

void Verifier::entry(std::string_view text, std::optional<std::int64_t> row,
                     std::optional<std::string_view> case_id) {
  ++entries_;
  const auto read = read_line(text);
  const bool as_kept = read && (!row || *row == read->after.seq) &&
                       (!case_id || *case_id == read->line.entry.get(Field::visit));
  if (!as_kept) {
    if (!begun_at_) take_up({row.value_or(1) - 1, {}});
    ++at_.seq;
    lost_ = true;
    return note(Flaw::altered, row.value_or(at_.seq));
  }
  const auto& before = read->line.before;
  if (!begun_at_) take_up(before);
  if (before.seq > at_.seq) {
    note(Flaw::missing, at_.seq + 1);
  } else if (before.seq < at_.seq || (!lost_ && before.hash != at_.hash)) {
    note(Flaw::displaced, read->after.seq);
  }
  lost_ = false;
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
  // What was pruned meanwhile is gone rightly.
  if (place.seq > at_.seq) {
    at_ = place;
    lost_ = false;
  }
}

void Verifier::seal(const Place& place) {
  sealed_ = place.seq;
  if (place.seq > at_.seq) {
    note(Flaw::truncated, at_.seq + 1);
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
    note(Flaw::unsealed, sealed_.value_or(from) + 1);
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
