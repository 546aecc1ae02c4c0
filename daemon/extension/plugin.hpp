// One configured plugin: admitted, loaded, asked, and its health.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "admission.hpp"
#include "base/log.hpp"
#include "extension/answers.hpp"
#include "extension/plugins.hpp"
#include "extension/requests.hpp"
#include "extension/running.hpp"
#include "health.hpp"

namespace madoguchi::extension {

class Plugin {
 public:
  using Clock = std::chrono::steady_clock;
  // Within the time that is left, where a start can be ended.
  using Start =
      std::function<base::Result<std::unique_ptr<Running>>(const Admitted&, std::chrono::milliseconds)>;

  // `progress` is told after each start and each answer, or the lack of one.
  Plugin(PluginConfig config, policy::PluginSection section, CityTexts texts, base::Log& log,
         std::function<void()> progress)
      : config_(std::move(config)),
        section_(std::move(section)),
        texts_(std::move(texts)),
        log_(log),
        progress_(std::move(progress)) {}

  // Lets it in, starts it, asks it about itself and its section, and makes its instance. Otherwise it is not
  // to be asked, with the reason in refusal(). All of that is done first with what `rehearse` starts, if it
  // is given. `city` is the request's member of that name.
  void open(const Folder& folder, const Trust& trust, Start start, const Start& rehearse,
            const boost::json::object& city);

  [[nodiscard]] const PluginConfig& config() const { return config_; }
  [[nodiscard]] const std::string& name() const { return config_.name; }
  [[nodiscard]] const policy::PluginSection& section() const { return section_; }
  [[nodiscard]] const std::optional<std::string>& refusal() const { return refusal_; }
  [[nodiscard]] const CheckAnswer& checked() const { return checked_; }
  [[nodiscard]] const Description& description() const { return description_; }
  [[nodiscard]] const Health& health() const { return health_; }
  // Needed for every decision. Whoever is not known to have no part in them is.
  [[nodiscard]] bool needed() const { return config_.critical || !vouched_ || hooks().rules(); }
  [[nodiscard]] bool has(Hook hook) const { return !refusal_ && vouched_ && hooks().has(hook); }

  // When the whole decision has to be made, whatever a plugin's own deadline.
  using Until = std::chrono::steady_clock::time_point;
  base::Result<policy::Contribution> decide(std::string_view request, Until until);
  base::Result<std::vector<policy::ScheduleChange>> schedule(const Asked& asked, Until until);
  base::Result<policy::PluginStep> advance(std::string_view request, Until until);
  // conflict, with the plugin's own words in details, when it refuses.
  base::Result<policy::PluginStep> call(const DeclaredMethod& method, const CallRequest& asked, Until until);
  // Known to follow cases, or not known not to: then what happens is kept for it.
  [[nodiscard]] bool follows() const;
  // The same of what offices' days are.
  [[nodiscard]] bool schedules() const;
  [[nodiscard]] bool well() const;
  // What stands in the way of asking it now; nothing if nothing does.
  [[nodiscard]] std::optional<base::Fault> unavailable() const;

  void refuse(std::string reason);
  [[nodiscard]] boost::json::object describe() const;

 private:
  [[nodiscard]] const Hooks& hooks() const { return vouched_->manifest.hooks; }
  template <class Parse>
  auto ask(Verb verb, std::string_view request, Until until, const Parse& parse)
      -> decltype(parse(std::string()));
  // A Fault is why it is not to be asked.
  base::Result<void> begin(const Folder& folder, const Trust& trust, const Start& rehearse,
                           const boost::json::object& city);
  // Asks it about itself and its section, and makes its instance.
  base::Result<void> meet(Running& running);
  base::Result<void> start(Until until);
  // How long it may take to be started again while a decision waits for it.
  [[nodiscard]] std::chrono::milliseconds restart_time() const;
  base::Result<std::unique_ptr<Running>> run(const Start& how, std::chrono::milliseconds allowed);
  base::Result<std::string> exchange(Running& with, Verb verb, std::string_view request,
                                     std::chrono::milliseconds deadline);
  base::Fault denial(base::Fault fault) const;
  base::Fault failed(base::Fault fault, bool starting = false);
  base::Fault refused(base::Fault fault);
  [[nodiscard]] std::optional<std::size_t> resident_bytes() const;

  PluginConfig config_;
  policy::PluginSection section_;
  CityTexts texts_;
  base::Log& log_;
  std::function<void()> progress_;
  std::optional<Vouched> vouched_;  // whatever became of the library
  std::optional<Admitted> admitted_;
  Start start_;
  std::string creation_;                   // the request of `check` and `create`
  std::chrono::milliseconds opened_in_{};  // how long its start took when nobody waited for it
  std::unique_ptr<Running> running_;
  std::optional<std::string> refusal_;
  Description description_;
  CheckAnswer checked_;
  Health health_;
  struct Resident {
    Until next{};  // look
    std::optional<std::size_t> bytes;
  };
  mutable Resident resident_;
};

}  // namespace madoguchi::extension
