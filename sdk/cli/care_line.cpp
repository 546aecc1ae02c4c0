#include "care_line.hpp"

#include "examination.hpp"

namespace madoguchi::cli {

CareLine::CareLine(CommandTree& tree) : tree_(tree) {
  add_doctor();
  add_store();
  add_bundle();
  add_messages();
}

void CareLine::add_config(CLI::App& to, std::string& config) {
  config = default_config;
  to.add_option("--config", config, tree_.text("help.care.config"))->type_name("FILE")->capture_default_str();
}

void CareLine::add_doctor() {
  add_config(*tree_.command(tree_.app, "doctor", "help.doctor",
                            [this] { return show_doctor(tree_.context, config_); }),
             config_);
}

void CareLine::add_store() {
  auto* store = tree_.named(tree_.app, "store", "help.store");
  store->require_subcommand(1);
  add_config(*store, store_.config);
  tree_.command(*store, "check", "help.store.check", [this] { return check_store(tree_.context, store_); });
  const auto add_path = [this](CLI::App& to) {
    to.add_option("--store", store_.store, tree_.text("help.store.path"))->type_name("FILE");
  };
  auto* backup = tree_.command(*store, "backup", "help.store.backup",
                               [this] { return back_up_store(tree_.context, store_); });
  backup->add_option("FILE", store_.file, tree_.text("help.store.copy"))->required();
  add_path(*backup);
  auto* restore = tree_.command(*store, "restore", "help.store.restore",
                                [this] { return restore_store(tree_.context, store_); });
  restore->add_option("FILE", store_.file, tree_.text("help.store.from"))->required();
  restore->add_option("--key", store_.key, tree_.text("help.store.key"))->type_name("FILE");
  add_path(*restore);
}

void CareLine::add_bundle() {
  auto* bundle = tree_.command(tree_.app, "support-bundle", "help.bundle",
                               [this] { return make_support_bundle(tree_.context, bundle_); });
  add_config(*bundle, bundle_.config);
  bundle->add_option("--output", bundle_.output, tree_.text("help.output"))->required()->type_name("FILE");
  bundle->add_option("--log", bundle_.log, tree_.text("help.bundle.log"))->type_name("FILE");
  bundle->add_flag("--yes", bundle_.yes, tree_.text("help.bundle.yes"));
}

void CareLine::add_messages() {
  auto* shown = tree_.command(tree_.app, "messages", "help.messages",
                              [this] { return show_messages(tree_.context, id_); });
  shown->add_option("ID", id_, tree_.text("help.messages.id"));
}

}  // namespace madoguchi::cli
