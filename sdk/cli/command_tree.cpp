#include "command_tree.hpp"

#include "base/calendar.hpp"

namespace madoguchi::cli {

CommandTree::CommandTree(Context& where) : context(where), app(text("help.app"), "madoguchi") {
  app.require_subcommand(1);
  app.fallthrough();
  put_headings();
}

CLI::App* CommandTree::named(CLI::App& parent, const char* name, Key help) {
  auto* made = parent.add_subcommand(name, text(help));
  made->group(text("help.commands"));
  made->get_help_ptr()->group(text("help.options"));
  made->fallthrough();
  return made;
}

CLI::App* CommandTree::command(CLI::App& parent, const char* name, Key help, std::function<int()> action) {
  auto* made = named(parent, name, help);
  made->callback([this, action = std::move(action)] {
    if (!chosen) chosen = action;
  });
  return made;
}

void CommandTree::add_staff(CLI::App& to, std::string& staff) {
  staff = own_name();
  to.add_option("--staff", staff, text("help.staff"))->capture_default_str();
}

void CommandTree::add_case(CLI::App& to, std::string& id) {
  to.add_option("CASE", id, text("help.case"))->required();
}

CLI::Option* CommandTree::add_day(CLI::App& to, const char* name, std::string& day, Key help) {
  const auto is_a_day = [this](const std::string& given) {
    return base::parse_date(given) ? std::string() : text("ask.no_such_date");
  };
  return to.add_option(name, day, text(help))->type_name("YYYY-MM-DD")->check(is_a_day);
}

void CommandTree::add_sheet(CLI::App& to, SheetOptions& sheet) {
  to.add_option("--output", sheet.output, text("help.output"))->required()->type_name("FILE");
  to.add_option("--format", sheet.format, text("help.format"))
      ->check(CLI::IsMember({"html", "pdf"}))
      ->capture_default_str();
  to.add_option("--templates", sheet.templates, text("help.templates"))->type_name("DIR");
}

void CommandTree::put_headings() {
  auto& formatter = *app.get_formatter();
  formatter.label("Usage", text("help.usage"));
  formatter.label("OPTIONS", text("help.options_word"));
  formatter.label("SUBCOMMAND", text("help.command_word"));
  formatter.label("Positionals", text("help.arguments"));
  formatter.label("REQUIRED", text("help.required"));
  app.option_defaults()->group(text("help.options"));
}

}  // namespace madoguchi::cli
