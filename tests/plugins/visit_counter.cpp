// The least plugin that keeps something: it counts what it hears of a case, and hands out numbers.
#include <madoguchi/plugin.hpp>

#include <array>

namespace {

using namespace madoguchi::plugin;

class VisitCounter {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;
  static constexpr std::array<Code, 0> codes{};
  static constexpr std::string_view section_schema = R"({"type": "object", "additionalProperties": false})";
  static constexpr std::string_view methods = R"([
    {"verb": "count", "summary": "How many events of a case were heard, and which was the last.", "roles": ["clerk"],
     "touches": "case", "reads": true,
     "params": {"type": "object", "additionalProperties": false},
     "result": {"type": "object", "required": ["count", "last"],
                "properties": {"count": {"type": "integer"}, "last": {"type": "string"}}}},
    {"verb": "take", "summary": "The next number.", "roles": ["clerk"], "touches": "plugin",
     "params": {"type": "object", "additionalProperties": false, "required": ["office"],
                "properties": {"office": {"type": "string", "minLength": 1, "description": "where it is taken"}}},
     "result": {"type": "object", "required": ["number"], "properties": {"number": {"type": "integer"}}}},
    {"verb": "hold", "summary": "Holds a case back, or lets it go on.", "roles": ["clerk"], "touches": "case",
     "params": {"type": "object", "additionalProperties": false, "required": ["held"],
                "properties": {"held": {"type": "boolean", "description": "whether it is held"}}},
     "result": {"type": "null"}}])";

  static VisitCounter read(Section&, const City&) { return {}; }

  [[nodiscard]] Step advance(const Case&, const Event& event, json::object state) const {
    state["count"] = count_in(state) + 1;
    state["last"] = event.type;
    return Step(std::move(state));
  }

  [[nodiscard]] Step call(const Call& call, json::object state) const {
    if (call.method == "count") {
      const auto* last = state.if_contains("last");
      json::object reply{{"count", count_in(state)}, {"last", last == nullptr ? json::value("") : *last}};
      return Step(std::move(state)).reply(std::move(reply));
    }
    if (call.method == "hold") {
      Step step(std::move(state));
      return call.params.at("held").as_bool()
                 ? step.hold("照会中です", "The inquiry is out")
                 : step.let_go("照会が終わりました", "The inquiry has come back");
    }
    const std::string office(call.params.at("office").as_string());
    if (office == "closed") throw Refusal{"本日は終了しました", "There are no more numbers today"};
    const auto number = count_in(state) + 1;
    state["count"] = number;
    Step step(std::move(state));
    return step.reply(json::object{{"number", number}})
        .tell("queue", "taken", json::object{{"number", number}, {"office", office}});
  }

 private:
  static std::int64_t count_in(const json::object& state) {
    const auto* count = state.if_contains("count");
    return count == nullptr ? 0 : count->as_int64();
  }
};

}  // namespace

MADOGUCHI_PLUGIN(VisitCounter)
