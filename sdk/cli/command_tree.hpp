// The tree of commands: how one is added, and which was chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "commands.hpp"

namespace madoguchi::cli {

class CommandTree {
 public:
  explicit CommandTree(Context& context);
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;

  Context& context;
  CLI::App app;
  std::function<int()> chosen{};  // the innermost command that was named

  [[nodiscard]] std::string text(Key key) const { return say(context.lang(), key); }
  CLI::App* named(CLI::App& parent, const char* name, Key help);
  CLI::App* command(CLI::App& parent, const char* name, Key help, std::function<int()> action);

  void add_staff(CLI::App& to, std::string& staff);
  void add_case(CLI::App& to, std::string& id);
  CLI::Option* add_day(CLI::App& to, const char* name, std::string& day, Key help);
  void add_sheet(CLI::App& to, SheetOptions& sheet);

 private:
  // The formatter is shared by all commands, the groups' names are inherited.
  void put_headings();
};

}  // namespace madoguchi::cli
