// The policy in force with its plugins, decisions from them, and how it is replaced.
#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "base/log.hpp"
#include "counter/parts.hpp"
#include "extension/plugins.hpp"
#include "mynumber/profile.hpp"
#include "policy/policy.hpp"
#include "policy_archive.hpp"

namespace madoguchi::app {

class Decider {
 public:
  struct Start {
    // Where accepted policies are kept, and taken from when the present files are not valid or, other than
    // what is kept, not in force yet. nullptr: nowhere.
    PolicyArchive* archive = nullptr;
    // Then what is kept never stands in, and a plugin that is needed and cannot be let in ends the start.
    bool strict = false;
    base::Instant now{};
    // Of the cards that come here; nullptr: not known, so nothing is held against it.
    const mynumber::CardProfile* card = nullptr;
  };

  // `path` is a policy file or the folder with policy*.yaml in it, one a version. policy.invalid with
  // details.complaints, if no accepted policy is kept that stands in. A plugin that cannot be let in does not
  // end the daemon unless it is to be strict: it denies what it would have had to decide.
  static base::Result<std::unique_ptr<Decider>> make(std::filesystem::path path,
                                                     extension::HostConfig plugins, base::Log& log,
                                                     Start start);
  static base::Result<std::unique_ptr<Decider>> make(std::filesystem::path path,
                                                     extension::HostConfig plugins, base::Log& log) {
    return make(std::move(path), std::move(plugins), log, Start{});
  }

  // Reads the file and lets the plugins in again; on any fault, a plugin that is needed included, what was in
  // force stays so, and health() says why until a reload succeeds. plugin.failed names the plugins,
  // policy.not_in_force that the files have no version for today, storage.* that it could not be kept.
  // `fits` sees the plugins beside the version for now before anything is in force, and may refuse them.
  using Fits = std::function<base::Result<void>(const extension::Plugins&)>;
  base::Result<void> reload(base::Instant now = {}, const Fits& fits = nullptr);

  // "name: reason" of plugins that are needed and were not let in when what is in force was read.
  [[nodiscard]] const std::vector<std::string>& refusals() const { return refusals_; }

  // What the plugins had to remark about their sections of what is in force, each with its place.
  [[nodiscard]] const boost::json::array& notices() const { return notices_; }

  // In force at that time; policy.not_in_force.
  [[nodiscard]] base::Result<std::shared_ptr<const policy::Policy>> policy(base::Instant at) const {
    return in_force_.book.on(base::date_in_japan(at));
  }
  // The same, or the nearest one: to be told of, not to decide.
  [[nodiscard]] const policy::Policy& nearest(base::Instant at) const;
  [[nodiscard]] const extension::Plugins& plugins(base::Instant at) const;
  // Those beside the version with that digest, in force or kept; without one, beside that in force at the
  // time of a visit with these facts, or the nearest.
  [[nodiscard]] extension::Plugins& plugins_for(const std::string& digest, const boost::json::object& facts,
                                                base::Instant received);
  // How that version takes these people, as plugins are told of a case; empty where the facts do not fit it.
  [[nodiscard]] boost::json::object context_for(const std::string& digest, const boost::json::object& facts,
                                                base::Instant received);
  // What the plugins open and close around that time.
  base::Result<std::shared_ptr<const policy::Schedule>> schedule(base::Instant at) const;

  // As plugins are told of them; nothing where it cannot be said, since without what a plugin closes a closed
  // office would look open.
  [[nodiscard]] std::optional<boost::json::array> offices(base::Instant at) const;

  // The days after that time by the versions in force then, for whoever decides by `deciding`; good as long
  // as nothing is loaded anew.
  [[nodiscard]] policy::Outlook outlook(base::Instant at, const policy::Policy& deciding) const;

  // By the version in force at the time of the visit.
  base::Result<counter::Decided> decide(const boost::json::object& facts, base::Instant received,
                                        const policy::CaseSoFar& so_far = {}) const;
  // The same with its trace: {trace, decision}.
  base::Result<boost::json::object> explain(const boost::json::object& facts, base::Instant received) const;
  // For a case, by the version with that digest, in force or kept. Without one, as above; so where it can no
  // longer be had (its snapshot is damaged, or the plugins configured now refuse its sections), and the log
  // says that.
  base::Result<counter::Decided> decide_by(const std::string& digest, const boost::json::object& facts,
                                           base::Instant received, const policy::CaseSoFar& so_far = {});

  // For system.health.
  [[nodiscard]] boost::json::object health(base::Instant now) const;
  // Why the files were refused, while they are.
  [[nodiscard]] const base::Fault* trouble() const { return trouble_ ? &trouble_->fault : nullptr; }
  // Of what was once accepted, only the versions with these digests are still needed.
  void keep_only(const std::set<std::string>& version_digests);

 private:
  struct InForce {
    settings::PolicyBook book;
    std::vector<std::unique_ptr<extension::Plugins>> plugins;  // one a version, since each has its sections
  };
  struct Candidate {
    InForce all;
    std::vector<std::string> refusals;
    boost::json::array notices;
  };
  struct One {
    const policy::Policy& policy;
    extension::Plugins& plugins;
  };
  struct Kept {
    std::shared_ptr<const policy::Policy> policy;
    std::unique_ptr<extension::Plugins> plugins;
  };
  struct Trouble {
    base::Fault fault;
    base::Instant since;
    bool at_start;  // what is in force came from the archive
  };

  Decider(std::filesystem::path path, extension::HostConfig plugins, base::Log& log, const Start& start)
      : path_(std::move(path)),
        host_(std::move(plugins)),
        log_(log),
        archive_(start.archive),
        card_(start.card) {}
  base::Result<void> begin(const Start& start);
  base::Result<void> begin_with_kept(const base::Fault& refused, base::Instant now);
  [[nodiscard]] bool kept_one_is_in_force(base::Date day) const;
  base::Result<void> replace(base::Instant now, const Fits& fits);
  base::Result<Candidate> let_plugins_in(settings::PolicyBook book) const;
  [[nodiscard]] base::Result<void> keep(const ReadPolicy& read, const InForce& all) const;
  const Kept* kept(const std::string& digest);
  One version_for(const std::string& digest, const boost::json::object& facts, base::Instant received);
  base::Result<counter::Decided> decide_with(const One& one, const boost::json::object& facts,
                                             base::Instant received, const policy::CaseSoFar& so_far) const;

  std::filesystem::path path_;
  extension::HostConfig host_;
  base::Log& log_;
  PolicyArchive* archive_;
  const mynumber::CardProfile* card_;
  InForce in_force_;
  std::vector<std::string> refusals_;
  boost::json::array notices_;
  std::list<Kept> kept_;  // versions of cases under way, the last used first
  std::optional<Trouble> trouble_;
};

}  // namespace madoguchi::app
