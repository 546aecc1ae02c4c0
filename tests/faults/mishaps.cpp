#include "mishaps.hpp"

#include <array>

namespace madoguchi::faults {
namespace {

using mynumber::CertificateName;
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
                           Named{Effect::clocks_apart, "clocks apart"}};

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

constexpr std::array at_command{
    Effect::pulled_before, Effect::pulled_after, Effect::swapped,    Effect::unplugged, Effect::killed_before,
    Effect::killed_after,  Effect::ended,        Effect::power_lost, Effect::refused,   Effect::write_lost};
constexpr std::array at_message{Effect::message_lost,  Effect::reply_lost,     Effect::reply_spoilt,
                                Effect::killed_before, Effect::killed_after,   Effect::power_lost,
                                Effect::message_twice, Effect::authority_down, Effect::authority_lies,
                                Effect::authority_lies};
constexpr std::array at_commit{Effect::killed_before, Effect::killed_after, Effect::ended,
                               Effect::power_lost,    Effect::refused,      Effect::refused_often};
constexpr std::array at_round{Effect::client_gone,    Effect::mistyped,      Effect::day_passes,
                              Effect::clock_back,     Effect::clock_forward, Effect::clocks_apart,
                              Effect::swapped,        Effect::ended,         Effect::disk_fails,
                              Effect::disk_read_only, Effect::plugin_down,   Effect::plugin_late};

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
  episode.reset_pin = options.citizen != CitizenKind::face_authentication && dice.one_in(5);
  if (dice.one_in(8)) episode.cancel_in_round = 1 + dice.below(5);
  // Some days everything goes wrong.
  const int count = dice.one_in(6) ? 6 + dice.below(10) : 1 + dice.below(4);
  for (int i = 0; i < count; ++i) episode.mishaps.push_back(draw_mishap(dice));
  return episode;
}

std::string describe(const Episode& episode) {
  constexpr std::array moments{"command", "message", "commit", "round"};
  std::string text =
      std::string(name(episode.options.layout)) + " slot, " + std::string(name(episode.options.citizen)) +
      ", " + (episode.options.wanted.size() == 1 ? "one certificate" : "two certificates") +
      (episode.options.two_authorities ? ", two authorities" : "") +
      (episode.options.offers_status ? ", OCSP" : "") + (episode.reset_pin ? ", PIN forgotten" : "");
  if (episode.cancel_in_round != 0) {
    text += ", gives up in round " + std::to_string(episode.cancel_in_round);
  }
  for (const auto& mishap : episode.mishaps) {
    text += std::string("; ") + moments[static_cast<std::size_t>(mishap.moment)] + " " +
            std::to_string(mishap.at) + ": " + std::string(name(mishap.effect));
    if (!mishap.lie.empty()) text += " " + mishap.lie;
  }
  return text;
}

}  // namespace madoguchi::faults
