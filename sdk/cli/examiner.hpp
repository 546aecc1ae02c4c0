// `madoguchid --examine`, which looks at a counter's files and surroundings part by part: what it finds is
// told as it comes, and a part that hangs is named and left behind.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "context.hpp"

namespace madoguchi::cli {

// Takes each finding, as doctor::to_json() writes it, the moment it is known.
using TellFinding = std::function<void(const boost::json::object&)>;

// Findings as doctor::to_json() writes them, those that matter most first.
struct Examined {
  boost::json::array findings{};
  bool interrupted = false;
  bool as_service = false;  // with the service's rights, which root has too
};

// `brisk`: whoever asks stands before it, so that each part has some seconds and all of them less than a
// minute. `thorough`: a large store on an old disk may take its minutes.
enum class Pace : unsigned char { brisk, thorough };

// No parts: all. `tell` may be empty.
Examined examine_parts(const Context& context, const std::string& config,
                       const std::vector<std::string>& parts, Pace pace, const TellFinding& tell = {});

// What the examiner says line by line.
struct ExaminerLines {
  void read(const std::string& line);

  boost::json::array findings{};
  std::string last_part{};  // that was begun
  bool as_service = false;
  std::vector<std::string> silent{};  // parts that were begun, and of which nothing was said
  bool garbled = false;               // the part that was begun last has said something illegible
};

// 0: it matters most.
int gravity(const boost::json::value& finding);
void sort_by_gravity(boost::json::array& findings);

}  // namespace madoguchi::cli
