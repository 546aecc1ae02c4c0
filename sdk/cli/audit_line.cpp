#include "audit_line.hpp"

namespace madoguchi::cli {

AuditLine::AuditLine(CommandTree& tree) : tree_(tree) {
  auto* audit = tree_.named(tree_.app, "audit", "help.audit");
  audit->require_subcommand(1);
  auto* made = tree_.command(*audit, "export", "help.audit.export",
                             [this] { return export_audit(tree_.context, export_); });
  auto* since = made->add_option("--since", export_.since, tree_.text("help.audit.since"))
                    ->check(CLI::NonNegativeNumber)
                    ->type_name("NUMBER");
  made->add_option("--output", export_.output, tree_.text("help.audit.output"))
      ->type_name("FILE")
      ->excludes(since);
  auto* verify = tree_.command(*audit, "verify", "help.audit.verify",
                               [this] { return verify_audit(tree_.context, verify_); });
  auto* file = verify->add_option("FILE", verify_.file, tree_.text("help.audit.file"));
  verify->add_option("--key", verify_.keys, tree_.text("help.audit.key"))->type_name("FILE")->needs(file);
  tree_.command(*audit, "key", "help.audit.public_key", [this] { return show_audit_key(tree_.context); });
}

}  // namespace madoguchi::cli
