#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

#include "commands.hpp"

namespace madoguchi::cli {
namespace {

// The words that may follow `app`: its commands and its options' long names.
std::string words_of(const CLI::App& app) {
  std::string words;
  const auto add = [&words](const std::string& word) { words.append(words.empty() ? "" : " ").append(word); };
  for (const auto* command : app.get_subcommands({})) add(command->get_name());
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) add("--" + name);
  }
  return words;
}

// Every command's name, as alternatives of a shell pattern.
void add_names(const CLI::App& app, std::string& pattern) {
  for (const auto* command : app.get_subcommands({})) {
    pattern.append(pattern.empty() ? "" : "|").append(command->get_name());
    add_names(*command, pattern);
  }
}

// One line of a shell `case` for each command, its parents' names before it.
void add_cases(const CLI::App& app, const std::string& path, const std::string& global, std::string& script) {
  for (const auto* command : app.get_subcommands({})) {
    const auto here = path.empty() ? command->get_name() : path + " " + command->get_name();
    add_cases(*command, here, global, script);
    script.append("    \"")
        .append(here)
        .append("\") words=\"")
        .append(words_of(*command) + " " + global)
        .append("\";;\n");
  }
}

constexpr const char* head = R"sh(# bash completion for madoguchi: source <(madoguchi completion)
_madoguchi() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= word words
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      -*) ;;
      @COMMANDS@) path="${path:+$path }$word";;
    esac
  done
  if [[ $previous == call ]]; then
    COMPREPLY=($(compgen -W "$(madoguchi completion --methods 2>/dev/null)" -- "$current"))
    return
  fi
  case $path in
)sh";

constexpr const char* tail = R"sh(  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _madoguchi madoguchi
)sh";

}  // namespace

int print_completion(const Context& context, const CLI::App& app) {
  std::string global;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) {
      if (name != "help") global.append(global.empty() ? "--" : " --").append(name);
    }
  }
  std::string script = head;
  std::string names;
  add_names(app, names);
  constexpr std::string_view place = "@COMMANDS@";
  script.replace(script.find(place), place.size(), names);
  add_cases(app, "", global, script);
  script.append("    *) words=\"").append(words_of(app)).append("\";;\n").append(tail);
  context.out.raw(script);
  return finish(context);
}

int print_methods(const Context& context) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  const auto described = client->call("rpc.discover", {});
  if (!described) return fail(context, described.error());
  const auto* methods = described->is_object() ? array_at(described->get_object(), "methods") : nullptr;
  if (methods != nullptr) {
    for (const auto& method : *methods) {
      if (method.is_object()) context.out.raw(text_at(method.get_object(), "name") + "\n");
    }
  }
  return finish(context);
}

}  // namespace madoguchi::cli
