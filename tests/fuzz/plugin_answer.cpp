// The documents with which a plugin answers: what it is, what it says to a visit, to a case's event, to a
// call.
#include "base/json.hpp"
#include "extension/answers.hpp"
#include "extension/methods.hpp"
#include "target.hpp"

using namespace madoguchi;

namespace {

constexpr std::string_view plugin = "my-rules";

const extension::Description& known() {
  static const auto description = extension::parse_description(R"({
    "section": {},
    "codes": [{"code": "my-rules.late", "severity": "block", "ja": "遅い", "en": "late"}],
    "methods": [{"verb": "look", "summary": "Looks.", "roles": ["clerk"], "touches": "plugin",
      "params": {"type": "object", "additionalProperties": false, "properties": {"n": {"type": "integer"}}},
      "result": {"type": "object", "properties": {"n": {"type": "integer", "maximum": 9}}}}]})",
                                                               plugin);
  fuzz::claim(description.has_value(), description ? "" : base::describe(description.error()).c_str());
  return *description;
}

template <class T>
void plugins_own(const base::Result<T>& answer) {
  if (!answer)
    fuzz::claim(answer.error().code == base::Code::plugin_failed, "a wrong answer is the plugin's fault");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto kind = input.byte();
  const auto document = fuzz::text_of(input.rest());
  switch (kind % 7) {
    case 0: {
      const auto description = extension::parse_description(document, plugin);
      plugins_own(description);
      if (!description) break;
      for (const auto& method : description->methods) {
        fuzz::claim(!method.params.mismatch(method.params.example()), "a schema takes its own example");
      }
      break;
    }
    case 1:
      plugins_own(extension::parse_check(document));
      break;
    case 2:
      plugins_own(
          extension::parse_contribution(document, plugin, known(), {}, {{"my-rules.late", {"{n}", "{n}"}}}));
      break;
    case 3: {
      using namespace std::chrono;
      plugins_own(extension::parse_schedule(
          document, plugin, {.office = "main", .from = year(2026) / 1 / 1, .to = year(2027) / 12 / 31}));
      break;
    }
    case 4:
      plugins_own(extension::parse_advance(document));
      break;
    case 5:
      plugins_own(extension::parse_call(document, known().methods.front(), nullptr));
      break;
    default: {
      boost::json::value value;
      if (base::parse_json(document, value) || !value.is_object()) break;
      if (const auto schema = extension::Schema::read(value.get_object())) {
        (void)schema->mismatch(schema->example());
        (void)schema->mismatch(value);
      }
    }
  }
  return 0;
}
