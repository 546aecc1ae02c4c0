// Reads behind what it has: its report shows that those of the other programs would have been found.
#include <memory>

int main(int argc, char**) {
  const auto bytes = std::make_unique<volatile char[]>(static_cast<unsigned>(argc));
  return bytes[static_cast<unsigned>(argc)];
}
