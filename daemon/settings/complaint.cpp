#include "settings/complaint.hpp"

namespace madoguchi::settings {

std::string to_text(const Complaint& complaint) {
  std::string text = complaint.file + ":" + std::to_string(complaint.at.line) + ":" +
                     std::to_string(complaint.at.column) + ": ";
  if (!complaint.key.empty()) text += complaint.key + ": ";
  return text + complaint.message;
}

}  // namespace madoguchi::settings
