#include "privacy_line.hpp"

namespace madoguchi::cli {

PrivacyLine::PrivacyLine(CommandTree& tree) : tree_(tree) {
  auto* privacy = tree_.named(tree_.app, "privacy", "help.privacy");
  privacy->require_subcommand(1);
  auto* report = tree_.command(*privacy, "report", "help.privacy.report",
                               [this] { return report_privacy(tree_.context, options_); });
  report->add_option("--case", options_.id, tree_.text("help.privacy.case"))->type_name("ID");
  report->add_option("--card", options_.card, tree_.text("help.privacy.card"))->type_name("CARD");
  tree_.command(*privacy, "reseal", "help.privacy.reseal", [this] { return reseal_store(tree_.context); });
}

}  // namespace madoguchi::cli
