// Does what its sanitizer has to report, which shows that the reports on the other programs would have been
// found: a read behind what it has; under ThreadSanitizer, two threads that write the same place.
#include <memory>
#include <thread>

#if defined(__SANITIZE_THREAD__)
#define MADOGUCHI_RACES
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MADOGUCHI_RACES
#endif
#endif

int main(int argc, char**) {
#ifdef MADOGUCHI_RACES
  int written = argc;
  std::thread other([&written] { ++written; });
  ++written;
  other.join();
  return written - argc - 2;
#else
  const auto bytes = std::make_unique<volatile char[]>(static_cast<unsigned>(argc));
  return bytes[static_cast<unsigned>(argc)];
#endif
}
