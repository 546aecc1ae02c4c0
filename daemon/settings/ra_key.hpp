// Where an authority's section says the counter's key is.
#pragma once

#include "section.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::settings {

// Exactly one of `ra_key` and `ra_key_store`.
// The file that a key or a PIN stands in. One that was written in its place is refused here and not repeated:
// complaints, the log and the doctor repeat the names of files.
void read_secret_file(Section& section, std::string_view key, std::string& into);
std::vector<std::string> read_secret_files(Section& section, std::string_view key);

void read_ra_key(Section& section, AuthorityConfig& authority);

}  // namespace madoguchi::settings
