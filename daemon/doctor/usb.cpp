#include <fstream>

#include "doctor/examinations.hpp"

namespace madoguchi::doctor {
namespace {

namespace fs = std::filesystem;

std::string line_of(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

// The kernel's NFC drivers, which take readers that pcscd could serve (PCSC#86).
bool takes_readers(const std::string& driver) {
  return driver == "port100" || driver == "pn533_usb" || driver == "pn533";
}

// The driver of one of the device's interfaces, e.g. 1-2:1.0 of 1-2.
std::string driver_of(const fs::path& device) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(device, error)) {
    if (!entry.path().filename().string().starts_with(device.filename().string() + ":")) continue;
    const auto driver = fs::read_symlink(entry.path() / "driver", error).filename().string();
    if (takes_readers(driver)) return driver;
  }
  return {};
}

}  // namespace

std::optional<Finding> examine_usb(const fs::path& sys) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(sys / "bus" / "usb" / "devices", error)) {
    const auto driver = driver_of(entry.path());
    if (driver.empty()) continue;
    return Finding{State::wrong,
                   "reader.kernel_driver",
                   {{"product", line_of(entry.path() / "product")}, {"driver", driver}}};
  }
  return std::nullopt;
}

}  // namespace madoguchi::doctor
