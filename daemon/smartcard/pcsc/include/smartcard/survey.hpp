// One look at the PC/SC service and its readers, for a program that is not the daemon: no card is touched.
#pragma once

#include <string>
#include <vector>

namespace madoguchi::smartcard {

struct PcscApi;

struct Survey {
  enum class Service : unsigned char {
    runs,
    refuses,  // this user may not use it: polkit (R8)
    down,
  };
  struct Reader {
    std::string name;
    bool present = false;
    bool mute = false;
  };
  Service service = Service::down;
  std::string why{};  // where it does not run
  std::vector<Reader> readers{};
};

// Waits as long as the service takes to answer.
Survey survey_readers();
Survey survey_readers(const PcscApi& api);

}  // namespace madoguchi::smartcard
