#include "mishaps.hpp"

#include <array>

namespace madoguchi::faults {
namespace {

using mynumber::CertificateName;
using mynumber::PinName;
using simulated_card::CitizenKind;
using simulated_card::Layout;

struct Named {
  Effect effect;
  const char* name;
};
constexpr std::array names{Named{Effect::pulled_before, "card pulled before"},
                           Named{Effect::pulled_after, "card pulled after"},
                           Named{Effect::swapped, "card swapped"},
                           Named{Effect::unplugged, "reader unplugged"},
                           Named{Effect::killed_before, "killed before"},
                           Named{Effect::killed_after, "killed after"},
                           Named{Effect::ended, "told to end"},
                           Named{Effect::power_lost, "power lost"},
                           Named{Effect::refused, "refused"},
                           Named{Effect::refused_often, "refused often"},
                           Named{Effect::write_lost, "write not kept"},
                           Named{Effect::message_lost, "message lost"},
                           Named{Effect::reply_lost, "reply lost"},
                           Named{Effect::reply_spoilt, "reply spoilt"},
                           Named{Effect::message_twice, "message twice"},
                           Named{Effect::authority_down, "authority down"},
                           Named{Effect::authority_lies, "authority"},
                           Named{Effect::client_gone, "client gone"},
                           Named{Effect::mistyped, "PIN mistyped"},
                           Named{Effect::day_passes, "a day passes"},
                           Named{Effect::clock_forward, "clock forward"},
                           Named{Effect::clock_back, "clock back"},
                           Named{Effect::disk_fails, "disk fails"},
                           Named{Effect::disk_read_only, "disk read-only"},
                           Named{Effect::plugin_late, "plugin late"},
                           Named{Effect::plugin_down, "plugin down"},
                           Named{Effect::clocks_apart, "clocks apart"},
                           Named{Effect::mistyped_twice, "PIN mistyped twice"},
                           Named{Effect::plugin_dies, "plugin dies"},
                           Named{Effect::plugin_hangs, "plugin hangs"},
                           Named{Effect::plugin_without_memory, "plugin without memory"},
                           Named{Effect::other_clerk, "another clerk"},
                           Named{Effect::card_mute, "card mute"},
                           Named{Effect::service_down, "pcscd down"},
                           Named{Effect::power_lost_amid, "power lost amid"},
                           Named{Effect::revoked, "revoked by the authority"}};

constexpr std::array<std::string_view, 10> others{
    "opens",          "updates",       "cancels",  "enters a PIN",
    "mistypes a PIN", "issues",        "inspects", "looks up the last days",
    "has it held",    "takes a number"};

constexpr std::array lies{R"({"fault":"lose_reply"})",
                          R"({"fault":"http_500","count":2})",
                          R"({"fault":"reject","body":"cr","failure":"systemFailure"})",
                          R"({"fault":"reject","body":"certConf","failure":"systemFailure"})",
                          R"({"fault":"unsigned_error"})",
                          R"({"fault":"garbage","mode":"random"})",
                          R"({"fault":"garbage","mode":"truncated"})",
                          R"({"fault":"garbage","mode":"nonce"})",
                          R"({"fault":"garbage","mode":"protection","count":2})",
                          R"({"fault":"wrong_key","body":"cr"})",
                          R"({"fault":"wrong_subject","body":"cr"})",
                          R"({"fault":"wrong_dates","body":"cr","days":-3})",
                          R"({"fault":"waiting","body":"cr","polls":2,"check_after":1})"};

constexpr std::array at_command{Effect::pulled_before, Effect::pulled_after,  Effect::swapped,
                                Effect::unplugged,     Effect::killed_before, Effect::killed_after,
                                Effect::ended,         Effect::power_lost,    Effect::refused,
                                Effect::write_lost,    Effect::other_clerk,   Effect::card_mute};
constexpr std::array at_message{Effect::message_lost,   Effect::reply_lost,     Effect::reply_spoilt,
                                Effect::killed_before,  Effect::killed_after,   Effect::power_lost,
                                Effect::message_twice,  Effect::authority_down, Effect::authority_lies,
                                Effect::authority_lies, Effect::other_clerk,    Effect::revoked};
constexpr std::array at_commit{Effect::killed_before,   Effect::killed_after,    Effect::ended,
                               Effect::power_lost,      Effect::refused,         Effect::refused_often,
                               Effect::power_lost_amid, Effect::power_lost_amid, Effect::other_clerk};
constexpr std::array at_round{
    Effect::client_gone,    Effect::mistyped,       Effect::day_passes,  Effect::clock_back,
    Effect::clock_forward,  Effect::clocks_apart,   Effect::swapped,     Effect::ended,
    Effect::disk_fails,     Effect::disk_read_only, Effect::plugin_down, Effect::plugin_late,
    Effect::mistyped_twice, Effect::service_down,   Effect::other_clerk, Effect::revoked};
constexpr std::array to_plugin{Effect::plugin_dies, Effect::plugin_hangs, Effect::plugin_without_memory};

template <std::size_t N>
Effect one_of(const std::array<Effect, N>& effects, Dice& dice) {
  return effects[static_cast<std::size_t>(dice.below(static_cast<int>(N)))];
}

Mishap draw_mishap(Dice& dice) {
  Mishap mishap;
  switch (dice.below(4)) {
    case 0:
      mishap = {Moment::command, 1 + dice.below(110), one_of(at_command, dice)};
      break;
    case 1:
      mishap = {Moment::message, 1 + dice.below(9), one_of(at_message, dice)};
      break;
    case 2:
      mishap = {Moment::commit, 1 + dice.below(50), one_of(at_commit, dice)};
      break;
    default:
      mishap = {Moment::round, 1 + dice.below(4), one_of(at_round, dice)};
  }
  if (mishap.effect == Effect::disk_fails || mishap.effect == Effect::disk_read_only)
    mishap.after = dice.below(40);
  if (mishap.effect == Effect::power_lost_amid) mishap.after = dice.below(8);
  mishap.other = static_cast<Other>(dice.below(static_cast<int>(others.size())));
  if (mishap.effect == Effect::authority_lies) {
    mishap.lie = lies[static_cast<std::size_t>(dice.below(static_cast<int>(lies.size())))];
  }
  return mishap;
}

}  // namespace

std::string_view name(Effect effect) {
  for (const auto& named : names) {
    if (named.effect == effect) return named.name;
  }
  return "?";
}

std::string_view name(Other other) {
  return others.at(static_cast<std::size_t>(other));
}

Episode draw(std::uint64_t seed) {
  Dice dice(seed);
  Episode episode;
  episode.seed = seed;
  auto& options = episode.options;
  options.layout = dice.one_in(2) ? Layout::spare : Layout::single;
  constexpr std::array kinds{CitizenKind::expiring_soon, CitizenKind::expiring_soon, CitizenKind::leap_day,
                             CitizenKind::face_authentication, CitizenKind::absent_files};
  options.citizen = kinds[static_cast<std::size_t>(dice.below(static_cast<int>(kinds.size())))];
  const bool only_one =
      options.citizen == CitizenKind::face_authentication || options.citizen == CitizenKind::absent_files;
  if (only_one || dice.one_in(3)) options.wanted = {CertificateName::authentication};
  options.two_authorities = dice.one_in(4);
  options.offers_status = dice.one_in(2);
  if (options.citizen != CitizenKind::face_authentication && dice.one_in(5)) {
    const bool signs = options.wanted.contains(CertificateName::signature) && dice.one_in(2);
    episode.forgotten = signs ? PinName::signature : PinName::authentication;
  }
  if (dice.one_in(6)) episode.cancel_in_round = 1 + dice.below(5);
  episode.card_lost = dice.one_in(3);
  episode.two_visits = dice.one_in(6);
  episode.card_at_home = dice.one_in(2);
  episode.counts_tries = dice.one_in(4);
  episode.isolated_plugin = dice.one_in(6);
  // A PIN that was forgotten is set anew there, too.
  episode.terminal = !episode.forgotten && dice.one_in(6);
  if (episode.terminal) options.layout = Layout::single;
  // Some days everything goes wrong.
  const int count = dice.one_in(6) ? 6 + dice.below(10) : 1 + dice.below(4);
  for (int i = 0; i < count; ++i) episode.mishaps.push_back(draw_mishap(dice));
  if (episode.isolated_plugin) {
    const auto moment = dice.one_in(2) ? Moment::commit : Moment::round;
    const int at = 1 + dice.below(moment == Moment::commit ? 50 : 4);
    episode.mishaps.push_back({moment, at, one_of(to_plugin, dice)});
  }
  return episode;
}

std::string describe(const Episode& episode) {
  constexpr std::array moments{"command", "message", "commit", "round"};
  std::string text =
      std::string(name(episode.options.layout)) + " slot, " + std::string(name(episode.options.citizen)) +
      ", " + (episode.options.wanted.size() == 1 ? "one certificate" : "two certificates") +
      (episode.options.two_authorities ? ", two authorities" : "") +
      (episode.options.offers_status ? ", OCSP" : "") + (episode.counts_tries ? ", tries counted" : "") +
      (episode.isolated_plugin ? ", plugin isolated" : "") + (episode.terminal ? ", terminal" : "");
  if (episode.forgotten) text += ", forgotten: " + std::string(mynumber::name(*episode.forgotten));
  if (episode.two_visits)
    text += std::string(", two visits") + (episode.card_at_home ? ", card at home" : "");
  if (episode.cancel_in_round != 0) {
    text += ", gives up in round " + std::to_string(episode.cancel_in_round) +
            (episode.card_lost ? ", card lost" : "");
  }
  for (const auto& mishap : episode.mishaps) {
    text += std::string("; ") + moments[static_cast<std::size_t>(mishap.moment)] + " " +
            std::to_string(mishap.at) + ": " + std::string(name(mishap.effect));
    if (!mishap.lie.empty()) text += " " + mishap.lie;
    if (mishap.effect == Effect::other_clerk) text += " " + std::string(name(mishap.other));
  }
  return text;
}

}  // namespace madoguchi::faults
