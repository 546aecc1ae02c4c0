#include "decider.hpp"

#include <algorithm>

#include "extension/requests.hpp"
#include "policy/contribution.hpp"
#include "policy/explain.hpp"
#include "policy/facts.hpp"
#include "policy/in_force.hpp"
#include "policy_health.hpp"
#include "station/pins_of_card.hpp"

namespace madoguchi::app {

using base::Code;
using base::make_fault;

namespace {

// Each may have processes of its own; the others are let in again when they are asked for.
constexpr std::size_t most_kept = 2;

settings::Complaint as_complaint(const extension::SectionRemark& remark) {
  return {remark.origin.file, {remark.origin.line, remark.origin.column}, remark.key, remark.message};
}

base::Fault refused(const std::vector<std::string>& refusals) {
  std::string all;
  boost::json::array listed;
  for (const auto& refusal : refusals) {
    all.append(all.empty() ? "" : "; ").append(refusal);
    listed.emplace_back(refusal);
  }
  return make_fault(Code::plugin_failed, std::move(all), {{"complaints", std::move(listed)}});
}

boost::json::array names_and_versions(const extension::Plugins& plugins) {
  boost::json::array all;
  for (const auto& plugin : plugins.list()) {
    const auto& one = plugin.as_object();
    const auto* version = one.if_contains("version");
    all.push_back(boost::json::object{{"name", one.at("name")},
                                      {"version", version == nullptr ? boost::json::value() : *version}});
  }
  return all;
}

// The day of the visit chooses the version; a time that is none is complained about by whichever is asked.
base::Date day_of(const boost::json::object& facts, base::Instant received) {
  const auto* at = facts.if_contains("at");
  const auto told =
      at != nullptr && at->is_string() ? base::parse_time(std::string_view(at->get_string())) : std::nullopt;
  return base::date_in_japan(told.value_or(received));
}

}  // namespace

base::Result<std::unique_ptr<Decider>> Decider::make(std::filesystem::path path,
                                                     extension::HostConfig plugins, base::Log& log,
                                                     Start start) {
  std::unique_ptr<Decider> decider(new Decider(std::move(path), std::move(plugins), log, start));
  if (const auto begun = decider->begin(start); !begun) return begun.error();
  return decider;
}

base::Result<void> Decider::begin(const Start& start) {
  auto read = read_policy(path_);
  // As a reload would refuse them: files of a later day must not displace what serves today.
  const auto day = base::date_in_japan(start.now);
  const auto today = read ? read->book.on(day) : read.error();
  if (read && !today && kept_one_is_in_force(day)) {
    if (start.strict) return today.error();
    const auto begun = begin_with_kept(today.error(), start.now);
    if (begun) return begun;
    log_.write(base::Level::error, "policy.kept_refused", {{"why", base::describe(begun.error())}});
  }
  auto candidate = read ? let_plugins_in(read->book) : read.error();
  if (!candidate) {
    if (start.strict || archive_ == nullptr) return candidate.error();
    return begin_with_kept(candidate.error(), start.now);
  }
  in_force_ = std::move(candidate->all);
  notices_ = std::move(candidate->notices);
  refusals_ = std::move(candidate->refusals);
  if (!refusals_.empty()) {
    if (start.strict) return refused(refusals_);
    return {};
  }
  if (!today) return {};
  // A disk that is full is no reason not to serve: the store says so too, and a later reload keeps it.
  if (const auto stored = keep(*read, in_force_); !stored) {
    log_.write(base::Level::error, "policy.not_kept", {{"why", base::describe(stored.error())}});
  }
  return {};
}

bool Decider::kept_one_is_in_force(base::Date day) const {
  if (archive_ == nullptr) return false;
  const auto last = archive_->last_accepted();
  if (!last || last->source.path != path_.string()) return false;
  const auto book = load_policy(last->source);
  return book && book->on(day);
}

// The files are refused: what was last accepted goes on.
base::Result<void> Decider::begin_with_kept(const base::Fault& refused, base::Instant now) {
  const auto with = [&](const std::string& why) {
    auto fault = refused;
    fault.inner += "\n" + why;
    return fault;
  };
  const auto last = archive_->last_accepted();
  if (!last) return with("no policy accepted earlier stands in: " + base::describe(last.error()));
  if (last->source.path != path_.string()) {
    return with("the policy accepted last is of another place: " + last->source.path);
  }
  auto book = load_policy(last->source);
  auto candidate = book ? let_plugins_in(std::move(*book)) : book.error();
  if (!candidate) {
    return with("the policy accepted last does not stand in: " + base::describe(candidate.error()));
  }
  in_force_ = std::move(candidate->all);
  notices_ = std::move(candidate->notices);
  refusals_ = std::move(candidate->refusals);
  trouble_ = Trouble{refused, now, true};
  log_.write(base::Level::error, "policy.degraded",
             {{"why", base::describe(refused)}, {"digest", nearest(now).digest}});
  if (names_and_versions(*in_force_.plugins.front()) != last->plugins) {
    log_.write(base::Level::warning, "policy.other_plugins", {{"digest", nearest(now).digest}});
  }
  return {};
}

base::Result<void> Decider::keep(const ReadPolicy& read, const InForce& all) const {
  if (archive_ == nullptr) return {};
  return archive_->accept(read, names_and_versions(*all.plugins.front()));
}

base::Result<Decider::Candidate> Decider::let_plugins_in(settings::PolicyBook book) const {
  Candidate made;
  std::vector<settings::Complaint> complaints;
  for (const auto& policy : book.versions) {
    if (card_ != nullptr) {
      auto pins = station::pin_complaints(*policy, *card_);
      complaints.insert(complaints.end(), pins.begin(), pins.end());
    }
    auto built = extension::Plugins::build(host_, *policy, log_);
    for (const auto& remark : built.complaints) complaints.push_back(as_complaint(remark));
    for (const auto& remark : built.notices) {
      const auto notice = to_text(as_complaint(remark));
      log_.write(base::Level::warning, "policy.notice", {{"at", notice}});
      made.notices.emplace_back(notice);
    }
    for (auto& refusal : built.refusals) made.refusals.push_back(std::move(refusal));
    made.all.plugins.push_back(std::move(built.plugins));
  }
  if (!complaints.empty()) return invalid_policy(complaints);
  made.all.book = std::move(book);
  return made;
}

base::Result<void> Decider::reload(base::Instant now, const Fits& fits) {
  auto replaced = replace(now, fits);
  if (replaced) {
    trouble_.reset();
  } else {
    trouble_ = Trouble{replaced.error(), trouble_ ? trouble_->since : now, trouble_ && trouble_->at_start};
  }
  return replaced;
}

// Everything is built beside the old and kept on disk before one assignment puts it in force.
base::Result<void> Decider::replace(base::Instant now, const Fits& fits) {
  const auto read = read_policy(path_);
  if (!read) return read.error();
  auto candidate = let_plugins_in(read->book);
  if (!candidate) return candidate.error();
  if (!candidate->refusals.empty()) return refused(candidate->refusals);
  const auto today = base::date_in_japan(now);
  if (const auto found = read->book.on(today); !found && in_force_.book.on(today)) return found.error();
  if (fits) {
    const auto& beside = *candidate->all.plugins[policy::nearest(read->book.versions, today)];
    if (auto fit = fits(beside); !fit) return fit;
  }
  if (const auto stored = keep(*read, candidate->all); !stored) return stored;
  in_force_ = std::move(candidate->all);
  notices_ = std::move(candidate->notices);
  refusals_.clear();
  // Of the plugins as they were before.
  kept_.clear();
  return {};
}

const policy::Policy& Decider::nearest(base::Instant at) const {
  const auto& versions = in_force_.book.versions;
  return *versions[policy::nearest(versions, base::date_in_japan(at))];
}

const extension::Plugins& Decider::plugins(base::Instant at) const {
  return *in_force_.plugins[policy::nearest(in_force_.book.versions, base::date_in_japan(at))];
}

base::Result<std::shared_ptr<const policy::Schedule>> Decider::schedule(base::Instant at) const {
  const auto day = base::date_in_japan(at);
  const auto version = policy::in_force(in_force_.book.versions, day);
  if (!version) return version.error();
  return in_force_.plugins[*version]->schedule(*in_force_.book.versions[*version], day.year());
}

std::optional<boost::json::array> Decider::offices(base::Instant at) const {
  const auto deciding = policy(at);
  const auto changes = deciding ? schedule(at) : deciding.error();
  if (!changes) return std::nullopt;
  return extension::offices_document(**deciding, **changes, at, outlook(at, **deciding));
}

policy::Outlook Decider::outlook(base::Instant at, const policy::Policy& deciding) const {
  const auto& versions = in_force_.book.versions;
  if (versions.size() == 1 && versions.front().get() == &deciding) return {};
  const auto year = base::date_in_japan(at).year();
  return {[this, year](base::Date day) -> policy::DayRules {
            const auto version = policy::in_force(in_force_.book.versions, day);
            if (!version) return {};
            const auto& policy = *in_force_.book.versions[*version];
            // A day's own plugins may be ill while today's are well: that is no reason to decide nothing.
            const auto changes = in_force_.plugins[*version]->schedule(policy, year);
            if (!changes) return {};
            return {&policy, *changes};
          },
          {}};
}

base::Result<counter::Decided> Decider::decide(const boost::json::object& facts, base::Instant received,
                                               const policy::CaseSoFar& so_far) const {
  const auto version = policy::in_force(in_force_.book.versions, day_of(facts, received));
  if (!version) return version.error();
  return decide_with({*in_force_.book.versions[*version], *in_force_.plugins[*version]}, facts, received,
                     so_far);
}

base::Result<boost::json::object> Decider::explain(const boost::json::object& facts,
                                                   base::Instant received) const {
  const auto version = policy::in_force(in_force_.book.versions, day_of(facts, received));
  if (!version) return version.error();
  const auto& policy = *in_force_.book.versions[*version];
  const auto parsed = policy::parse_facts(facts, received, policy);
  if (!parsed) return parsed.error();
  policy::Trace trace(policy, *parsed, [] { return std::chrono::steady_clock::now().time_since_epoch(); });
  const auto decision =
      in_force_.plugins[*version]->decide(policy, *parsed, &trace, outlook(parsed->at, policy));
  if (!decision) return decision.error();
  return policy::explained(trace, *decision);
}

Decider::One Decider::version_for(const std::string& digest, const boost::json::object& facts,
                                  base::Instant received) {
  const auto& versions = in_force_.book.versions;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (versions[i]->digest == digest) return {*versions[i], *in_force_.plugins[i]};
  }
  if (const auto* own = digest.empty() ? nullptr : kept(digest)) return {*own->policy, *own->plugins};
  const auto nearest = policy::nearest(versions, day_of(facts, received));
  return {*versions[nearest], *in_force_.plugins[nearest]};
}

