// Everything about a counter's installation that can be found out from here: what the running service says of
// itself, what the service manager says of it, and what `madoguchid --examine` finds, whether it runs or not.
#pragma once

#include <string>

#include "context.hpp"
#include "examiner.hpp"

namespace madoguchi::cli {

inline constexpr const char* default_config = "/etc/madoguchi/madoguchid.yaml";

// Takes less than a minute, whatever hangs.
Examined examine(const Context& context, const std::string& config, const TellFinding& tell = {});

// Where the service of that configuration is spoken to: what the caller has named goes first, then what the
// configuration says.
Context at_service_of(const Context& context, const std::string& config);

// As a line for people; nothing where the output is for programs.
void show_finding(const Context& context, const boost::json::object& finding);
// What all of them come to, and the exit code: 0, `unfinished` when something needs attention, `refused` when
// something is wrong.
int conclude(const Context& context, const Examined& examined);
// Shows them all, then the same.
int show_findings(const Context& context, const Examined& examined);

}  // namespace madoguchi::cli
