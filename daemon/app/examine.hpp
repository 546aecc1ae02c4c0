// What `madoguchi doctor` asks this program: how is everything that the daemon needs?
#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace madoguchi::app {

// Starts nothing and changes nothing; a daemon may be at work meanwhile. Run by root, it goes on with the
// rights of the store's owner, as the daemon has them. One JSON object a line: {"begin": part} before each
// part, so that one that hangs is known, and {"finding": ...} (doctor::to_json). `parts`: only these; empty:
// all. The exit status: 0 nothing is wrong, 1 something needs attention, 2 something is wrong.
int examine(const std::filesystem::path& config, const std::vector<std::string>& parts, std::ostream& out);

}  // namespace madoguchi::app
