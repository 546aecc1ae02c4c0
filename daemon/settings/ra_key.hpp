// Where an authority's section says the counter's key is.
#pragma once

#include "section.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::settings {

// Exactly one of `ra_key` and `ra_key_store`.
void read_ra_key(Section& section, AuthorityConfig& authority);

}  // namespace madoguchi::settings
