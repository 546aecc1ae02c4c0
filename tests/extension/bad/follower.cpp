// A plugin that follows cases and serves methods; its section's "mood" chooses what is wrong with its
// answers:
// {"mood": "aborts"} and the like. An empty section is a good plugin's: it counts.
#include <madoguchi/plugin.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace {

using namespace madoguchi::plugin;

volatile int never = 0;

constexpr std::string_view methods_text = R"([
  {"verb": "count", "summary": "How many events of the case it has seen.", "touches": "case", "reads": true,
   "params": {"type": "object", "additionalProperties": false},
   "result": {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}},
   "roles": ["clerk"]},
  {"verb": "add", "summary": "Adds to its own sum.", "touches": "plugin",
   "params": {"type": "object", "additionalProperties": false, "required": ["n"],
              "properties": {"n": {"type": "integer", "minimum": 1}}},
   "result": {"type": "object", "required": ["sum"], "properties": {"sum": {"type": "integer"}}},
   "roles": ["clerk"]}])";

class Follower {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;
  static constexpr std::array<Code, 0> codes{};
  static constexpr std::string_view section_schema = "{}";
  static constexpr std::string_view methods = methods_text;

  static Follower read(Section& section, const City&) {
    Follower follower;
    follower.mood_ = section.text("mood").value_or("");
    return follower;
  }

  [[nodiscard]] Step advance(const Case&, const Event&, json::object state) const {
    behave();
    const auto seen = state.contains("seen") ? state.at("seen").as_int64() : 0;
    state["seen"] = seen + 1;
    return liar(Step(std::move(state)));
  }

  [[nodiscard]] Step call(const Call& call, json::object state) const {
    behave();
    if (mood_ == "refuses") throw Refusal{"ございません", "there is none"};
    if (call.method == "count") {
      const auto seen = state.contains("seen") ? state.at("seen").as_int64() : 0;
      if (mood_ == "writes_in_reading") state["seen"] = 0;
      return liar(Step(std::move(state)).reply(json::object{{"count", seen}}));
    }
    const auto sum =
        (state.contains("sum") ? state.at("sum").as_int64() : 0) + call.params.at("n").as_int64();
    state["sum"] = sum;
    if (mood_ == "another_reply") return Step(std::move(state)).reply(json::object{{"total", sum}});
    return liar(Step(std::move(state)).reply(json::object{{"sum", sum}}));
  }

  [[nodiscard]] const std::string& mood() const { return mood_; }

 private:
  void behave() const {
    if (mood_ == "throws") throw std::runtime_error("as announced");
    if (mood_ == "aborts") std::abort();
    if (mood_ == "sleeps") std::this_thread::sleep_for(std::chrono::milliseconds(400));
    while (mood_ == "loops" && never == 0) {
    }
  }
  [[nodiscard]] Step liar(Step step) const {
    if (mood_ == "hoards") return Step({{"all", std::string(70'000, 'x')}}).reply(json::object{{"sum", 1}});
    static int answers = 0;
    if (mood_ == "fickle") step.tell("queue", "x", {{"n", ++answers}});
    if (mood_ == "odd_effect") step.tell("readers", "card_removed", {});
    if (mood_ == "poses") step.tell("queue", "case.completed", {});
    if (mood_ == "half_words") step.tell("queue", "x", {}).note("日本語だけ", "");
    if (mood_ == "shouts") step.tell("queue", "x", {{"text", std::string(9'000, 'x')}});
    return step;
  }

  std::string mood_;
};

using Hook = MadoguchiStatus (*)(void*, MadoguchiText, const MadoguchiWriter*);

// What the C++ wrapper would not let pass.
template <Hook honest>
MadoguchiStatus raw(void* instance, MadoguchiText request, const MadoguchiWriter* answer) {
  const auto& mood = static_cast<const Follower*>(instance)->mood();
  const auto say = [&](std::string_view text) {
    return answer->write(answer->state_host, text.data(), text.size()) == 0 ? MADOGUCHI_OK : MADOGUCHI_FAILED;
  };
  if (mood == "silent") return MADOGUCHI_OK;
  if (mood == "odd_status") return 42;
  if (mood == "no_json") return say("{\"state\":");
  if (mood == "a_list") return say("[]");
  if (mood == "odd_type") return say(R"({"state":null,"effects":[{"type":"write_card"}]})");
  if (mood == "odd_state") return say(R"({"state":7,"effects":[]})");
  return honest(instance, request, answer);
}

}  // namespace

extern "C" MADOGUCHI_EXPORT const MadoguchiPlugin* madoguchi_plugin_query(void) {
  static constexpr MadoguchiPlugin plugin = [] {
    auto made = detail::descriptor<Follower>();
    made.advance = &raw<&detail::Hooks<Follower>::advance>;
    made.call = &raw<&detail::Hooks<Follower>::call>;
#if defined(BAD_mute_follower)
    made.describe = [](const MadoguchiHost*, const MadoguchiWriter* answer) -> MadoguchiStatus {
      constexpr std::string_view none = R"({"section":{},"codes":[],"methods":[]})";
      return answer->write(answer->state_host, none.data(), none.size()) == 0 ? MADOGUCHI_OK
                                                                              : MADOGUCHI_FAILED;
    };
#endif
    return made;
  }();
  return &plugin;
}