extension::Plugins& Decider::plugins_for(const std::string& digest, const boost::json::object& facts,
                                         base::Instant received) {
  return version_for(digest, facts, received).plugins;
}

boost::json::object Decider::context_for(const std::string& digest, const boost::json::object& facts,
                                         base::Instant received) {
  const auto one = version_for(digest, facts, received);
  const auto parsed = policy::parse_facts(facts, received, one.policy);
  return parsed ? extension::people_document(one.policy, *parsed) : boost::json::object();
}

base::Result<counter::Decided> Decider::decide_by(const std::string& digest, const boost::json::object& facts,
                                                  base::Instant received, const policy::CaseSoFar& so_far) {
  if (digest.empty()) return decide(facts, received, so_far);
  for (std::size_t i = 0; i < in_force_.plugins.size(); ++i) {
    const auto& policy = *in_force_.book.versions[i];
    if (policy.digest == digest) return decide_with({policy, *in_force_.plugins[i]}, facts, received, so_far);
  }
  const auto* own = kept(digest);
  if (own == nullptr) return decide(facts, received, so_far);
  return decide_with({*own->policy, *own->plugins}, facts, received, so_far);
}

const Decider::Kept* Decider::kept(const std::string& digest) {
  const auto is_it = [&](const Kept& each) { return each.policy->digest == digest; };
  const auto lost = [&](const base::Fault& why) {
    log_.write(base::Level::error, "policy.not_kept", {{"digest", digest}, {"why", base::describe(why)}});
    return nullptr;
  };
  if (const auto found = std::find_if(kept_.begin(), kept_.end(), is_it); found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return &kept_.front();
  }
  if (archive_ == nullptr) return lost(make_fault(Code::not_found, "nothing is kept"));
  const auto source = archive_->holding(digest);
  const auto book = source ? load_policy(*source) : source.error();
  if (!book) return lost(book.error());
  for (const auto& policy : book->versions) {
    if (policy->digest != digest) continue;
    auto candidate = let_plugins_in({{policy}});
    if (!candidate) return lost(candidate.error());
    kept_.push_front({policy, std::move(candidate->all.plugins.front())});
    if (kept_.size() > most_kept) kept_.pop_back();
    return &kept_.front();
  }
  return lost(make_fault(Code::internal, "the stored snapshot holds another policy"));
}

base::Result<counter::Decided> Decider::decide_with(const One& one, const boost::json::object& facts,
                                                    base::Instant received,
                                                    const policy::CaseSoFar& so_far) const {
  const auto parsed = policy::parse_facts(facts, received, one.policy);
  if (!parsed) return parsed.error();
  const auto decision =
      one.plugins.decide(one.policy, *parsed, nullptr, outlook(parsed->at, one.policy), so_far);
  if (!decision) {
    log_.write(base::Level::error, "decision.denied", {{"why", base::describe(decision.error())}});
    return decision.error();
  }
  return counter::Decided{policy::to_json(*parsed), policy::to_json(*decision)};
}

boost::json::object Decider::health(base::Instant now) const {
  PolicyState state{in_force_.book.versions, nullptr, {}, false};
  if (trouble_) {
    state.refused = &trouble_->fault;
    state.since = trouble_->since;
    state.from_archive = trouble_->at_start;
  }
  return policy_health(state, now);
}

void Decider::keep_only(const std::set<std::string>& version_digests) {
  if (archive_ != nullptr) archive_->keep_only(version_digests);
}

}  // namespace madoguchi::app
