// Makes a development CA's folder for tests that need one and not its server.
#include <iostream>

#include "simulated_issuer/ca_folder.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto folder = madoguchi::simulated_issuer::CaFolder::create(argv[1]);
  if (folder) return 0;
  std::cerr << madoguchi::base::describe(folder.error()) << '\n';
  return 1;
}
