#include "sqlite/look_back.hpp"

#include <algorithm>

namespace madoguchi::storage {
namespace {

// Of one row's page; doubled while the next one is lost as well, so that no hole takes for ever.
constexpr std::int64_t first_step = 16;

}  // namespace

std::optional<audit::ReadLine> finding_in(std::string_view line) {
  // Most are not, and to read one takes long.
  if (line.find(R"("what":"audit.damaged")") == std::string_view::npos) return std::nullopt;
  auto read = audit::read_line(line);
  if (!read) return std::nullopt;
  return std::move(*read);
}

void LookBack::row(std::int64_t seq, std::string_view line) {
  if (seq > to_) return end();
  since_ = seq;
  step_ = 0;
  if (!first_) first_ = seq;
  const auto read = finding_in(line);
  if (!read) return;
  if (read->line.before.seq != run_ends_ || run_ends_ == 0) behind_ = read->line.before;
  run_ends_ = read->after.seq;
  if (!audit::leaves_unproven(read->line.entry, behind_, keys_)) return;
  unproven_ = {audit::Flaw::unproven, std::min(*first_, behind_.seq), 0};
  if (behind_.seq > unproven_->seq) unproven_->through = behind_.seq;
}

void LookBack::not_read() {
  if (!unreadable_) unreadable_ = {audit::Flaw::unreadable, since_ + 1, 0};
  if (!first_) first_ = since_ + 1;
  step_ = step_ == 0 ? first_step : step_ * 2;
  since_ = to_ - since_ > step_ ? since_ + step_ : to_;
}

std::vector<audit::Problem> LookBack::found() const {
  std::vector<audit::Problem> problems;
  for (const auto& problem : {unreadable_, unproven_})
    if (problem) problems.push_back(*problem);
  return problems;
}

}  // namespace madoguchi::storage
