// `madoguchi`: from the arguments to the exit code.
#pragma once

namespace madoguchi::cli {

int run(int argc, const char* const* argv);

}  // namespace madoguchi::cli
