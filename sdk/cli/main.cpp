#include "command_line.hpp"

int main(int argc, char** argv) {
  return madoguchi::cli::run(argc, argv);
}
