#include <filesystem>
#include <fstream>

#include "new_city.hpp"
#include "workbench.hpp"

namespace madoguchi::policy_tools {

int init(const Setting& setting, const std::string& id, const std::string& file) {
  std::string text(new_city);
  for (auto at = text.find("{ID}"); at != std::string::npos; at = text.find("{ID}", at))
    text.replace(at, 4, id);
  const auto loaded =
      settings::load_policy(text, file.empty() ? "policy.yaml" : file, [](const std::string&) {
        // Whether the holidays' file is there is for the administrator to see to.
        return base::Result<std::string>("covers: {from: 2025-01-01, to: 2025-12-31}\nholidays: {}\n");
      });
  if (!loaded.value) {  // an id that is none
    say(setting.err, loaded.complaints, "error");
    return unreadable;
  }
  if (file.empty()) {
    setting.out << text;
    return good;
  }
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    setting.err << file << ": exists already\n";
    return unreadable;
  }
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (out) return good;
  setting.err << file << ": cannot be written\n";
  return unreadable;
}

}  // namespace madoguchi::policy_tools
